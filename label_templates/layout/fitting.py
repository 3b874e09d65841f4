"""Wrapping a text into a box at the largest size of a range that fits."""

from collections.abc import Mapping
from typing import NamedTuple

from label_templates.layout.node import Face, Faces

ELLIPSIS = "…"
_LEAPT = 24
"""Sizes from here on are not tried one by one."""
_JOINTS = "-/+,.;:&)"


class Style(NamedTuple):
    """How a text may be set: sizes in pixels, from the smallest to the largest."""

    font: str
    smallest: int
    largest: int
    lines: int
    ellipsis: bool
    caps: bool
    """Its box is as high as its capitals; otherwise accents and descenders count."""


class Fitted(NamedTuple):
    """A text set at a size, line by line, with each line's width."""

    font: str
    size: int
    lines: tuple[tuple[str, int], ...]
    step: int
    """From one baseline to the next."""
    base: int
    """From the top to the first baseline."""
    width: int
    height: int


def fit(text: str, style: Style, faces: Faces, width: int, height: int) -> Fitted | None:
    """Set a text as large as its style allows within a box; None where even the smallest is not.

    An empty text takes no room. Words are broken only at the smallest size, first after a joint
    such as a hyphen.
    """
    if not text:
        return Fitted(style.font, style.smallest, (), 0, 0, 0, 0)
    words = text.split(" ")
    size = style.largest
    while size >= style.smallest:
        face = faces.face(style.font, size)
        rows = min(style.lines, _rows(face, style, height))
        needed = _length(text, face.advances) - (rows - 1) * face.advances[" "]
        if rows >= 1 and needed <= rows * width:
            lines = _wrap(words, face.advances, width, rows)
            if lines is not None:
                return _fitted(size, lines, face, style)
        size = min(size - 1, _guess(size, needed, style.lines * width))
    return _at_smallest(words, style, faces, width, height)


def _guess(size: int, needed: int, room: int) -> int:
    """Return the size to try next: large ones are leapt over where all lines would not hold them.

    Widths grow with the size, but for hinting, which a twentieth and two pixels allow for.
    """
    return size if size < _LEAPT or needed <= 0 else size * room * 21 // (needed * 20) + 2


def _at_smallest(
    words: list[str], style: Style, faces: Faces, width: int, height: int
) -> Fitted | None:
    face = faces.face(style.font, style.smallest)
    rows = min(style.lines, _rows(face, style, height))
    if rows < 1:
        return None
    if rows > 1:
        words = [part for word in words for part in _parts(word, face.advances, width)]
        lines = _wrap(words, face.advances, width, rows)
        if lines is not None:
            return _fitted(style.smallest, lines, face, style)
    if not style.ellipsis:
        return None
    lines = _cut(words, face.advances, width, rows)
    return _fitted(style.smallest, lines, face, style) if lines else None


def _line_height(face: Face, caps: bool) -> int:
    """Return the height of one line's box."""
    return face.caps if caps else face.ascent + face.descent


def _rows(face: Face, style: Style, height: int) -> int:
    one = _line_height(face, style.caps)
    return (height + face.leading) // (one + face.leading)


def _fitted(size: int, lines: list[str], face: Face, style: Style) -> Fitted:
    placed = tuple((line, _length(line, face.advances)) for line in lines)
    step = _line_height(face, style.caps) + face.leading
    base = face.caps if style.caps else face.ascent
    width = max(wide for _, wide in placed)
    height = len(lines) * step - face.leading
    return Fitted(style.font, size, placed, step, base, width, height)


def _length(text: str, advances: Mapping[str, int]) -> int:
    return sum(map(advances.__getitem__, text))


def _wrap(words: list[str], advances: Mapping[str, int], width: int, rows: int) -> list[str] | None:
    """Fill lines word by word; None where a word is too wide or the lines are too few."""
    space = advances[" "]
    lines: list[str] = []
    line, used = "", 0
    for word in words:
        wide = _length(word, advances)
        if line and used + space + wide <= width:
            line, used = f"{line} {word}", used + space + wide
            continue
        if wide > width or len(lines) == rows:
            return None
        if line:
            lines.append(line)
        line, used = word, wide
    lines.append(line)
    return lines if len(lines) <= rows else None


def _parts(word: str, advances: Mapping[str, int], width: int) -> list[str]:
    """Break a word that is wider than a line, after a joint where there is one."""
    parts = []
    while _length(word, advances) > width and len(word) > 1:
        end = _whole(word, advances, width)
        joint = max((word.rfind(mark, 1, end) for mark in _JOINTS), default=-1)
        end = joint + 1 if joint > 0 else end
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word]


def _whole(text: str, advances: Mapping[str, int], width: int) -> int:
    """Return how many letters fit a width, at least one."""
    used = 0
    for count, letter in enumerate(text):
        used += advances[letter]
        if used > width:
            return max(count, 1)
    return len(text)


def _cut(words: list[str], advances: Mapping[str, int], width: int, rows: int) -> list[str]:
    """Fill all lines and end the last with an ellipsis; empty where not even that fits."""
    dots = advances[ELLIPSIS]
    lines: list[str] = []
    rest = words
    for _ in range(rows - 1):
        count = _count(rest, advances, width)
        if not count or count == len(rest):
            break
        lines.append(" ".join(rest[:count]))
        rest = rest[count:]
    if dots > width:
        return []
    last = " ".join(rest)
    if _length(last, advances) > width:
        last = last[: _whole(last, advances, width - dots)].rstrip(" ,.-/") + ELLIPSIS
    return [*lines, last] if _length(last, advances) <= width else []


def _count(words: list[str], advances: Mapping[str, int], width: int) -> int:
    used = -advances[" "]
    for count, word in enumerate(words):
        used += advances[" "] + _length(word, advances)
        if used > width:
            return count
    return len(words)
