"""Our own price list; its columns are described in docs/import-profiles.md."""

from collections.abc import Callable, Sequence
from dataclasses import astuple
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar

from cloud_service.catalog.products import MEASURES, folded_facts
from cloud_service.pricing.entry import PriceEntry, flaw
from cloud_service.pricing.imports.amounts import amount_reader
from cloud_service.pricing.imports.cells import date_reader, instant_reader, read_sku, read_text
from cloud_service.pricing.imports.gtins import gtin_reader
from cloud_service.pricing.imports.lots import (
    folded_column,
    read_gtins,
    read_skus,
    read_texts,
    read_texts_or_none,
)
from cloud_service.pricing.imports.quantity import Quantity, printed_quantity
from cloud_service.pricing.imports.rows import (
    ALWAYS,
    Kind,
    Lot,
    Manner,
    Notes,
    Place,
    Profile,
    RowRefused,
    StagedRow,
)
from label_templates.contract.tile import Measure

_Value = TypeVar("_Value")

REQUIRED = ("sku", "name", "price")
_FACTS = ("sku", "gtin", "name", "brand", "size", "net", "unit", "category")
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
_STAGED = {
    **{name: (name,) for name in (*_FACTS, *_PRICES)},
    **{column: (field,) for field, column in _FIELDS.items()},
    "size": ("size", "net_milli", "net_measure"),
    "net": ("net_milli", "net_measure"),
    "unit": ("weighed", "net_milli", "net_measure"),
}
"""What a column fills of a staged row."""
_ONLY_REGULAR = astuple(PriceEntry())[1:]
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}


def profile(header: Sequence[str], place: Place, manner: Manner) -> Profile:
    """Return the profile for a header that has at least the required columns, in any order."""
    notes = Notes()
    filled = frozenset((*ALWAYS, *(field for column in header for field in _STAGED[column])))
    rows = _Csv(header, place, manner, notes)
    return Profile(rows.read, len(header), filled, notes, rows.read_lot)


class _Csv:
    """Reads rows of one file."""

    def __init__(self, header: Sequence[str], place: Place, manner: Manner, notes: Notes) -> None:
        # A column that the file does not have is read from an empty cell put behind the others.
        beyond = len(header)
        self._facts = itemgetter(*(_index(header, name, beyond) for name in _FACTS))
        self._promotions = itemgetter(*(_index(header, name, beyond) for name in _PRICES[1:]))
        self._promoted = [header.index(name) for name in _PRICES[1:] if name in header]
        self._price = header.index("price")
        self._gtin = gtin_reader("gtin", notes, repair=manner.repair)
        self._amount = amount_reader(place.currency, manner.decimals, minor=manner.minor)
        self._since = instant_reader(place.tz, manner.dates)
        self._until = instant_reader(place.tz, manner.dates, last_day=manner.last_day)
        self._date = date_reader(manner.dates)
        self._notes = notes

    def read(self, row: int, cells: Sequence[str]) -> StagedRow:
        padded = [*map(str.strip, cells), ""]
        sku, gtin, name, brand, size, content, unit, category = self._facts(padded)
        milli, measure, weighed = _net(size, content, unit)
        self._note_size(row, size, milli)
        name = read_text("name", name)
        return StagedRow(
            row,
            read_sku("sku", sku),
            self._gtin(row, gtin),
            name,
            read_text("brand", brand) if brand else None,
            read_text("size", size) if size else None,
            milli,
            measure,
            read_text("category", category) if category else None,
            weighed,
            folded_facts(name, brand),
            *self._prices(padded[self._price], self._promotions(padded)),
        )

    def read_lot(self, rows: Sequence[int], columns: Sequence[Sequence[str]]) -> Lot:
        """Read rows by columns: as `read` does, only all at once."""
        padded = [*(list(map(str.strip, cells)) for cells in columns), [""] * len(rows)]
        skus, gtins, names, brands, sizes, contents, units, categories = self._facts(padded)
        kinds = list(zip(sizes, contents, units, strict=True))
        nets = {kind: _net(*kind) for kind in set(kinds)}
        milli, measures, weighed = zip(*map(nets.__getitem__, kinds), strict=True)
        names = read_texts("name", names)
        lot = (
            rows,
            read_skus("sku", skus),
            read_gtins("gtin", gtins),
            names,
            read_texts_or_none("brand", brands),
            read_texts_or_none("size", sizes),
            milli,
            measures,
            read_texts_or_none("category", categories),
            weighed,
            folded_column(names, brands),
            *self._price_columns(padded),
        )
        if any(kind[0] and net[0] is None for kind, net in nets.items()):
            for row, size, number in zip(rows, sizes, milli, strict=True):
                self._note_size(row, size, number)
        return lot

    def _note_size(self, row: int, size: str, milli: int | None) -> None:
        if size and milli is None:
            self._notes.add("size gives no unit price", row, size)

    def _price_columns(self, padded: Sequence[Sequence[str]]) -> Lot:
        prices = padded[self._price]
        if any(any(padded[at]) for at in self._promoted):
            promotions = zip(*self._promotions(padded), strict=True)
            return list(zip(*map(self._prices, prices, promotions), strict=True))
        amounts = list(map(self._amount, repeat("price"), prices))
        return [amounts, *([value] * len(amounts) for value in _ONLY_REGULAR)]

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
            special_from=_maybe(self._since, "special_from", texts),
            special_until=_maybe(self._until, "special_until", texts),
            low_30=_maybe(self._amount, "best_price_30", texts),
            reference=_maybe(self._amount, "reference_price", texts),
            reference_date=_maybe(self._date, "reference_date", texts),
            multi_quantity=_maybe(_whole, "multi_quantity", texts),
            multi_price=_maybe(self._amount, "multi_price", texts),
            multi_must_buy=_yes("multi_must_buy", texts["multi_must_buy"]),
            multi_from=_maybe(self._since, "multi_from", texts),
            multi_until=_maybe(self._until, "multi_until", texts),
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


def _net(size: str, content: str, unit: str) -> tuple[int | None, Measure | None, bool]:
    """Return the net content, in thousandths of its measure, and whether it is weighed."""
    if unit and unit != "ea":
        if unit not in MEASURES:
            raise RowRefused("unit", unit, f"expected one of {', '.join(MEASURES)}")
        return 1000, MEASURES[unit], True
    net = _content(content) if content else printed_quantity(size) if size else None
    return (net.milli, net.measure, False) if net else (None, None, False)


def _content(text: str) -> Quantity:
    net = printed_quantity(text)
    if net is None:
        raise RowRefused("net", text, "it is no quantity such as 0.3 kg")
    return net


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


CSV = Kind(COLUMNS, REQUIRED, profile, sku="sku", prices=_PRICES)
