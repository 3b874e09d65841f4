"""Text: words that are wrapped and fitted."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from typing_extensions import override

from label_templates.layout.errors import FontError, GlyphError
from label_templates.layout.fitting import Fitted, Style, fit
from label_templates.layout.node import Fill, Node, Run, Sheet

Words = tuple[str | int, ...]
"""Literal pieces, and the numbers of the seats whose values stand between them."""

Side = Literal["start", "center", "end"]
_BLANKS = str.maketrans(dict.fromkeys("\t\n\r\v\f\u2028\u2029\u3000", " "))


def words_text(words: Words, values: list[Any]) -> str:
    """Put words together as they are printed: composed letters, single blanks."""
    return tidy(raw_text(words, values))


def raw_text(words: Words, values: list[Any]) -> str:
    """Put words together as they come."""
    if len(words) == 1:
        part = words[0]
        return part if isinstance(part, str) else str(values[part])
    return "".join([part if isinstance(part, str) else str(values[part]) for part in words])


def seats_of(words: Words) -> frozenset[int]:
    """Return the seats whose values stand in some words."""
    return frozenset(part for part in words if isinstance(part, int))


def tidy(text: str) -> str:
    """Compose letters (NFC) and leave single blanks; no-break spaces stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(filter(None, text.translate(_BLANKS).split(" ")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """Words in one font, wrapped and fitted."""

    words: Words
    style: Style
    ink: int
    align: Side = "start"
    valign: Side = "start"
    strike: bool = False

    @property
    @override
    def seats(self) -> frozenset[int]:
        return seats_of(self.words)

    @property
    @override
    def elastic(self) -> bool:
        return self.style.lines > 1 or self.style.smallest < self.style.largest

    @property
    @override
    def constant(self) -> bool:
        return not self.elastic and not self.style.ellipsis

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        fitted = self._fitted(sheet, width, height, asking=self.grow > 0)
        if not self.grow:
            sheet.asked[id(self)] = fitted
        return fitted.width, fitted.height

    @override
    def tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        fitted = self._fitted(sheet, width, height, asking=True)
        return fitted.width, fitted.height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        asked: Fitted | None = sheet.asked.get(id(self))
        fitted = asked if asked is not None else self._fitted(sheet, width, height)
        font, size, lines, step, base = fitted[:5]
        y += base + side_offset(self.valign, height - fitted.height)
        for line, wide in lines:
            left = x + across(sheet, self.align, width - wide)
            sheet.marks.append(Run(left, y, line, font, size, self.ink))
            if self.strike:
                sheet.marks.append(self._stroke(sheet, left, y, fitted))
            y += step

    def _stroke(self, sheet: Sheet, x: int, y: int, fitted: Fitted) -> Fill:
        """Return the line that strikes a line of text through."""
        caps = sheet.faces.face(fitted.font, fitted.size).caps
        thickness = max(fitted.size // 11, 1)
        return Fill(x, y - (caps + thickness) // 2, fitted.width, thickness, self.ink, 0)

    def _fitted(self, sheet: Sheet, width: int, height: int, asking: bool = False) -> Fitted:
        """Fit the text; a growing one asks for its smallest size and later fills what it gets."""
        text = raw_text(self.words, sheet.values)
        key = (text, self.style, width, height, asking)
        found: Fitted | None = sheet.fits.get(key)
        if found is not None:
            return found
        style = self.style._replace(largest=self.style.smallest) if asking else self.style
        try:
            fresh = fit(tidy(text), style, sheet.faces, width, height)
        except (FontError, GlyphError) as error:
            raise self.too_small(str(error)) from error
        if fresh is None:
            raise self.too_small(
                f'"{tidy(text)}" does not fit {width} x {height} px at size {style.smallest}'
            )
        sheet.fits.put(key, fresh, 500 + 4 * len(text))
        return fresh


def side_offset(side: Side, room: int) -> int:
    """Return where something starts that stands at a side of a room."""
    if side == "end":
        return room
    return room // 2 if side == "center" else 0


def facing(sheet: Sheet, side: Side) -> Side:
    """Return a side as seen from the left: where the store reads so, `start` is the right one."""
    if not sheet.rtl or side == "center":
        return side
    return "end" if side == "start" else "start"


def across(sheet: Sheet, side: Side, room: int) -> int:
    """Return where from the left something starts that stands at a side of a room."""
    return side_offset(facing(sheet, side), room)
