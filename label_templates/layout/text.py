"""Text and prices: the nodes that are fitted."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from typing_extensions import override

from label_templates.layout.errors import GlyphError, MarkupError
from label_templates.layout.fitting import Fitted, Style, fit, line_height
from label_templates.layout.formats import Money
from label_templates.layout.node import Face, Faces, Fill, Node, Run, Sheet

Words = tuple[str | int, ...]
"""Literal pieces, and the numbers of the seats whose values stand between them."""

Side = Literal["start", "center", "end"]
_BLANKS = str.maketrans(dict.fromkeys("\t\n\r\v\f\u2028\u2029", " "))


def words_text(words: Words, values: list[Any]) -> str:
    """Put words together as they are printed: composed letters, single blanks."""
    text = "".join([part if isinstance(part, str) else str(values[part]) for part in words])
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
    def elastic(self) -> bool:
        return self.style.lines > 1 or self.style.smallest < self.style.largest

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        text = words_text(self.words, sheet.values)
        if not text:
            return 0, 0
        fitted = self._fitted(sheet, text, width, height, asking=self.grow > 0)
        return max(fitted.widths), fitted.height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        text = words_text(self.words, sheet.values)
        if not text:
            return
        fitted = self._fitted(sheet, text, width, height)
        face = sheet.faces.face(self.style.font, fitted.size)
        y += side_offset(self.valign, height - fitted.height)
        y += face.caps if self.style.caps else face.ascent
        step = line_height(face, self.style.caps) + face.leading
        for line, wide in zip(fitted.lines, fitted.widths, strict=True):
            left = x + side_offset(self.align, width - wide)
            run = Run(left, y, line, self.style.font, fitted.size, self.ink)
            sheet.marks.append(run)
            if self.strike:
                sheet.marks.append(_stroke(run, wide, face.caps))
            y += step

    def _fitted(
        self, sheet: Sheet, text: str, width: int, height: int, asking: bool = False
    ) -> Fitted:
        """Fit the text; a growing one asks for its smallest size and later fills what it gets."""
        style = self.style
        if asking:
            style = style._replace(largest=style.smallest)
        key = (text, style, width, height)
        found: Fitted | None = sheet.fits.get(key)
        if found is not None:
            return found
        try:
            fresh = fit(text, style, sheet.faces, width, height)
        except GlyphError as error:
            raise self.too_small(str(error)) from error
        if fresh is None:
            raise self.too_small(
                f"{text!r} does not fit {width} x {height} px at size {style.smallest}"
            )
        sheet.fits.put(key, fresh, 400 + 4 * len(text))
        return fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Node):
    """An amount, set large: raised decimals, the currency and a measure under them.

    A symbol that the locale writes first stands raised before the digits; a longer code (`KWD`)
    and one that is written last stand under the decimals.
    """

    seat: int
    font: str
    smallest: int
    largest: int
    ink: int
    per: Words = ()
    align: Side = "end"
    valign: Side = "end"

    @property
    @override
    def elastic(self) -> bool:
        return self.smallest < self.largest

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        setting = self._fitted(sheet, width, height, asking=self.grow > 0)
        return setting.width, setting.height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        setting = self._fitted(sheet, width, height)
        x += side_offset(self.align, width - setting.width)
        y += side_offset(self.valign, height - setting.height)
        for left, down, text, size in setting.pieces:
            sheet.marks.append(Run(x + left, y + down, text, self.font, size, self.ink))

    def _fitted(self, sheet: Sheet, width: int, height: int, asking: bool = False) -> "_Setting":
        money = sheet.values[self.seat]
        if not isinstance(money, Money):
            raise MarkupError("a price shows an amount: {{ price | money }}", self.place)
        per = words_text(self.per, sheet.values)
        largest = self.smallest if asking else self.largest
        key = (money.text, per, self.font, self.smallest, largest, width, height)
        found: _Setting | None = sheet.fits.get(key)
        if found is not None:
            return found
        setting = self._fit(sheet.faces, money, per, (largest, width, height))
        sheet.fits.put(key, setting, 900)
        return setting

    def _fit(
        self, faces: Faces, money: Money, per: str, limits: tuple[int, int, int]
    ) -> "_Setting":
        """Set the price as large as it fits; limits are the largest size, width and height."""
        largest, width, height = limits
        rack = _Rack(faces, self.font)
        try:
            for size in range(largest, self.smallest - 1, -1):
                if rack.face(size).caps <= height:
                    setting = _set(rack, size, money, per)
                    if setting.width <= width and setting.height <= height:
                        return setting
        except GlyphError as error:
            raise self.too_small(str(error)) from error
        raise self.too_small(
            f"{money.text} does not fit {width} x {height} px at size {self.smallest}"
        )


@dataclass(frozen=True, slots=True)
class _Setting:
    """A price set at one size: pieces are (x, baseline, text, size) from the top left."""

    width: int
    height: int
    pieces: tuple[tuple[int, int, str, int], ...]


@dataclass(frozen=True, slots=True)
class _Rack:
    """One font in all its sizes."""

    faces: Faces
    font: str

    def face(self, size: int) -> Face:
        return self.faces.face(self.font, size)

    def length(self, size: int, text: str) -> int:
        return sum(map(self.face(size).advances.__getitem__, text))


def _set(rack: _Rack, size: int, money: Money, per: str) -> _Setting:
    raised, under = max(size // 2, 9), max(size * 3 // 10, 9)
    gap = max(size // 20, 1)
    face = rack.face(size)
    base = face.overshoot + face.caps
    top = face.overshoot + rack.face(raised).caps
    before = money.symbol if money.symbol_first and len(money.symbol) <= 2 else ""
    below = per if before else money.symbol + per
    pieces, x = [], 0
    if before:
        pieces.append((0, top, before, raised))
        x = rack.length(raised, before) + gap
    pieces.append((x, base, money.whole, size))
    x += rack.length(size, money.whole)
    beside = 0
    for baseline, text, small in ((top, money.decimals, raised), (base, below, under)):
        if text:
            pieces.append((x + gap, baseline, text, small))
            beside = max(beside, gap + rack.length(small, text))
    return _Setting(x + beside, base + _tail(rack, size, money, per), tuple(pieces))


def _tail(rack: _Rack, size: int, money: Money, per: str) -> int:
    """Return how deep a price reaches below its baseline."""
    face = rack.face(size)
    tail = face.tail if "," in money.whole else face.overshoot
    return max(tail, rack.face(max(size * 3 // 10, 9)).descent) if per else tail


def side_offset(side: Side, room: int) -> int:
    """Return where something starts that stands at a side of a room."""
    if side == "end":
        return room
    return room // 2 if side == "center" else 0


def _stroke(run: Run, width: int, caps: int) -> Fill:
    """Return the line that strikes a run through."""
    thickness = max(run.size // 11, 1)
    return Fill(run.x, run.y - (caps + thickness) // 2, width, thickness, run.ink, 0)
