"""Which way a shelf reads, and which way a text does.

A text reads the way of its first strong letter (Unicode UAX #9, rules P2 and P3), so that a foreign
name stays whole on any shelf; a shelf reads the way of its store's locale.
"""

import unicodedata
from typing import NamedTuple

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
"""Marks without width that make a line read the way of its paragraph."""
FIRST_RIGHT_TO_LEFT = "\u0590"
_STRONG = {"L": LEFT_TO_RIGHT, "R": RIGHT_TO_LEFT, "AL": RIGHT_TO_LEFT}
_SURELY_LEFT_TO_RIGHT = "\u0370"


class Reading(NamedTuple):
    """How a store's shelf reads, as far as that decides how letters are laid out and drawn."""

    rtl: bool = False
    """Right to left: rows begin at the right, and so does a text that has no letters."""
    han: str = ""
    """Whose ideographs are drawn: ja, ko, zh-Hans or zh-Hant; empty: the font's own."""


LATIN = Reading()


def direction(text: str) -> str:
    """Return the mark of a text's direction; empty where no letter tells it, as in a number."""
    for letter in text:
        if letter.isalpha() and letter < _SURELY_LEFT_TO_RIGHT:
            return LEFT_TO_RIGHT
        found = _STRONG.get(unicodedata.bidirectional(letter))
        if found is not None:
            return found
    return ""


def directed(line: str, of_paragraph: str) -> str:
    """Return a line that reads the way of its paragraph, by a mark before it where that needs it.

    A line that begins with a foreign word would otherwise turn around.
    """
    return line if direction(line) == of_paragraph else of_paragraph + line
