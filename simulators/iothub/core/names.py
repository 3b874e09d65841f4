"""Names in their order, so that lists and queries go on where a page ended."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator


class SortedNames:
    """Distinct names, sorted."""

    def __init__(self) -> None:
        """Start with none."""
        self._names: list[str] = []

    def __len__(self) -> int:
        """Count them."""
        return len(self._names)

    def add(self, name: str) -> None:
        """Take in a name that is not there yet."""
        insort(self._names, name)

    def discard(self, name: str) -> None:
        """Take out a name that is there."""
        del self._names[bisect_left(self._names, name)]

    def after(self, name: str) -> Iterator[str]:
        """Walk the names behind this one, as they are now."""
        return iter(self._names[bisect_right(self._names, name) :])

    def starting(self, prefix: str) -> tuple[str, ...]:
        """Give the names that begin so; the prefix ends in a plain character such as a slash."""
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return tuple(self._names[bisect_left(self._names, prefix) : bisect_left(self._names, end)])
