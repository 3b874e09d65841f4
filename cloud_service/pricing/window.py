"""Windows of time, half-open: what holds from one instant on, and no longer at another.

Instants are UTC seconds. Half-open windows that follow each other leave no gap and no overlap.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span [since, until) of instants, UTC seconds; None is open."""

    since: int | None
    until: int | None

    def holds(self, instant: int) -> bool:
        """Tell whether an instant lies in the window."""
        return (self.since is None or self.since <= instant) and not self.over(instant)

    def over(self, instant: int) -> bool:
        """Tell whether the window has closed."""
        return self.until is not None and self.until <= instant

    @property
    def edges(self) -> tuple[int, ...]:
        """Return the instants at which it opens and closes, where it does."""
        return tuple(edge for edge in (self.since, self.until) if edge is not None)


ALWAYS = Window(None, None)
