"""Virtual time, one seeded source of chance, and a digest of all that happens.

Everything in a world happens here, one thing after the other: the same seed gives the same world.
"""

import hashlib
import heapq
import random
from collections import Counter, deque
from collections.abc import Callable

START = 1_795_392_000.0
"""When worlds begin: 23 November 2026, 00:00 UTC."""
_RECENT = 40


class Clockwork:
    """The world's time and chance."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311  chance that must be repeatable
        self.now = START
        self.stormy = True
        """Faults happen; afterwards all is calm, and the world must come right."""
        self.faults: Counter[str] = Counter()
        self.recent: deque[str] = deque(maxlen=_RECENT)
        """The last things that happened, for whoever looks into a violation."""
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._digest = hashlib.blake2b(digest_size=16)

    @property
    def steps(self) -> int:
        """How many things have been put on the calendar."""
        return self._count

    @property
    def digest(self) -> str:
        """What happened, in 32 hex digits."""
        return self._digest.hexdigest()

    def later(self, after_s: float, act: Callable[[], None]) -> None:
        """Have something happen after some seconds."""
        self._count += 1
        heapq.heappush(self._due, (self.now + max(after_s, 0.0), self._count, act))

    def run(self, until: float) -> None:
        """Let time pass up to an instant."""
        while self._due and self._due[0][0] <= until:
            self.now, _, act = heapq.heappop(self._due)
            act()
        self.now = until

    def tell(self, text: str) -> None:
        """Say what happened; it becomes part of the digest."""
        line = f"{self.now - START:.3f} {text}"
        self._digest.update(line.encode() + b"\n")
        self.recent.append(line)

    def strikes(self, fault: str, probability: float) -> bool:
        """Let chance decide whether a fault happens here, and count it."""
        hit = self.stormy and self.rng.random() < probability
        if hit:
            self.faults[fault] += 1
            self.tell(f"fault: {fault}")
        return hit

    def between(self, low: float, high: float) -> float:
        """Return a random span of seconds."""
        return self.rng.uniform(low, high)
