"""How the device is, in words; and the watchdog that restarts an agent that hangs.

Protocol: sd_notify(3). systemd passes a datagram socket in NOTIFY_SOCKET and, where the unit sets
WatchdogSec, the microseconds after which it counts the agent as hung in WATCHDOG_USEC.
"""

import socket
from collections import Counter
from collections.abc import Callable, Mapping

from label_templates.contract.twin import Reported
from label_templates.contract.wire import Document


class Watchdog:
    """Tells systemd that the agent is ready, alive or about to end; silent without systemd."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.interval_s = int(environment.get("WATCHDOG_USEC", "0")) / 2e6 or None
        """How often it must hear that the agent lives: twice as often as it looks."""

    def ready(self) -> None:
        """Say that the agent has started."""
        self._tell("READY=1")

    def alive(self, words: Callable[[], str]) -> None:
        """Say that the agent's loop still turns, and what it has to tell."""
        if self._address:
            self._tell(f"WATCHDOG=1\nSTATUS={words()}")

    def stopping(self) -> None:
        """Say that the agent ends because it was told to."""
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to_systemd:
            to_systemd.sendto(words.encode(), address)


def sentence(reported: Reported, *, connected: bool) -> str:
    """Say in one line how the shelf is."""
    counts = Counter(ack.state for ack in reported.tiles.values())
    tiles = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no tiles"
    seal = f"seal {reported.seal.epoch}.{reported.seal.rev}"
    return f"{'connected' if connected else 'offline'}, {seal}, {tiles}"


def status(reported: Reported, *, connected: bool) -> Document:
    """Say how the shelf is, as a direct method answers it."""
    counts = Counter(ack.state for ack in reported.tiles.values())
    failed = {
        position: ack.why for position, ack in reported.tiles.items() if ack.state == "failed"
    }
    return {
        "version": reported.agent.version,
        "connected": connected,
        "seal": {"epoch": reported.seal.epoch, "rev": reported.seal.rev},
        "refused": reported.seal.refused,
        "stale": reported.health.stale,
        "tiles": dict(counts),
        "failed": failed,
    }
