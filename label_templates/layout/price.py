"""The price: digits as large as they fit, with raised decimals, the currency and a measure."""

from dataclasses import dataclass

from typing_extensions import override

from label_templates.layout.errors import FontError, GlyphError, MarkupError
from label_templates.layout.formats import Money
from label_templates.layout.node import Face, Faces, Node, Run, Sheet
from label_templates.layout.text import Side, Words, across, seats_of, side_offset, words_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Price(Node):
    """An amount, set large: raised decimals, the currency and a measure under them.

    A symbol that the locale writes first stands raised before the digits; a longer code (`KWD`)
    and one that is written last stand under the decimals. The box ends where the ink ends, so that
    a price stands flush with what is above and below it.
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
    def seats(self) -> frozenset[int]:
        return seats_of(self.per) | {self.seat}

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
    def tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        money = self._money(sheet)
        per = words_text(self.per, sheet.values) if self.per else ""
        return _bounds(_Rack(sheet.faces, self.font), self.smallest, money, per)

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        asked: _Setting | None = sheet.asked.get(id(self))
        setting = asked if asked is not None else self._fitted(sheet, width, height)
        x += across(sheet, self.align, width - setting.width)
        y += side_offset(self.valign, height - setting.height)
        for left, down, text, size in setting.pieces:
            sheet.marks.append(Run(x + left, y + down, text, self.font, size, self.ink))

    def _money(self, sheet: Sheet) -> Money:
        money = sheet.values[self.seat]
        if not isinstance(money, Money):
            raise MarkupError("a price shows an amount: {{ price | money }}", self.place)
        return money

    def _fitted(self, sheet: Sheet, width: int, height: int, asking: bool = False) -> "_Setting":
        money = self._money(sheet)
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
            size = _tallest(rack, largest, height, (money, per))
            while size >= self.smallest:
                setting = _set(rack, size, money, per)
                if setting.width <= width and setting.height <= height:
                    return setting
                size = min(size - 1, _guess(size, setting, width))
        except (FontError, GlyphError) as error:
            raise self.too_small(str(error)) from error
        raise self.too_small(
            f"{money.text} does not fit {width} x {height} px at size {self.smallest}"
        )


_Piece = tuple[int, int, str, int]
"""x, baseline, text and size, from the top left of the setting."""


@dataclass(frozen=True, slots=True)
class _Setting:
    """A price set at one size."""

    width: int
    height: int
    pieces: tuple[_Piece, ...]


def _tallest(rack: "_Rack", largest: int, height: int, what: tuple[Money, str]) -> int:
    """Return the largest size that a height has room for, whatever the width."""
    size = min(largest, 3 * height // 2)
    while size > 0:
        high = _height(rack, size, *what)
        if high <= height:
            break
        size = min(size - 1, size * height // high + 1)
    return size


def _bounds(rack: "_Rack", size: int, money: Money, per: str) -> tuple[int, int]:
    """Return a width and a height in which a price has room at a size, without setting it."""
    raised, under = rack.face(max(size // 2, 9)), rack.face(max(size * 3 // 10, 9))
    beside = max(raised.length(money.decimals), under.length(money.symbol + per))
    width = raised.length(money.symbol) + rack.face(size).length(money.whole) + beside
    return width + 2 * max(size // 14, 1), _height(rack, size, money, per)


def _guess(size: int, setting: _Setting, width: int) -> int:
    """Return a size a little above the one that will fit: the width grows with the size."""
    return size * width // setting.width + 2


@dataclass(frozen=True, slots=True)
class _Rack:
    """One font in all its sizes."""

    faces: Faces
    font: str

    def face(self, size: int) -> Face:
        return self.faces.face(self.font, size)

    def digits(self, x: int, baseline: int, text: str, size: int) -> tuple[list[_Piece], int]:
        """Set digits from the ink of the first to the ink of the last; return them and the end.

        A one is as wide as the other digits in a table, which tears holes into a large price: it
        keeps the clear pixels of a zero. Each digit is a piece, drawn once for all prices.
        """
        face = self.face(size)
        most_left, most_right, *_ = face.outline("0")
        pieces: list[_Piece] = []
        pen = end = x
        for letter in text:
            left, right, *_ = face.outline(letter)
            ink = face.length(letter) - left - right
            at = pen + min(left, most_left) if pieces else x
            pieces.append((at - left, baseline, letter, size))
            end = at + ink
            pen = end + min(right, most_right)
        return pieces, end

    def words(self, x: int, baseline: int, text: str, size: int) -> tuple[_Piece, int]:
        """Set words from the first to the last column of their ink; return them and its end."""
        face = self.face(size)
        left, right, *_ = face.outline(text)
        end = x - left + face.length(text) - right
        return (x - left, baseline, text, size), end


def _set(rack: _Rack, size: int, money: Money, per: str) -> _Setting:
    raised, under = max(size // 2, 9), max(size * 3 // 10, 9)
    gap = max(size // 14, 1)
    face = rack.face(size)
    base = face.overshoot + face.caps
    top = face.overshoot + rack.face(raised).caps
    before = money.symbol if _leads(money) else ""
    below = per if before else money.symbol + per
    pieces: list[_Piece] = []
    x = 0
    if before:
        high = max([rack.face(raised).outline(letter).rise for letter in before])
        symbol, x = rack.words(0, face.overshoot + high, before, raised)
        pieces.append(symbol)
        x += gap
    whole, x = rack.digits(x, base, money.whole, size)
    pieces += whole
    end = x
    if money.decimals:
        decimals, end = rack.digits(x + gap, top, money.decimals, raised)
        pieces += decimals
    if below:
        measure, under_end = rack.words(x + gap, base, below, under)
        pieces.append(measure)
        end = max(end, under_end)
    return _Setting(end, _height(rack, size, money, per), tuple(pieces))


def _leads(money: Money) -> bool:
    """Tell whether the currency stands raised before the digits, not under the decimals."""
    return money.symbol_first and len(money.symbol) <= 2


def _tail(rack: _Rack, size: int, money: Money, per: str) -> int:
    """Return how deep a price reaches below its baseline."""
    face, under = rack.face(size), rack.face(max(size * 3 // 10, 9))
    tail = face.tail if "," in money.whole else face.overshoot
    if per:
        tail = max(tail, under.descent)
    below = per if _leads(money) else money.symbol + per
    return max(tail, under.outline(below).fall) if below else tail


def _height(rack: _Rack, size: int, money: Money, per: str) -> int:
    """Return how high a price is, with what reaches below its baseline."""
    face = rack.face(size)
    return face.overshoot + face.caps + _tail(rack, size, money, per)
