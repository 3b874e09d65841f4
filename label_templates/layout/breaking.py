"""Where a line may break and a text may be cut: at blanks, between CJK letters, never in a letter.

A letter as people see it may be several characters: a base and its marks. Rules for CJK are the
basic ones (JIS X 4051 kinsoku shori; Unicode UAX #14): no closing mark, small kana or long-vowel
mark begins a line, no opening mark ends one; and a number stays with the measure that follows it.
Katakana words stay whole, and Korean breaks at blanks. Thai has no blanks: U+200B tells where a
word ends.
"""

import unicodedata
from collections.abc import Sequence

Word = tuple[str, str]
"""What parts a word from the one before on the same line, a blank or nothing, and the word."""

ZERO_WIDTH_SPACE = "\u200b"
_FIRST_MARK = "\u0300"
_FIRST_IDEOGRAPHIC = "\u2e80"
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々〻ー～）］｝〕〉》」』】〙〗〟’”»›"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    ",.:;?!)]}%‰°℃-‐–—…·/+&*\u00a0"
)
_NEVER_LAST = frozenset("（［｛〔〈《「『【〘〖〝‘“«‹([{$¥￥€£₩#\u00a0")
_JOINERS = "\u200c\u200d"
_TRAILING_VOWELS = "\u0e33\u0eb3"
"""Thai and Lao AM, which hang over the letter before (UAX #29)."""


def words(text: str) -> list[Word]:
    """Split a text where a line may break."""
    found: list[Word] = []
    foreign = max(text, default="") >= _FIRST_IDEOGRAPHIC or ZERO_WIDTH_SPACE in text
    for word in text.split(" "):
        gap = " "
        for piece in _pieces(word) if foreign else (word,):
            found.append((gap, piece))
            gap = ""
    return found


def joined(parts: Sequence[Word]) -> str:
    """Put words together on one line."""
    return "".join([gap + word for gap, word in parts])[len(parts[0][0]) :] if parts else ""


def letter_ends(text: str) -> Sequence[int]:
    """Return where each letter, as people see it, ends."""
    if max(text, default="") < _FIRST_MARK:
        return range(1, len(text) + 1)
    count = len(text)
    return [end for end in range(1, count) if not extends(text[end])] + [count] * (count > 0)


def may_begin(letter: str) -> bool:
    """Tell whether a line may begin with a letter where a word must be broken somewhere."""
    return letter < _FIRST_IDEOGRAPHIC or letter not in _NEVER_FIRST


def extends(character: str) -> bool:
    """Tell whether a character belongs to the letter before it: a mark, a joiner, a medial jamo."""
    if character < _FIRST_MARK:
        return False
    return (
        unicodedata.category(character)[0] == "M"
        or character in _JOINERS
        or character in _TRAILING_VOWELS
        or "\u1160" <= character <= "\u11ff"
    )


def _pieces(word: str) -> list[str]:
    """Split a word with CJK letters in it, or with zero-width spaces, which are dropped."""
    pieces, start = [], 0
    for part in word.split(ZERO_WIDTH_SPACE):
        start = 0
        for end in letter_ends(part)[:-1]:
            if _may_break(part[end - 1], part[end]):
                pieces.append(part[start:end])
                start = end
        pieces.append(part[start:])
    return list(filter(None, pieces)) or [""]


def _may_break(before: str, after: str) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST:
        return False
    if before.isdigit() or (_katakana(before) and _katakana(after)):
        return False
    return _ideographic(before) or _ideographic(after)


def _katakana(letter: str) -> bool:
    return "\u30a1" <= letter <= "\u30fa" or letter == "ー"


def _ideographic(letter: str) -> bool:
    """Tell whether lines may break on both sides: ideographs and kana, not Hangul."""
    return (
        "\u2e80" <= letter <= "\u312f"
        or "\u31a0" <= letter <= "\ua4cf"
        or "\uf900" <= letter <= "\ufaff"
        or "\ufe30" <= letter <= "\uff9f"
        or letter >= "\U00020000"
    )
