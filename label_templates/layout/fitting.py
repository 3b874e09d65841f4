"""Wrapping a text into a box at the largest size of a range that fits."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from label_templates.layout.breaking import Word, joined, letter_ends, may_begin, words
from label_templates.layout.direction import FIRST_RIGHT_TO_LEFT, directed, direction
from label_templates.layout.node import Face, Faces

ELLIPSIS = "…"
_ROUGHLY = 8
"""Pixels by which lines may be wider than they need be."""
_LEAPT = 24
"""Sizes from here on are not tried one by one."""
_JOINTS = "-/+,.;:&)"
_TRAILING = " ,.-/、。・"
"""What does not stand before an ellipsis."""


class Style(NamedTuple):
    """How a text may be set: sizes in pixels, from the smallest to the largest."""

    font: str
    smallest: int
    largest: int
    lines: int
    ellipsis: bool
    caps: bool
    """Its box is as high as its capitals; otherwise accents and descenders count."""
    short: bool = False
    """Rather a line less than letters larger by a seventh, and lines of one length."""
    middle: bool = False
    """A cut leaves the last words, where names have what tells them apart."""


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
    found = _largest(text, style, faces, width, height)
    if style.short and found is not None and len(found.lines) > 1:
        return _balanced(text, style, faces, _shorter(text, style, faces, width, found))
    return found


def _balanced(text: str, style: Style, faces: Faces, found: Fitted) -> Fitted:
    """Return the same words in as many lines that are as narrow as they can be.

    What was cut, or broken within a word, stays as it is.
    """
    face, parts, rows = faces.face(style.font, found.size), words(text), len(found.lines)
    low, high = found.width // rows, found.width
    best = None
    while high - low > _ROUGHLY:
        middle = (low + high) // 2
        lines = _wrap(parts, face, middle, rows)
        if lines is None:
            low = middle
        else:
            best, high = lines, middle
    return _fitted(text, found.size, best, face, style) if best else found


def _shorter(text: str, style: Style, faces: Faces, width: int, found: Fitted) -> Fitted:
    """Return a setting in fewer lines that is at most an eighth smaller, or the one that was found.

    Only whole words count: what would have to be broken stays on its lines.
    """
    least = max(style.smallest, -(-found.size * 7 // 8))
    rows = len(found.lines) - 1
    for size in range(found.size, least - 1, -1):
        face = faces.face(style.font, size)
        if face.length(text) - (rows - 1) * face.length(" ") <= rows * width:
            lines = _wrap(words(text), face, width, rows)
            if lines is not None:
                return _fitted(text, size, lines, face, style)
    return found


def _largest(text: str, style: Style, faces: Faces, width: int, height: int) -> Fitted | None:
    if not text:
        return Fitted(style.font, style.smallest, (), 0, 0, 0, 0)
    parts = words(text)
    size = style.largest
    while size >= style.smallest:
        face = faces.face(style.font, size)
        rows = min(style.lines, _rows(face, text, style, height))
        needed = face.length(text) - (rows - 1) * face.length(" ")
        if rows >= 1 and needed <= rows * width:
            lines = _wrap(parts, face, width, rows)
            if lines is not None:
                return _fitted(text, size, lines, face, style)
        size = min(size - 1, _guess(size, needed, style.lines * width))
    return _at_smallest(text, style, faces, width, height)


def _guess(size: int, needed: int, room: int) -> int:
    """Return the size to try next: large ones are leapt over where all lines would not hold them.

    Widths grow with the size, but for hinting, which a twentieth and two pixels allow for.
    """
    return size if size < _LEAPT or needed <= 0 else size * room * 21 // (needed * 20) + 2


def _at_smallest(text: str, style: Style, faces: Faces, width: int, height: int) -> Fitted | None:
    face = faces.face(style.font, style.smallest)
    rows = min(style.lines, _rows(face, text, style, height))
    if rows < 1:
        return None
    parts = words(text)
    if rows > 1:
        parts = [part for word in parts for part in _parts(word, face, width)]
        lines = _wrap(parts, face, width, rows)
        if lines is not None:
            return _fitted(text, style.smallest, lines, face, style)
    if not style.ellipsis:
        return None
    lines = _cut(parts, face, width, rows, style.middle)
    return _fitted(text, style.smallest, lines, face, style) if lines else None


def _line_box(face: Face, text: str, caps: bool) -> tuple[int, int]:
    """Return the height of one line's box, and where in it the baseline is."""
    reach = face.reach(text)
    if caps:
        return reach.caps + reach.drop, reach.caps
    return reach.ascent + reach.descent, reach.ascent


def _rows(face: Face, text: str, style: Style, height: int) -> int:
    one, _ = _line_box(face, text, style.caps)
    return (height + face.leading) // (one + face.leading)


def _fitted(text: str, size: int, lines: list[str], face: Face, style: Style) -> Fitted:
    if max(text) >= FIRST_RIGHT_TO_LEFT:
        way = direction(text)
        lines = [directed(line, way) for line in lines]
    placed = tuple([(line, face.length(line)) for line in lines])
    one, base = _line_box(face, text, style.caps)
    step = one + face.leading
    width = max([wide for _, wide in placed])
    height = len(lines) * step - face.leading
    return Fitted(style.font, size, placed, step, base, width, height)


def _wrap(parts: list[Word], face: Face, width: int, rows: int) -> list[str] | None:
    """Fill lines word by word; None where a word is too wide or the lines are too few."""
    length = face.length
    space = length(" ")
    lines: list[str] = []
    line, used = "", 0
    for gap, word in parts:
        wide = length(word)
        between = space if gap else 0
        if line and used + between + wide <= width:
            line, used = line + gap + word, used + between + wide
            continue
        if wide > width or len(lines) == rows:
            return None
        if line:
            lines.append(line)
        line, used = word, wide
    lines.append(line)
    return lines if len(lines) <= rows else None


def _parts(part: Word, face: Face, width: int) -> list[Word]:
    """Break a word that is wider than a line, after a joint where there is one."""
    gap, word = part
    parts: list[Word] = []
    while face.length(word) > width:
        end = _whole(word, face.length, width)
        if end == len(word):
            break
        ends = [at for at in letter_ends(word) if at <= end and may_begin(word[at])]
        joints = [at for at in ends if at > 1 and word[at - 1] in _JOINTS]
        end = max(joints or ends, default=end)
        parts.append((gap, word[:end]))
        gap, word = "", word[end:]
    return [*parts, (gap, word)]


def _whole(text: str, length: Callable[[str], int], width: int) -> int:
    """Return where the letters end that fit a width, at least one."""
    ends = letter_ends(text)
    count = bisect_right(ends, width, key=lambda end: length(text[:end]))
    while count > 1 and length(text[: ends[count - 1]]) > width:
        count -= 1
    return ends[max(count, 1) - 1]


def _cut(parts: list[Word], face: Face, width: int, rows: int, middle: bool) -> list[str]:
    """Fill all lines, the last with an ellipsis at its end or in its middle; empty if too long."""
    dots = face.length(ELLIPSIS)
    lines: list[str] = []
    rest = parts
    for _ in range(rows - 1):
        count = _count(rest, face, width)
        if not count or count == len(rest):
            break
        lines.append(joined(rest[:count]))
        rest = rest[count:]
    if dots > width:
        return []
    last = joined(rest)
    if face.length(last) > width:
        tail = _tail(rest, face, width * 2 // 5) if middle else ""
        end = _whole(last, face.length, width - dots - face.length(tail))
        last = last[:end].rstrip(_TRAILING) + ELLIPSIS + tail
    return [*lines, last] if face.length(last) <= width else []


def _tail(parts: list[Word], face: Face, width: int) -> str:
    """Return the last whole words that fit a width."""
    tail = ""
    for start in range(len(parts) - 1, 0, -1):
        words_left = joined(parts[start:])
        if face.length(words_left) > width:
            break
        if parts[start][0]:
            tail = words_left
    return tail


def _count(parts: list[Word], face: Face, width: int) -> int:
    """Return how many words fit a line."""
    used, space = 0, face.length(" ")
    for count, (gap, word) in enumerate(parts):
        used += (space if gap and count else 0) + face.length(word)
        if used > width:
            return count
    return len(parts)
