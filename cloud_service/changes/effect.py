"""What a published change did: prices before and after it, whatever was published since.

Prices are resolved with all that the book knew up to the change's revision, with it and without.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select

from cloud_service.catalog.products import Product, products_by_sku
from cloud_service.catalog.stores import Store, find_store
from cloud_service.changes.difference import Charge, Difference, Outlook, compared, places_of
from cloud_service.changes.draft import Draft
from cloud_service.changes.list_outlook import written_outlook
from cloud_service.changes.releasing import stores_in
from cloud_service.pricing.book import listings
from cloud_service.pricing.offering import Offering, Record
from cloud_service.pricing.promotion_book import revised
from cloud_service.pricing.promotions import Promotion
from cloud_service.pricing.resolution import Resolution, resolve
from cloud_service.pricing.tables import PriceRow
from cloud_service.shelves.plan import goods_of, terms_of
from cloud_service.storage.engine import Unit

_FEW = 2000
"""Of more products only counts and the largest steps are told, as of a list."""
_WITHOUT_PRICES = ("planogram", "bundle")


def effect(unit: Unit, draft: Draft, revision: int, published_at: int) -> Outlook:
    """Return what a change did that was published under a revision."""
    at = draft.takes_effect(published_at)
    if draft.kind in _WITHOUT_PRICES:
        return compared(at, (), ())
    if draft.kind == "import" or _count(unit, draft.scope, revision) > _FEW:
        return written_outlook(unit, draft, revision, at)
    return compared(at, list(_differences(unit, draft, revision, at)), ())


def _count(unit: Unit, scope: str, revision: int) -> int:
    wrote = PriceRow.zone == scope, PriceRow.revision == revision
    return unit.scalar(select(func.count()).select_from(PriceRow).where(*wrote)) or 0


def _differences(unit: Unit, draft: Draft, revision: int, at: int) -> Iterator[Difference]:
    promotions = revised(unit, revision)
    skus = sorted({*_priced(unit, draft, revision), *(sku for one in promotions for sku in one[2])})
    products = products_by_sku(unit, skus)
    replaced = {after.id: before for after, before, _ in promotions}
    for store in stores_in(unit, draft.scope, find_store(unit, draft.store_id)):
        known, places = listings(unit, store.zone, store.id, skus, at), places_of(unit, store, skus)
        for sku in skus:
            if sku not in known:
                continue
            offering = known[sku].offering
            old = _resolved(store, products[sku], _without(offering, revision, replaced), at)
            new = _resolved(store, products[sku], _until(offering, revision + 1), at)
            if old != new:
                yield Difference(
                    store.id, store.currency, sku, products[sku].name, Charge.of(old),
                    Charge.of(new), tuple(places.get(sku, ())),
                )  # fmt: skip


def _priced(unit: Unit, draft: Draft, revision: int) -> Sequence[str]:
    wrote = PriceRow.zone == draft.scope, PriceRow.revision == revision
    return unit.scalars(select(PriceRow.sku).where(*wrote).distinct()).all()


def _without(offering: Offering, revision: int, replaced: dict[str, Promotion | None]) -> Offering:
    """Return an offering as it stood before a revision, with the promotions that it replaced."""
    before = _until(offering, revision)
    kept = [one for one in before.promotions if one.id not in replaced]
    named = {one.id for one in offering.promotions}
    back = [one for name, one in replaced.items() if one is not None and name in named]
    return Offering(before.zone, before.store, (*kept, *back))


def _until(offering: Offering, revision: int) -> Offering:
    """Return an offering as it stood before a revision."""

    def older(records: Sequence[Record]) -> tuple[Record, ...]:
        return tuple(record for record in records if record.revision < revision)

    promotions = tuple(one for one in offering.promotions if one.revision < revision)
    return Offering(older(offering.zone), older(offering.store), promotions)


def _resolved(store: Store, product: Product, offering: Offering, at: int) -> Resolution | None:
    return resolve(offering, goods_of(product, store), terms_of(store, at), at)
