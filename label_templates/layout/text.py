"""Text and prices: the nodes that are fitted."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from typing_extensions import override

from label_templates.layout.errors import GlyphError, MarkupError
from label_templates.layout.fitting import Fitted, Style, fit
from label_templates.layout.formats import Money
from label_templates.layout.node import Face, Faces, Fill, Node, Run, Sheet

Words = tuple[str | int, ...]
"""Literal pieces, and the numbers of the seats whose values stand between them."""

Side = Literal["start", "center", "end"]
_BLANKS = str.maketrans(dict.fromkeys("\t\n\r\v\f\u2028\u2029", " "))


def words_text(words: Words, values: list[Any]) -> str:
    """Put words together as they are printed: composed letters, single blanks."""
    return tidy(raw_text(words, values))


def raw_text(words: Words, values: list[Any]) -> str:
    """Put words together as they come."""
    if len(words) == 1:
        part = words[0]
        return part if isinstance(part, str) else str(values[part])
    return "".join([part if isinstance(part, str) else str(values[part]) for part in words])


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
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        asked: Fitted | None = sheet.asked.get(id(self))
        fitted = asked if asked is not None else self._fitted(sheet, width, height)
        font, size, lines, step, base = fitted[:5]
        y += base + side_offset(self.valign, height - fitted.height)
        for line, wide in lines:
            left = x + side_offset(self.align, width - wide)
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
        except GlyphError as error:
            raise self.too_small(str(error)) from error
        if fresh is None:
            raise self.too_small(
                f'"{tidy(text)}" does not fit {width} x {height} px at size {style.smallest}'
            )
        sheet.fits.put(key, fresh, 500 + 4 * len(text))
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
        if not self.grow:
            sheet.asked[id(self)] = setting
        return setting.width, setting.height

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        asked: _Setting | None = sheet.asked.get(id(self))
        setting = asked if asked is not None else self._fitted(sheet, width, height)
        x += side_offset(self.align, width - setting.width)
        y += side_offset(self.valign, height - setting.height)
        for left, down, text, size in setting.pieces:
            sheet.marks.append(Run(x + left, y + down, text, self.font, size, self.ink))

    def _fitted(self, sheet: Sheet, width: int, height: int, asking: bool = False) -> "_Setting":
        money = sheet.values[self.seat]
        if not isinstance(money, Money):
            raise MarkupError("a price shows an amount: {{ price | money }}", self.place)
        per = words_text(self.per, sheet.values) if self.per else ""
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
            size = largest
            while size >= self.smallest:
                setting = _set(rack, size, money, per)
                if setting.width <= width and setting.height <= height:
                    return setting
                size = min(size - 1, _guess(size, setting, width, height))
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


def _guess(size: int, setting: _Setting, width: int, height: int) -> int:
    """Return a size a little above the one that will fit, since both sides grow with the size."""
    return min(size * width // setting.width, size * height // setting.height) + 2 + size // 20


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
