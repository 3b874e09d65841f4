"""A shop for each test."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.server.hub import SimulatedHub
from tests.integration.agent.shop import Shop


@pytest.fixture
def shop(
    simulated_hub: SimulatedHub, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Shop]:
    """A shelf named after the test."""
    registry = IoTHubRegistryManager.from_connection_string(simulated_hub.connection_string)
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name)[:64].strip("-")
    folder = tmp_path / name
    folder.mkdir()
    yield Shop(simulated_hub, registry, folder)
    registry.protocol.close()
