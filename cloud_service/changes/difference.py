"""The difference a draft would make: prices old and new, store by store, and the tiles that change.

What is compared is what people pay at the instant at which the draft takes effect, everything else
of the book considered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cloud_service.catalog.planogram import positions_where
from cloud_service.catalog.products import Product, products_by_sku
from cloud_service.catalog.stores import Store, find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.draft import Draft
from cloud_service.changes.guards import Finding, Move, Rails, findings
from cloud_service.changes.moves import Spread, Tally
from cloud_service.changes.releasing import check_known, offering_with, stores_in
from cloud_service.pricing.book import Listing, listings
from cloud_service.pricing.resolution import Resolution, resolve
from cloud_service.shelves.plan import goods_of, terms_of
from cloud_service.storage.engine import Unit


@dataclass(frozen=True)
class Charge:
    """What a product costs, minor units, and why; of a list no reason is told."""

    effective: int
    reason: str

    @classmethod
    def of(cls, found: Resolution | None) -> "Charge | None":
        """Return what price resolution found."""
        return None if found is None else cls(found.effective, found.reason)


@dataclass(frozen=True)
class Difference:
    """One product's price in one store, before and after; None: no price. Minor units."""

    store_id: str
    currency: str
    sku: str
    name: str
    old: Charge | None
    new: Charge | None
    positions: tuple[str, ...]
    """Where it hangs: the tiles that change."""
    cost: int | None = None
    """What it costs the chain, where that is known in the store's money."""

    @property
    def move(self) -> Move | None:
        """Return the step of the price, for guard rails; None where none is charged any more."""
        if self.new is None:
            return None
        return Move(
            self.sku, self.old.effective if self.old else None, self.new.effective, self.cost
        )


@dataclass(frozen=True)
class Outlook:
    """What a draft would do, and what the guard rails say of it."""

    at: int
    """When it takes effect."""
    differences: tuple[Difference, ...]
    """All of them; of a list those with the largest steps."""
    findings: tuple[Finding, ...]
    tally: Tally
    spread: tuple[Spread, ...]
    """The stores in which anything would change."""

    @property
    def tiles(self) -> int:
        """Return how many tiles would change."""
        return sum(store.tiles for store in self.spread)

    @property
    def stores(self) -> tuple[str, ...]:
        """Return the stores in which anything would change."""
        return tuple(store.store_id for store in self.spread)


def outlook(unit: Unit, draft: Draft, rails: Rails, now: int) -> Outlook:
    """Return what a draft would do were it published now; NotFound, Invalid for what cannot be."""
    check_known(unit, draft)
    at = draft.takes_effect(now)
    products = products_by_sku(unit, draft.skus)
    differences: list[Difference] = []
    found: dict[Finding, None] = {}
    for store in stores_in(unit, draft.scope, find_store(unit, draft.store_id)):
        here = list(_of_store(unit, store, draft, products, now))
        differences += here
        moves = [move for one in here if (move := one.move) is not None]
        found |= dict.fromkeys(findings(moves, at, store.opening, rails))
    return compared(at, differences, found)


def compared(at: int, differences: Sequence[Difference], found: Iterable[Finding]) -> Outlook:
    """Return what differences come to."""
    return Outlook(
        at, tuple(differences), tuple(found), _tally(differences), tuple(_spread(differences))
    )


def _spread(differences: Sequence[Difference]) -> Iterator[Spread]:
    for store in dict.fromkeys(one.store_id for one in differences):
        here = [one for one in differences if one.store_id == store]
        yield Spread(store, len(here), sum(len(one.positions) for one in here))


def _tally(differences: Sequence[Difference]) -> Tally:
    """Count each product once, by how it moves in the first store that it moves in."""
    first = {one.sku: one for one in reversed(differences)}.values()
    steps = [(_amount(one.old), _amount(one.new)) for one in first]
    return Tally.of(steps)


def _amount(charge: Charge | None) -> int | None:
    return None if charge is None else charge.effective


def _of_store(
    unit: Unit, store: Store, draft: Draft, products: Mapping[str, Product], now: int
) -> Iterator[Difference]:
    known = listings(unit, store.zone, store.id, draft.skus, now)
    places = places_of(unit, store, draft.skus)
    for sku in draft.skus:
        listing = known.get(sku)
        old, new = _resolved(store, draft, products[sku], listing, now)
        if old != new:
            yield Difference(
                store.id, store.currency, sku, products[sku].name, Charge.of(old), Charge.of(new),
                tuple(places.get(sku, ())), products[sku].cost_in(store.currency),
            )  # fmt: skip


def _resolved(
    store: Store, draft: Draft, product: Product, listing: Listing | None, now: int
) -> tuple[Resolution | None, Resolution | None]:
    """Return what holds at the draft's instant, without it and with it."""
    at, goods = draft.takes_effect(now), goods_of(product, store)
    terms = terms_of(store, at)
    old = resolve(listing.offering, goods, terms, at) if listing is not None else None
    return old, resolve(offering_with(draft, product.sku, listing, at), goods, terms, at)


def places_of(unit: Unit, store: Store, skus: Sequence[str]) -> dict[str, list[str]]:
    """Return where some products hang in a store: positions by SKU."""
    here = positions_where(unit, PositionRow.store_id == store.id, PositionRow.sku.in_(skus))
    places: dict[str, list[str]] = {}
    for position in here:
        places.setdefault(position.sku or "", []).append(position.position)
    return places
