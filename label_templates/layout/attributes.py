"""Reading a node's attributes: each one typed, none unknown, errors that say what was expected."""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from label_templates.contract.panel import Ink
from label_templates.layout.errors import MarkupError, Place

_Choice = TypeVar("_Choice", bound=str)
_NUMBER = re.compile(r"[0-9]{1,4}")
_SPAN = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")


class Attributes:
    """The attributes of one node, each to be asked for by the node that knows it."""

    def __init__(self, written: Mapping[str, str], place: Place, inks: Sequence[Ink]) -> None:
        self._left = dict(written)
        self._inks = inks
        self.place = place

    def number(self, name: str, default: int = 0) -> int:
        """Read whole pixels or counts."""
        text = self._left.pop(name, None)
        if text is None:
            return default
        if not _NUMBER.fullmatch(text):
            raise self.wrong(f'{name}="{text}" is not a whole number')
        return int(text)

    def span(self, name: str, default: str) -> tuple[int, int]:
        """Read `14` or `12-18`, from the smallest to the largest."""
        text = self._left.pop(name, default)
        match = _SPAN.fullmatch(text)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < low <= high:
            raise self.wrong(f'{name}="{text}" is not a size such as 14 or 12-18')
        return low, high

    def choice(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """Read one of several words; the first is the default."""
        text = self._left.pop(name, choices[0])
        if text not in choices:
            raise self.wrong(f'{name}="{text}" is not one of {", ".join(choices)}')
        return cast("_Choice", text)

    def flag(self, name: str) -> bool:
        """Read yes or no; no is the default."""
        return self.choice(name, ("no", "yes")) == "yes"

    def text(self, name: str) -> str:
        """Read any text; empty by default."""
        return self._left.pop(name, "")

    def ink(self, name: str) -> int | None:
        """Read inks in order of preference, `red black`: the first that the panel has, or None."""
        text = self._left.pop(name, None)
        if text is None:
            return None
        wanted = text.split()
        for word in wanted:
            if word not in list(Ink):
                raise self.wrong(f"{name}: {word!r} is not an ink; inks are {', '.join(Ink)}")
        for word in wanted:
            if word in self._inks:
                return self._inks.index(Ink(word))
        raise self.wrong(f'{name}="{text}": the panel has only {", ".join(self._inks)}')

    def pad(self, name: str) -> tuple[int, int, int, int]:
        """Read 1, 2 or 4 numbers: all sides; vertical, horizontal; top, right, bottom, left."""
        text = self._left.pop(name, "0")
        numbers = [int(part) for part in text.split() if _NUMBER.fullmatch(part)]
        if len(numbers) != len(text.split()) or len(numbers) not in {1, 2, 4}:
            raise self.wrong(f'{name}="{text}" is not 1, 2 or 4 whole numbers')
        top, right, bottom, left = (numbers * (4 // len(numbers)))[:4]
        return top, right, bottom, left

    def end(self) -> None:
        """Refuse what nobody asked for."""
        if self._left:
            raise self.wrong(f"unknown attribute {next(iter(self._left))!r}")

    def wrong(self, reason: str) -> MarkupError:
        """Return an error at this node."""
        return MarkupError(reason, self.place)
