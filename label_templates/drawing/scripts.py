"""Which script a character is of, and what it is to a shaper: a letter, a mark, or nothing to see.

Ranges are those of the Unicode blocks and, for what is never seen, of Default_Ignorable_Code_Point.
"""

import unicodedata
from bisect import bisect_right
from enum import StrEnum


class Script(StrEnum):
    """The scripts that have fonts of their own."""

    COMMON = "common"
    """Latin, Greek, Cyrillic, digits, punctuation and symbols."""
    HEBREW = "hebrew"
    ARABIC = "arabic"
    THAI = "thai"
    CJK = "cjk"


NAMES = {
    Script.COMMON: "a symbol",
    Script.HEBREW: "Hebrew",
    Script.ARABIC: "Arabic",
    Script.THAI: "Thai",
    Script.CJK: "Chinese, Japanese or Korean",
}

_BLOCKS = (
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x0870, 0x08FF, Script.ARABIC),
    (0x0E00, 0x0E7F, Script.THAI),
    (0x1100, 0x11FF, Script.CJK),
    (0x2E80, 0xA4CF, Script.CJK),
    (0xA960, 0xA97F, Script.CJK),
    (0xAC00, 0xD7FF, Script.CJK),
    (0xF900, 0xFAFF, Script.CJK),
    (0xFB1D, 0xFB4F, Script.HEBREW),
    (0xFB50, 0xFDFF, Script.ARABIC),
    (0xFE30, 0xFE4F, Script.CJK),
    (0xFE70, 0xFEFE, Script.ARABIC),
    (0xFF00, 0xFFEF, Script.CJK),
    (0x1F200, 0x1F2FF, Script.CJK),
    (0x20000, 0x3FFFF, Script.CJK),
)
_FIRSTS = [first for first, _, _ in _BLOCKS]
_UNSEEN = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0000, 0xE0FFF),
)
_LOCAL = (
    (0x2E80, 0x2FDF),
    (0x3001, 0x312F),
    (0x31A0, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFF60),
    (0x20000, 0x3FFFF),
)
JOINERS = "\u200c\u200d"


def script_of(letter: str) -> Script:
    """Return the script whose font has a character that a font's own cut lacks."""
    code = ord(letter)
    at = bisect_right(_FIRSTS, code) - 1
    if at >= 0:
        _, last, script = _BLOCKS[at]
        if code <= last:
            return script
    return Script.COMMON


def unseen(letter: str) -> bool:
    """Tell whether a character is never seen: a direction mark, a joiner, a variation selector."""
    return _within(ord(letter), _UNSEEN)


def is_mark(letter: str) -> bool:
    """Tell whether a character stands on the letter before it."""
    return unicodedata.category(letter)[0] == "M"


def joins(letter: str) -> bool:
    """Tell whether a character's form may depend on its neighbours: an Arabic letter."""
    return unicodedata.category(letter)[0] == "L" and script_of(letter) is Script.ARABIC


def is_local(letter: str) -> bool:
    """Tell whether a character's form depends on the language: ideographs and what is with them.

    All of them are as wide as the font is large.
    """
    return _within(ord(letter), _LOCAL)


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)
