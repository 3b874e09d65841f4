"""A hub on an address that no other hub of this machine has: for tests that run side by side.

The device SDKs can use no port but 8883, the service SDK none but 5671 for its messages, so hubs
side by side (workers of xdist, another run of the tests) take an address each. 127.0.0.1 is left
to what starts everything.
"""

import socket
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub

ADDRESSES: Final = tuple(f"127.0.0.{last}" for last in range(2, 32))
RESERVED: Final = 8882
"""Who has this port of an address has the address, also while a restarting hub has closed its own.

It is bound and never listened on.
"""
EVERY_PORT: Final = {"rest_port": 0, "amqps_port": 5671, "amqp_port": 0}
"""All that a hub can speak, with free ports where clients take any."""


class NeighbourHub(BackgroundHub):
    """A running hub whose address is nobody else's until it ends."""

    def __init__(self, hub: SimulatedHub, reservation: socket.socket) -> None:
        """Take a hub that is not started yet, and what reserves its address."""
        super().__init__(hub)
        self._reservation = reservation

    @override
    def __exit__(self, *_: object) -> None:
        """Stop, and give the address back."""
        super().__exit__()
        self._reservation.close()


def start_beside_others(folder: Path, **options: Any) -> NeighbourHub:
    """Start a hub on the first address that is free; the options are SimulatedHub's.

    Raises HubStartError where none is.
    """
    for address in ADDRESSES:
        if (reservation := reserved(address)) is None:
            continue
        hub = SimulatedHub(folder, host=address, **{**EVERY_PORT, **options})
        running = NeighbourHub(hub, reservation)
        try:
            running.__enter__()
        except HubStartError as error:
            reservation.close()
            if "already taken" not in str(error):
                raise
        else:
            return running
    raise HubStartError(
        f"Ports 8883 and 5671 are taken on every address from {ADDRESSES[0]} to {ADDRESSES[-1]}."
    )


def reserved(address: str) -> socket.socket | None:
    """Reserve an address until the socket is closed; None where somebody has it."""
    reservation = socket.socket()
    try:
        reservation.bind((address, RESERVED))
    except OSError:
        reservation.close()
        return None
    return reservation
