"""Changes of prices by hand: one product, or many at once, as one draft that is looked at first."""

from collections.abc import Mapping

from cloud_service.catalog.stores import Store
from cloud_service.changes.draft import Draft, Line
from cloud_service.changes.drafts import new_change_id
from cloud_service.changes.publishing import Author
from cloud_service.errors import Conflict, Invalid
from cloud_service.pricing.book import Listing, listings
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import MoneyError
from label_templates.contract.money import check_amount


def check_version(sku: str, version: int | None, expected: int | None) -> None:
    """Raise Conflict where a price is no longer the one that an editor saw."""
    if expected is not None and version != expected:
        raise Conflict(
            f"Somebody else set the price of {sku} meanwhile; look at it again.", version
        )


def draft_of_prices(unit: Unit, store: Store, amounts: Mapping[str, int], author: Author) -> Draft:
    """Return a draft that sets prices in a store's zone; Invalid names a price that cannot be."""
    for sku, amount in amounts.items():
        _check(sku, amount)
    known = listings(unit, store.zone, store.id, amounts, author.at)
    return Draft(
        id=new_change_id(),
        kind="price",
        scope=store.zone,
        store_id=store.id,
        author=author.name,
        note=author.note,
        drafted_at=author.at,
        lines=tuple(Line(sku, amount, seen=_seen(known, sku)) for sku, amount in amounts.items()),
    )


def _seen(known: Mapping[str, Listing], sku: str) -> int | None:
    return known[sku].version if sku in known else None


def _check(sku: str, amount: int) -> None:
    try:
        check_amount(amount)
    except MoneyError as error:
        raise Invalid(f"price of {sku}", str(error)) from error
