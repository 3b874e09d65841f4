"""Time enters here: deciding code is told what time it is and never looks itself."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Return the instant, UTC seconds."""
        ...


class SystemClock:
    """The machine's clock, the only reader of the time in the cloud service."""

    def now(self) -> int:
        """Return the instant, UTC seconds."""
        return int(time.time())  # noqa: TID251 - the process edge where time enters


class FixedClock:
    """A clock that stands still until it is moved: for trials of what happens later."""

    def __init__(self, instant: int) -> None:
        self.instant = instant

    def now(self) -> int:
        """Return the instant it was set to."""
        return self.instant
