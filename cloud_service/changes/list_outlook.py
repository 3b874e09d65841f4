"""What a price list would do, or did: counts, its largest steps, and what the guard rails say."""

from sqlalchemy import func, select
from sqlalchemy.sql.selectable import Subquery

from cloud_service.catalog.stores import Store, find_store
from cloud_service.catalog.tables import ProductRow
from cloud_service.changes.difference import Charge, Difference, Outlook, places_of
from cloud_service.changes.draft import Draft
from cloud_service.changes.guards import Finding, Rails
from cloud_service.changes.moves import (
    Ground,
    Step,
    Watch,
    findings_of,
    largest,
    spread_of,
    tally_of,
    waiting_steps,
    written_steps,
)
from cloud_service.changes.releasing import stores_in
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit

SAMPLES = 50
"""How many of a list's steps are shown: the largest."""


def waiting_outlook(unit: Unit, draft: Draft, rails: Rails, now: int) -> Outlook:
    """Return what a waiting list would do were it published now."""
    store, at = find_store(unit, draft.store_id), draft.takes_effect(now)
    steps = waiting_steps(Ground(draft.scope, at, store.currency), draft.id)
    return _outlook(unit, draft, steps, rails, at)


def written_outlook(unit: Unit, draft: Draft, revision: int, at: int) -> Outlook:
    """Return what a list did that was published under a revision."""
    store = find_store(unit, draft.store_id)
    steps = written_steps(Ground(draft.scope, at, store.currency), revision)
    return _outlook(unit, draft, steps, _UNGUARDED, at)


def written_findings(
    unit: Unit, store: Store, revision: int, rails: Rails, at: int
) -> list[Finding]:
    """Return what the guard rails say of the prices that a list has just written to a zone.

    A million new products are not looked at one by one where no cost is known to compare with.
    """
    costs = unit.scalar(select(ProductRow.sku).where(ProductRow.cost.is_not(None)).limit(1))
    ground = Ground(store.zone, at, store.currency)
    steps = written_steps(ground, revision, moved=costs is None)
    products = 0
    if rails.approve_products is not None:
        wrote = PriceRow.zone == store.zone, PriceRow.revision == revision
        products = unit.scalar(select(func.count()).select_from(PriceRow).where(*wrote)) or 0
    open_then = _open_then(stores_in(unit, store.zone, store), at)
    return findings_of(unit, steps, products, Watch(rails, at, open_then))


_UNGUARDED = Rails(ten_fold=None, below_cost=None)


def _outlook(unit: Unit, draft: Draft, steps: Subquery, rails: Rails, at: int) -> Outlook:
    store = find_store(unit, draft.store_id)
    stores = stores_in(unit, draft.scope, store)
    tally, open_then = tally_of(unit, steps), _open_then(stores, at)
    found = findings_of(unit, steps, tally.priced, Watch(rails, at, open_then))
    shown = largest(unit, steps, SAMPLES)
    places = places_of(unit, store, [step.sku for step in shown])
    return Outlook(
        at,
        tuple(_difference(store, step, places) for step in shown),
        tuple(found),
        tally,
        tuple(spread_of(unit, steps, [one.id for one in stores])),
    )


def _open_then(stores: list[Store], at: int) -> bool:
    return any(store.opening.open_at(at) for store in stores)


def _difference(store: Store, step: Step, places: dict[str, list[str]]) -> Difference:
    return Difference(
        store.id, store.currency, step.sku, step.name, _charge(step.old), _charge(step.new),
        tuple(places.get(step.sku, ())), step.cost,
    )  # fmt: skip


def _charge(amount: int | None) -> Charge | None:
    return None if amount is None else Charge(amount, "")
