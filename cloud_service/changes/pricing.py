"""Changes of prices by hand: one product, or many at once."""

from collections.abc import Mapping, Set

from sqlalchemy import ColumnElement, and_

from cloud_service.catalog.products import products_by_sku
from cloud_service.catalog.stores import Store, stores_of_zone
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.publishing import (
    Author,
    OpenChange,
    Published,
    close_change,
    named,
    open_change,
)
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.pricing.book import Standing, add_entries, priced_at, standing
from cloud_service.pricing.entry import PriceEntry
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import MoneyError
from label_templates.contract.money import check_amount


def check_version(sku: str, present: Standing | None, expected: int | None) -> None:
    """Raise Conflict where a price is no longer the one that an editor saw."""
    version = present.revision if present else None
    if expected is not None and version != expected:
        raise Conflict(
            f"Somebody else set the price of {sku} meanwhile; look at it again.", version
        )


def publish_prices(
    unit: Unit, store: Store, amounts: Mapping[str, int], author: Author
) -> Published:
    """Set prices and publish them as one change; what already costs that much is not touched.

    Raises Invalid or NotFound naming the SKU whose price cannot be set; nothing is set then.
    """
    entries = _entries(unit, store, amounts, author.at)
    change = open_change(unit, "price", store, author)
    add_entries(unit, store.zone, change.revision, entries)
    touched = touched_by(unit, change)
    return close_change(unit, change, touched, len(entries), named(sorted(entries)))


def touched_by(unit: Unit, change: OpenChange) -> ColumnElement[bool]:
    """Return the condition that a position's price was set by a change."""
    stores = [store.id for store in stores_of_zone(unit, change.store.zone)]
    return and_(
        PositionRow.store_id.in_(stores),
        priced_at(change.store.zone, change.revision, PositionRow.sku),
    )


def _entries(
    unit: Unit, store: Store, amounts: Mapping[str, int], now: int
) -> dict[str, PriceEntry]:
    for sku, amount in amounts.items():
        _check(sku, amount)
    present = standing(unit, store.zone, amounts)
    _check_known(unit, amounts.keys() - present.keys())
    entries = {
        sku: _before(present, sku).charged_from_now(amount, now) for sku, amount in amounts.items()
    }
    return {sku: entry for sku, entry in entries.items() if entry != _before(present, sku)}


def _before(present: Mapping[str, Standing], sku: str) -> PriceEntry:
    return present[sku].entry if sku in present else PriceEntry()


def _check(sku: str, amount: int) -> None:
    try:
        check_amount(amount)
    except MoneyError as error:
        raise Invalid(f"price of {sku}", str(error)) from error


def _check_known(unit: Unit, skus: Set[str]) -> None:
    unknown = sorted(skus - products_by_sku(unit, skus).keys())
    if unknown:
        more = f" and {len(unknown) - 5} more" if len(unknown) > 5 else ""
        raise NotFound(f"There is no product with SKU {', '.join(unknown[:5])}{more}.")
