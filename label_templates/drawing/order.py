"""In which order letters stand on a line: the Unicode bidirectional algorithm (UAX #9).

Levels are python-bidi's; only putting pieces into the order of their levels (rule L2) is done here,
because pieces of a line are drawn with different fonts.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TypeVar

from label_templates.layout.direction import FIRST_RIGHT_TO_LEFT
from label_templates.layout.errors import FontError

_Piece = TypeVar("_Piece")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "FSI", "LRE", "LRO", "LRI"})
_LEVEL = re.compile(r"Level\(\s+([0-9]+),\s+\)")


def levels(text: str, rtl: bool) -> Sequence[int]:
    """Return the embedding level of each character in a line that reads left or right."""
    if not rtl and not _turns(text):
        return [0] * len(text)
    # Rust code of half a megabyte, for the shelves that need it.
    from bidi import get_display  # noqa: PLC0415

    told: str = get_display(text, base_dir="R" if rtl else "L", debug=True)
    found = [int(level) for level in _LEVEL.findall(told[told.rfind("\n    levels: [") :])]
    return _by_character(text, found)


def _turns(text: str) -> bool:
    return any(
        letter >= FIRST_RIGHT_TO_LEFT and unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT
        for letter in text
    )


def _by_character(text: str, found: Sequence[int]) -> list[int]:
    """Pick each character's level: python-bidi tells one for every byte of UTF-8."""
    picked, at = [], 0
    for letter in text:
        if at >= len(found):
            raise FontError("python-bidi tells levels in a way that is not known here")
        picked.append(found[at])
        at += len(letter.encode())
    return picked


def visual(pieces: Iterable[tuple[int, _Piece]]) -> list[_Piece]:
    """Put pieces of a line, each with its level, into the order in which they are seen."""
    ordered = list(pieces)
    odd = [level for level, _ in ordered if level % 2]
    highest = max((level for level, _ in ordered), default=0)
    for level in range(highest, min(odd, default=highest + 1) - 1, -1):
        ordered = _reversed_from(ordered, level)
    return [piece for _, piece in ordered]


def _reversed_from(ordered: list[tuple[int, _Piece]], level: int) -> list[tuple[int, _Piece]]:
    """Reverse every sequence of pieces at a level or higher."""
    result: list[tuple[int, _Piece]] = []
    start = 0
    for at, piece in enumerate(ordered):
        if piece[0] < level:
            result += [*ordered[start:at][::-1], piece]
            start = at + 1
    return result + ordered[start:][::-1]


def mirrored(letter: str) -> str:
    """Return what a character looks like in text that reads right to left: `)` for `(`."""
    if not unicodedata.mirrored(letter):
        return letter
    from bidi.mirror import MIRRORED  # noqa: PLC0415  as above

    return str(MIRRORED.get(letter, letter))
