"""A simulated hub for tests that speak through the Azure SDKs, and a PostgreSQL for others."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub
from tests.postgresql import CARELESS, Server, programs, server

ADDRESSES = [f"127.0.0.{last}" for last in range(2, 32)]
"""The device SDKs can use no port but 8883, the service SDK none but 5671 for its messages, so hubs
that run side by side (workers of xdist, another run of the tests) take an address each. 127.0.0.1
is left to what starts everything."""


def start_hub(
    folder: Path, device_authorities: Sequence[Path] = (), rest_port: int = 0, **options: Any
) -> BackgroundHub:
    """Start a hub on the first address whose ports 8883 and 5671 (and REST port) are free."""
    for address in ADDRESSES:
        hub = SimulatedHub(
            folder,
            host=address,
            rest_port=rest_port,
            amqps_port=5671,
            amqp_port=0,
            device_authorities=device_authorities,
            **options,
        )
        running = BackgroundHub(hub)
        try:
            return running.__enter__()
        except HubStartError as error:
            if "already taken" not in str(error):
                raise
    pytest.fail("port 8883 is taken on every address from 127.0.0.2 to 127.0.0.31")


@pytest.fixture(scope="session")
def simulated_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedHub]:
    """A running hub; the environment makes the Azure SDKs trust it.

    Devices of one test must not disturb another's: name them after the test.
    """
    running = start_hub(tmp_path_factory.mktemp("hub"))
    with pytest.MonkeyPatch.context() as environment:
        for name, value in running.hub.environment.items():
            environment.setenv(name, value)
        yield running.hub
    running.__exit__()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL; each worker of xdist has one of its own."""
    if programs() is None:
        pytest.skip("PostgreSQL is not on this machine; infra/test-needs.sh brings it")
    with server(CARELESS) as running:
        yield running
