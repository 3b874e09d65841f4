"""A simulated hub for every test that speaks through the Azure SDKs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub

ADDRESSES = [f"127.0.0.{last}" for last in range(2, 32)]
"""The device SDKs can use no port but 8883, so hubs that run side by side (workers of xdist,
another run of the tests) take an address each. 127.0.0.1 is left to what starts everything."""


def start_hub(folder: Path) -> BackgroundHub:
    """Start a hub on the first address whose port 8883 is free."""
    for address in ADDRESSES:
        running = BackgroundHub(SimulatedHub(folder, host=address, rest_port=0))
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
