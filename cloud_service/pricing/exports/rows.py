"""The book's prices as rows of our own list: importing them again changes nothing.

A row is what counts now in a store's zone; what is written for later is not in it, nor is what a
store has of its own, nor are promotions that have tables of their own.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, or_, select

from cloud_service.catalog.tables import ProductRow
from cloud_service.pricing.book import counting
from cloud_service.pricing.entry import COLUMNS as PRICES
from cloud_service.pricing.imports.csv import COLUMNS
from cloud_service.pricing.imports.rows import FACTS, Place
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit
from label_templates.contract.money import to_major

Cell = str | int | Decimal | None
"""A text, a count or an amount in major units; None: nothing."""

HEADER = COLUMNS
_PAGE = 2000


def exported_rows(unit: Unit, zone: str, place: Place, now: int) -> Iterator[list[Cell]]:
    """Yield the rows of a zone in the order of HEADER, by SKU; times are told as in a place."""
    cells, after = _Cells(place), ""
    while page := _page(unit, zone, now, after):
        yield from map(cells.row, page)
        after = page[-1].sku


def _page(unit: Unit, zone: str, now: int, after: str) -> list[Row[*tuple[object, ...]]]:
    facts = [getattr(ProductRow, name) for name in ("sku", *FACTS)]
    prices = [getattr(PriceRow, name) for name in PRICES]
    counts = PriceRow.revision == counting(zone, ProductRow.sku, now)
    query = (
        select(*facts, *prices)
        .join(PriceRow, and_(PriceRow.zone == zone, PriceRow.sku == ProductRow.sku, counts))
        .where(ProductRow.sku > after)
        .where(or_(PriceRow.regular.is_not(None), PriceRow.special.is_not(None)))
        .order_by(ProductRow.sku)
        .limit(_PAGE)
    )
    return list(unit.execute(query).all())


class _Cells:
    """Writes what the book has as cells."""

    def __init__(self, place: Place) -> None:
        self._currency = place.currency
        self._zone = ZoneInfo(place.tz)

    def row(self, row: Row[*tuple[object, ...]]) -> list[Cell]:
        """Return the cells of one product, in the order of HEADER."""
        return [
            row.sku,
            row.gtin,
            row.name,
            row.brand,
            row.size,
            self._net(row),
            row.net_measure if row.weighed else "ea",
            row.category,
            self._amount(row.regular),
            self._amount(row.special),
            self._time(row.special_from),
            self._time(row.special_until),
            self._amount(row.low_30),
            self._amount(row.reference),
            row.reference_date,
            row.multi_quantity,
            self._amount(row.multi_price),
            "yes" if row.multi_must_buy else None,
            self._time(row.multi_from),
            self._time(row.multi_until),
        ]

    def _net(self, row: Row[*tuple[object, ...]]) -> str | None:
        if row.weighed or row.net_milli is None:
            return None
        return net_content(row.net_milli, row.net_measure)

    def _amount(self, minor: int | None) -> Decimal | None:
        return None if minor is None else to_major(minor, self._currency)

    def _time(self, instant: int | None) -> str | None:
        return None if instant is None else local_time(instant, self._zone)


def local_time(instant: int, zone: ZoneInfo) -> str:
    """Write an instant as a zone's time, with its offset where that time happens twice."""
    local = datetime.fromtimestamp(instant, zone)
    other = local.replace(fold=1 - local.fold)
    if other.utcoffset() != local.utcoffset():
        return local.isoformat()
    return local.replace(tzinfo=None).isoformat().removesuffix(":00").removesuffix("T00:00")


def net_content(milli: int, measure: str) -> str:
    """Write a net content, thousandths of a measure, so that it is read as what it is."""
    return f"{(Decimal(milli) / 1000).normalize():f} {measure}"
