"""A hub on an address that no other hub of this machine has: for tests that run side by side.

The device SDKs can use no port but 8883, the service SDK none but 5671 for its messages, so hubs
side by side (workers of xdist, another run of the tests) take an address each. 127.0.0.1 is left
to what starts everything.
"""

from pathlib import Path
from typing import Any, Final

from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub

ADDRESSES: Final = tuple(f"127.0.0.{last}" for last in range(2, 32))

EVERY_PORT: Final = {"rest_port": 0, "amqps_port": 5671, "amqp_port": 0}
"""All that a hub can speak, with free ports where clients take any."""


def start_beside_others(folder: Path, **options: Any) -> BackgroundHub:
    """Start a hub on the first address whose ports are free; the options are SimulatedHub's.

    Raises HubStartError where none is.
    """
    for address in ADDRESSES:
        running = BackgroundHub(SimulatedHub(folder, host=address, **{**EVERY_PORT, **options}))
        try:
            return running.__enter__()
        except HubStartError as error:
            if "already taken" not in str(error):
                raise
    raise HubStartError(
        f"Ports 8883 and 5671 are taken on every address from {ADDRESSES[0]} to {ADDRESSES[-1]}."
    )
