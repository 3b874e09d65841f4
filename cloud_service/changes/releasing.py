"""Releasing a draft: its prices and promotions go into the book, for now or for an instant to come.

What is scheduled is written now, so that shelves carry it and flip at its instant, network or not.
"""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, or_

from cloud_service.catalog.products import products_by_sku
from cloud_service.catalog.stores import Store, find_store, stores_of_zone
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.draft import Draft, Offered
from cloud_service.changes.publishing import (
    Author,
    Naming,
    OpenChange,
    Published,
    close_change,
    named,
    open_as,
)
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.pricing.book import (
    Listing,
    NewEntry,
    add_entries,
    listings,
    override_scope,
    priced_at,
)
from cloud_service.pricing.entry import PriceEntry, flaw
from cloud_service.pricing.offering import NOTHING, Offering, Record, newest
from cloud_service.pricing.promotion_book import add_promotion, find_promotion
from cloud_service.pricing.promotions import Promotion
from cloud_service.pricing.window import Window
from cloud_service.storage.engine import Unit

_NAMED = 5


def release(unit: Unit, draft: Draft, publisher: Author) -> Published:
    """Write a draft into the book and mark the shelves that must follow.

    Raises Conflict where somebody set one of its prices since, Invalid where a price cannot be.
    """
    store = find_store(unit, draft.store_id)
    at = draft.takes_effect(publisher.at)
    known = listings(unit, store.zone, store.id, draft.skus, publisher.at)
    check_unchanged(draft, known)
    entries = entries_of(draft, records_of(draft, known), at)
    author = replace(publisher, note=draft.note)
    change = open_as(unit, Naming(draft.id, draft.kind, store, draft.scope), author)
    add_entries(unit, draft.scope, change.revision, entries)
    for offered in draft.promotions:
        _offer(unit, change, offered, publisher.at)
    touched = touched_by(unit, change, draft.promotions)
    count = len(entries) + len({sku for one in draft.promotions for sku in one.skus})
    return close_change(unit, change, touched, count, named(list(draft.skus)))


def check_known(unit: Unit, draft: Draft) -> None:
    """Raise NotFound naming the products of a draft that there are not."""
    unknown = sorted(set(draft.skus) - products_by_sku(unit, draft.skus).keys())
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        raise NotFound(f"There is no product with SKU {', '.join(unknown[:_NAMED])}{more}.")


def check_unchanged(draft: Draft, known: Mapping[str, Listing]) -> None:
    """Raise Conflict naming the products whose price is no longer the one that was seen."""
    stale = [
        line.sku
        for line in draft.lines
        if line.seen != (known[line.sku].version if line.sku in known else None)
    ]
    if stale:
        more = f" and {len(stale) - _NAMED} more" if len(stale) > _NAMED else ""
        names = ", ".join(stale[:_NAMED]) + more
        present = known[stale[0]].version if stale[0] in known else None
        raise Conflict(
            f"Somebody else set the price of {names} meanwhile; look at it again.", present
        )


def records_of(draft: Draft, known: Mapping[str, Listing]) -> dict[str, tuple[Record, ...]]:
    """Return the records of the draft's own scope, by SKU."""
    own = draft.scope == override_scope(draft.store_id)
    found = {}
    for sku, listing in known.items():
        records = listing.offering.store if own else listing.offering.zone
        found[sku] = tuple(records)
    return found


def entries_of(
    draft: Draft, records: Mapping[str, tuple[Record, ...]], at: int
) -> dict[str, NewEntry]:
    """Return what a draft writes, by SKU; what would change nothing is not written."""
    entries = {}
    for line in draft.lines:
        theirs = records.get(line.sku, ())
        counting = newest(theirs, at)
        before = counting.entry if counting is not None else PriceEntry()
        entry = line.applied(before, at)
        _check(draft, line.sku, entry, theirs)
        if entry != before:
            entries[line.sku] = NewEntry(entry, at, draft.until)
    return entries


def offering_with(draft: Draft, sku: str, listing: Listing | None, at: int) -> Offering:
    """Return a product's offering as it would be with the draft published."""
    offering = listing.offering if listing is not None else Offering(())
    own = draft.scope == override_scope(draft.store_id)
    records = {sku: tuple(offering.store if own else offering.zone)}
    lines = replace(draft, lines=tuple(line for line in draft.lines if line.sku == sku))
    newer = 1 + (listing.version if listing is not None else 0)
    added = tuple(
        Record(newer, Window(new.since, new.until), new.entry)
        for new in entries_of(lines, records, at).values()
    )
    mine = {one.promotion.id: one.promotion for one in draft.promotions if sku in one.skus}
    kept = tuple(one for one in offering.promotions if one.id not in mine)
    promotions = (*kept, *mine.values())
    if own:
        return Offering(offering.zone, (*offering.store, *added), promotions)
    return Offering((*offering.zone, *added), offering.store, promotions)


def stores_in(unit: Unit, scope: str, store: Store) -> list[Store]:
    """Return the stores whose prices are kept in a scope."""
    return [store] if scope == override_scope(store.id) else stores_of_zone(unit, scope)


def touched_by(
    unit: Unit, change: OpenChange, promotions: tuple[Offered, ...] = ()
) -> ColumnElement[bool]:
    """Return the condition that a position's price or promotion was set by a change."""
    stores = [store.id for store in stores_in(unit, change.scope, change.store)]
    skus = sorted({sku for one in promotions for sku in one.skus})
    priced = priced_at(change.scope, change.revision, PositionRow.sku)
    return and_(PositionRow.store_id.in_(stores), or_(priced, PositionRow.sku.in_(skus)))


def _check(draft: Draft, sku: str, entry: PriceEntry, records: tuple[Record, ...]) -> None:
    own = draft.scope == override_scope(draft.store_id)
    if entry == NOTHING and own:
        return
    found = flaw(entry)
    if found is not None:
        raise Invalid(f"price of {sku}", found[1])
    if draft.until is not None and not own and newest(records, draft.until) is None:
        raise Invalid(f"price of {sku}", "it ends, and no other price would hold after it")


def _offer(unit: Unit, change: OpenChange, offered: Offered, now: int) -> None:
    """Write a promotion under the change's revision; what has begun keeps its terms."""
    promotion = replace(offered.promotion, revision=change.revision)
    found = find_promotion(unit, promotion.id)
    if found is not None:
        _check_begun(found[1], promotion, now)
    add_promotion(unit, change.scope, promotion, offered.skus)


def _check_begun(before: Promotion, after: Promotion, now: int) -> None:
    begun = before.window.since is not None and before.window.since <= now
    same = (before.terms, before.window.since, before.programme)
    if begun and same != (after.terms, after.window.since, after.programme):
        reason = "it has begun; end it and start another, or the past would cost something else"
        raise Invalid(f"promotion {before.id}", reason)
