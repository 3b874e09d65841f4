"""How fast the hub may be asked, and when it must be left alone.

Rates are per hub and follow its tier (Microsoft Learn, "IoT Hub quotas and throttling"): S1 takes
50 twin updates and 100 twin reads a second. Seconds here are those of a clock that never jumps.
"""

import threading
from collections.abc import Callable

Steady = Callable[[], float]


class TokenBucket:
    """Lets `rate` calls a second pass, at most `burst` at once; shared by threads."""

    def __init__(self, rate: float, burst: float, steady: Steady) -> None:
        self._rate, self._burst, self._steady = rate, burst, steady
        self._tokens, self._at = burst, steady()
        self._lock = threading.Lock()

    def delay(self) -> float:
        """Take one token and return the seconds to wait before using it."""
        with self._lock:
            now = self._steady()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
            self._at = now
            self._tokens -= 1
            return max(0.0, -self._tokens / self._rate)

    def available(self) -> int:
        """Return how many calls may pass now without waiting."""
        with self._lock:
            refilled = self._tokens + (self._steady() - self._at) * self._rate
            return max(0, int(min(self._burst, refilled)))


class Pause:
    """Keeps everybody off a hub that does not answer, longer each time, until it answers."""

    def __init__(self, steady: Steady, first: float = 0.5, longest: float = 5.0) -> None:
        self._steady, self._first, self._longest = steady, first, longest
        self._times, self._until = 0, 0.0
        self._lock = threading.Lock()

    def left(self) -> float:
        """Return the seconds that are left of the pause, 0 when there is none."""
        return max(0.0, self._until - self._steady())

    def begin(self) -> bool:
        """Begin a pause, twice as long as the one before; False where one is on already."""
        with self._lock:
            if self.left() > 0.0:
                return False
            length = min(self._longest, self._first * 2**self._times)
            self._until, self._times = self._steady() + length, self._times + 1
            return True

    def end(self) -> None:
        """The hub answered."""
        with self._lock:
            self._times, self._until = 0, 0.0
