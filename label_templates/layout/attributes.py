"""The attributes that elements take: each one typed, described, and refused with what it should be.

An attribute says in one place how it is read, what it is without being written, which texts it
takes (for the schema) and what it means (for the guide).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_templates.contract.panel import Ink
from label_templates.layout.errors import MarkupError, Place

Inks = Sequence[Ink]
Sides = tuple[int, int, int, int]
"""Top, right, bottom, left."""
_NUMBER = re.compile(r"[0-9]{1,4}")
_SPAN = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. `read(text, inks)` raises ValueError with what is wrong with the text."""

    name: str
    meaning: str
    read: Callable[[str, Inks], Any]
    default: Any
    pattern: str
    """A regular expression of XML Schema for the texts it takes."""


class Written:
    """The attributes written on one node, each to be read by what its element takes."""

    def __init__(self, texts: Mapping[str, str], place: Place, inks: Inks) -> None:
        self._texts = texts
        self._inks = inks
        self.place = place

    def read(self, attributes: Sequence[Attribute]) -> dict[str, Any]:
        """Return the value of every attribute; MarkupError for a wrong or an unknown one."""
        values = {attribute.name: self._value(attribute) for attribute in attributes}
        for name in self._texts:
            if name not in values:
                raise self.wrong(f"unknown attribute {name!r}")
        return values

    def wrong(self, reason: str) -> MarkupError:
        """Return an error at this node."""
        return MarkupError(reason, self.place)

    def _value(self, attribute: Attribute) -> Any:
        text = self._texts.get(attribute.name)
        if text is None:
            return attribute.default
        try:
            return attribute.read(text, self._inks)
        except ValueError as error:
            raise self.wrong(f'{attribute.name}="{text}"{error}') from error


def number(name: str, meaning: str, default: int = 0) -> Attribute:
    """Whole pixels or counts."""

    def read(text: str, _: Inks) -> int:
        if not _NUMBER.fullmatch(text):
            raise ValueError(" is not a whole number")
        return int(text)

    return Attribute(name, meaning, read, default, "[0-9]{1,4}")


def span(name: str, meaning: str, default: tuple[int, int]) -> Attribute:
    """`14` or `12-18`: from the smallest to the largest."""

    def read(text: str, _: Inks) -> tuple[int, int]:
        match = _SPAN.fullmatch(text)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < low <= high:
            raise ValueError(" is not a size such as 14 or 12-18")
        return low, high

    return Attribute(name, meaning, read, default, "[0-9]{1,4}(-[0-9]{1,4})?")


def choice(name: str, meaning: str, *choices: str) -> Attribute:
    """One of several words; the first is the default."""

    def read(text: str, _: Inks) -> str:
        if text not in choices:
            raise ValueError(f" is not one of {', '.join(choices)}")
        return text

    return Attribute(name, meaning, read, choices[0], "|".join(choices))


def flag(name: str, meaning: str) -> Attribute:
    """`yes` or `no`; no is the default."""
    words = choice(name, meaning, "no", "yes")
    return Attribute(
        name, meaning, lambda text, inks: words.read(text, inks) == "yes", False, words.pattern
    )


def words(name: str, meaning: str) -> Attribute:
    """Any text; empty by default."""
    return Attribute(name, meaning, lambda text, _: text, "", ".*")


def ink(name: str, meaning: str) -> Attribute:
    """Inks in order of preference, `red black`: the first that the panel has; None by default."""
    one = f"({'|'.join(Ink)})"
    return Attribute(name, meaning, _first_ink, None, f"{one}( {one})*")


def _first_ink(text: str, inks: Inks) -> int:
    wanted = text.split()
    for word in wanted:
        if word not in list(Ink):
            raise ValueError(f": {word!r} is not an ink; inks are {', '.join(Ink)}")
    for word in wanted:
        if word in inks:
            return inks.index(Ink(word))
    raise ValueError(f": the panel has only {', '.join(inks)}")


def pad(name: str, meaning: str, default: Sides = (0, 0, 0, 0)) -> Attribute:
    """1, 2 or 4 numbers: all sides; vertical, horizontal; top, right, bottom, left."""
    pattern = "[0-9]{1,4}( [0-9]{1,4}){0,1}|[0-9]{1,4}( [0-9]{1,4}){3}"
    return Attribute(name, meaning, _sides, default, pattern)


def _sides(text: str, _: Inks) -> Sides:
    numbers = [int(part) for part in text.split() if _NUMBER.fullmatch(part)]
    if len(numbers) != len(text.split()) or len(numbers) not in {1, 2, 4}:
        raise ValueError(" is not 1, 2 or 4 whole numbers")
    top, right, bottom, left = (numbers * (4 // len(numbers)))[:4]
    return top, right, bottom, left
