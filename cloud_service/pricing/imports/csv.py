"""Our own price list as CSV; its columns are described in docs/import-profiles.md."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from operator import itemgetter
from typing import Any, TypeVar

from cloud_service.catalog.products import MEASURES, folded_facts
from cloud_service.pricing.entry import PriceEntry, flaw
from cloud_service.pricing.imports.cells import (
    amount_reader,
    instant_reader,
    read_date,
    read_gtin,
    read_sku,
    read_text,
)
from cloud_service.pricing.imports.quantity import Quantity, printed_quantity
from cloud_service.pricing.imports.rows import Kind, Notes, Place, Profile, RowRefused, StagedRow

_Value = TypeVar("_Value")

REQUIRED = ("sku", "name", "price")
_FACTS = ("sku", "gtin", "name", "brand", "size", "unit", "category")
_PRICES = (
    "price", "special_price", "special_from", "special_until", "best_price_30",
    "reference_price", "reference_date", "multi_quantity", "multi_price", "multi_must_buy",
    "multi_from", "multi_until",
)  # fmt: skip
COLUMNS = _FACTS + _PRICES

_FIELDS = {
    "regular": "price",
    "special": "special_price",
    "low_30": "best_price_30",
    "reference": "reference_price",
}
"""Columns by the entry's field, where the two are named differently."""
_STAGED_FACTS = {
    "gtin": ("gtin",),
    "name": ("name",),
    "brand": ("brand",),
    "size": ("size", "net_milli", "net_measure"),
    "unit": ("weighed", "net_milli", "net_measure"),
    "category": ("category",),
}
_ONLY_REGULAR = astuple(PriceEntry())[1:]
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def profile(header: Sequence[str], place: Place) -> Profile:
    """Return the profile for a header that has at least the required columns, in any order."""
    notes = Notes()
    facts = {staged for column in header for staged in _STAGED_FACTS.get(column, ())}
    return Profile(_Csv(header, place, notes).read, len(header), frozenset(facts), notes)


class _Csv:
    """Reads rows of one file."""

    def __init__(self, header: Sequence[str], place: Place, notes: Notes) -> None:
        # A column that the file does not have is read from an empty cell put behind the others.
        beyond = len(header)
        self._facts = itemgetter(*(_index(header, name, beyond) for name in _FACTS))
        self._promotions = itemgetter(*(_index(header, name, beyond) for name in _PRICES[1:]))
        self._price = header.index("price")
        self._amount = amount_reader(place.currency)
        self._instant = instant_reader(place.tz)
        self._notes = notes

    def read(self, row: int, cells: Sequence[str]) -> StagedRow:
        padded = [*map(str.strip, cells), ""]
        sku, gtin, name, brand, size, unit, category = self._facts(padded)
        net, weighed = self._net(row, size, unit)
        name = read_text("name", name)
        return StagedRow(
            row,
            read_sku("sku", sku),
            read_gtin("gtin", gtin) if gtin else None,
            name,
            read_text("brand", brand) if brand else None,
            read_text("size", size) if size else None,
            net.milli if net else None,
            net.measure if net else None,
            read_text("category", category) if category else None,
            weighed,
            folded_facts(name, brand),
            *self._prices(padded[self._price], self._promotions(padded)),
        )

    def _net(self, row: int, size: str, unit: str) -> tuple[Quantity | None, bool]:
        if unit and unit != "ea":
            if unit not in MEASURES:
                raise RowRefused("unit", unit, f"expected one of {', '.join(MEASURES)}")
            return Quantity(1000, MEASURES[unit], None), True
        net = printed_quantity(size) if size else None
        if size and net is None:
            self._notes.add("size gives no unit price", row, size)
        return net, False

    def _prices(self, price: str, promotions: Sequence[str]) -> Sequence[Any]:
        """Return the price columns; most rows have the regular price and nothing else."""
        if not any(promotions):
            return self._amount("price", price), *_ONLY_REGULAR
        return astuple(self._entry(price, promotions))

    def _entry(self, price: str, promotions: Sequence[str]) -> PriceEntry:
        texts = dict(zip(_PRICES, [price, *promotions], strict=True))
        entry = PriceEntry(
            regular=_maybe(self._amount, "price", texts),
            special=_maybe(self._amount, "special_price", texts),
            special_from=_maybe(self._instant, "special_from", texts),
            special_until=_maybe(self._instant, "special_until", texts),
            low_30=_maybe(self._amount, "best_price_30", texts),
            reference=_maybe(self._amount, "reference_price", texts),
            reference_date=_maybe(read_date, "reference_date", texts),
            multi_quantity=_maybe(_whole, "multi_quantity", texts),
            multi_price=_maybe(self._amount, "multi_price", texts),
            multi_must_buy=_yes("multi_must_buy", texts["multi_must_buy"]),
            multi_from=_maybe(self._instant, "multi_from", texts),
            multi_until=_maybe(self._instant, "multi_until", texts),
        )
        _check(entry, texts)
        return entry


def _check(entry: PriceEntry, texts: dict[str, str]) -> None:
    found = flaw(entry)
    if found is not None:
        column = _FIELDS.get(found[0], found[0])
        raise RowRefused(column, texts[column], found[1])
    if entry.special is not None and entry.regular is not None and entry.special > entry.regular:
        reason = f"it is above the regular price {texts['price']}"
        raise RowRefused("special_price", texts["special_price"], reason)


def _maybe(read: Callable[[str, str], _Value], column: str, texts: dict[str, str]) -> _Value | None:
    text = texts[column]
    return read(column, text) if text else None


def _whole(column: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise RowRefused(column, text, "it is no whole number")
    return int(text)


def _yes(column: str, text: str) -> bool:
    if text.lower() not in _YES:
        raise RowRefused(column, text, "yes or no is expected")
    return _YES[text.lower()]


def _index(header: Sequence[str], name: str, beyond: int) -> int:
    return header.index(name) if name in header else beyond


CSV = Kind(COLUMNS, REQUIRED, profile)
