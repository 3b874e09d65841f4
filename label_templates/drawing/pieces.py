"""A line in pieces, each of which takes its form by itself: letters, and letters that join."""

from collections.abc import Iterator
from enum import Enum, auto

from label_templates.drawing.scripts import JOINERS, is_mark, joins, unseen
from label_templates.layout.breaking import extends

BLANKS = " \u00a0"
_NO_JOINERS = str.maketrans(dict.fromkeys(JOINERS))
_MEDIAL_JAMO = ("\u1160", "\u11ff")


class Kind(Enum):
    """How a piece of a line comes to its form."""

    BLANK = auto()
    PLAIN = auto()
    """One letter that looks the same everywhere."""
    MARKED = auto()
    """One letter with marks on it."""
    JOINED = auto()
    """Arabic letters that may join."""


def split(text: str) -> Iterator[tuple[Kind, int, str]]:
    """Yield the pieces of a line as they are written, each with where it begins.

    What is never seen is left out, but for joiners between Arabic letters.
    """
    at, count = 0, len(text)
    while at < count:
        kind, end = _piece_at(text, at)
        seen = "".join([c for c in text[at:end] if c in JOINERS or not unseen(c)])
        if kind is not Kind.JOINED:
            seen = seen.translate(_NO_JOINERS)
        if seen:
            yield kind, at, seen
        at = end


def moves_pen(letter: str) -> bool:
    """Tell whether a character of a letter takes room of its own."""
    return not is_mark(letter) and not _MEDIAL_JAMO[0] <= letter <= _MEDIAL_JAMO[1]


def _piece_at(text: str, at: int) -> tuple[Kind, int]:
    """Return what kind of piece begins somewhere, and where it ends."""
    letter, end = text[at], at + 1
    if joins(letter):
        while end < len(text) and (joins(text[end]) or extends(text[end])):
            end += 1
        return Kind.JOINED, end
    if letter in BLANKS:
        return Kind.BLANK, end
    if unseen(letter):
        return Kind.PLAIN, end
    while end < len(text) and extends(text[end]):
        end += 1
    if any(extends(other) and not unseen(other) for other in text[at + 1 : end]) or extends(letter):
        return Kind.MARKED, end
    return Kind.PLAIN, end
