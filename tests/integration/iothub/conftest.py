"""The service SDK for the hub's tests."""

from collections.abc import Iterator

import pytest
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.server.hub import SimulatedHub


@pytest.fixture(scope="session")
def registry(simulated_hub: SimulatedHub) -> Iterator[IoTHubRegistryManager]:
    """The registry manager of azure-iot-hub."""
    manager = IoTHubRegistryManager.from_connection_string(simulated_hub.connection_string)
    yield manager
    manager.protocol.close()
