"""Stores as the doors show them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from cloud_service.catalog.stores import Store, all_stores, find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.delivery.queries import Tally, tallies
from cloud_service.pricing.book import count_priced
from cloud_service.services.views.stores import StoreView
from cloud_service.storage import Unit
from label_templates.bundles import installed_bundle


def store_views(unit: Unit, now: int) -> list[StoreView]:
    """Return all stores with their tallies."""
    return _views(unit, all_stores(unit), now)


def store_view(unit: Unit, store_id: str, now: int) -> StoreView:
    """Return one store with its tallies; raise NotFound."""
    return _views(unit, [find_store(unit, store_id)], now)[0]


def _views(unit: Unit, stores: Sequence[Store], now: int) -> list[StoreView]:
    counted = tallies(unit, [store.id for store in stores], now)
    bays = _bays(unit, [store.id for store in stores])
    return [
        _view(unit, store, bays.get(store.id, ()), counted.get(store.id, Tally()))
        for store in stores
    ]


def _view(unit: Unit, store: Store, bays: Sequence[int], tally: Tally) -> StoreView:
    return StoreView(
        id=store.id,
        name=store.name,
        tz=store.tz,
        currency=store.currency,
        locale=store.locale,
        bays=tuple(bays),
        products=count_priced(unit, store.zone),
        tiles=tally.shown + tally.pending + tally.failed,
        shown=tally.shown,
        pending=tally.pending,
        failed=tally.failed,
        devices=tally.devices,
        connected=tally.connected,
        bundle=store.bundle or installed_bundle().digest,
        jurisdiction=store.jurisdiction,
        zone=store.zone,
        hours=store.hours,
        exceptions=store.exceptions,
        day_begins=store.day_begins,
        version=store.version,
    )


def _bays(unit: Unit, store_ids: Sequence[str]) -> dict[str, list[int]]:
    # A position begins with its bay, `b01-` or `b100-`: four characters hold it either way.
    start = func.substr(PositionRow.position, 1, 4)
    rows = unit.execute(
        select(PositionRow.store_id, start).where(PositionRow.store_id.in_(store_ids)).distinct()
    )
    bays: dict[str, list[int]] = {}
    for store_id, text in rows:
        bays.setdefault(store_id, []).append(int(text.strip("b-")))
    return {store_id: sorted(numbers) for store_id, numbers in bays.items()}
