"""The template bundles on this device, and the one that is being fetched.

A sealed state whose bundle is not here waits for it, and the shelf goes on showing what it shows.
But no price waits long: after a failure, or a while, the device says which bundle it lacks and
which it could draw with, so that the cloud seals what changes for that one. It goes on fetching.
"""

from collections.abc import Collection

from shelf_agent.machine.backoff import pause_s
from shelf_agent.machine.effects import FetchBundle
from shelf_agent.machine.values import Now

PATIENCE_S = 20.0
"""How long a state waits for its bundle before the device says that it lacks it."""
LONGEST_PAUSE_S = 900.0
"""Between two tries at a bundle that cannot be fetched."""
_NAMED = len("sha256:") + 12


class Supply:
    """Which bundles are here, which one is wanted, and how the fetching goes."""

    def __init__(self, device: str, installed: str) -> None:
        self.wanted: str | None = None
        """The bundle that must be fetched."""
        self._device, self._installed = device, installed
        self._here = {installed}
        self._why: str | None = None
        self._failures = self._losses = 0
        self._since = self._again_at = 0.0
        self._under_way = False

    def stock(self, digests: Collection[str]) -> None:
        """Take in bundles that are on the disk already."""
        self._here.update(digests)

    def has(self, digest: str) -> bool:
        """Tell whether a bundle is here."""
        return digest in self._here

    def usable(self, held: str | None) -> str:
        """Return a bundle to draw with: the one of the state held, or else the installed one."""
        return held if held in self._here else self._installed

    def want(self, digest: str, now: Now) -> None:
        """Have a bundle fetched, instead of any other."""
        if digest == self.wanted or digest in self._here:
            return
        self.wanted, self._why = digest, None
        self._failures, self._under_way = self._losses, False
        self._since = now.steady
        self._again_at = now.steady + self._pause()

    def fetch(self, held: Collection[str], now: Now) -> FetchBundle | None:
        """Begin, where that is due, to fetch what is wanted; those held are not dropped for it."""
        if self.wanted is None or self._under_way or now.steady < self._again_at:
            return None
        self._under_way = True
        return FetchBundle(self.wanted, frozenset({self._installed, self.wanted, *held}))

    def arrived(self, digest: str) -> None:
        """A bundle is here, whole."""
        self._here.add(digest)
        if digest == self.wanted:
            self.wanted, self._why, self._under_way = None, None, False

    def failed(self, digest: str, why: str, now: Now) -> bool:
        """A bundle could not be fetched; tell whether that is news."""
        if digest != self.wanted:
            return False
        news, self._why = why != self._why, why
        self._failures, self._under_way = self._failures + 1, False
        self._again_at = now.steady + self._pause()
        return news

    def lost(self, digest: str) -> None:
        """A bundle turned out to be broken; one that breaks again is fetched less soon."""
        if digest in self._here and digest != self._installed:
            self._here.discard(digest)
            self._losses += 1

    def excuse(self, now: Now) -> str | None:
        """Say why the wanted bundle is not here; None while that need not be said."""
        if self.wanted is None:
            return None
        if self._why is not None:
            return f"{_named(self.wanted)} could not be fetched: {self._why}"
        if now.steady >= self._since + PATIENCE_S:
            return f"{_named(self.wanted)} is still being fetched"
        return None

    def next_turn(self, now: Now) -> float | None:
        """Return in how many seconds there may be something to do or to say."""
        if self.wanted is None:
            return None
        turns = [] if self._under_way else [self._again_at]
        if self._why is None:
            turns.append(self._since + PATIENCE_S)
        ahead = [max(turn - now.steady, 0.0) for turn in turns if turn > now.steady]
        return min(ahead, default=None)

    def _pause(self) -> float:
        return pause_s(self._failures, f"{self._device} {self.wanted}", LONGEST_PAUSE_S)


def _named(digest: str) -> str:
    return f"the template bundle {digest[:_NAMED]}"
