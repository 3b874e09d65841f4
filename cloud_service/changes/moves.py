"""How a price list moves prices, asked of the database: a million steps are never all in memory.

A step is what one piece of a product costs in the list's zone before and after, by its entries
alone: the special price where it holds, a piece's share of a multi-buy that is no must-buy.
Promotions and stores' own prices are left aside.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Self

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.selectable import Subquery

from cloud_service.catalog.tables import PositionRow, ProductRow
from cloud_service.changes.guards import TENFOLD, Finding, Move, Rails, of_change, of_move, tallied
from cloud_service.changes.tables import LISTED
from cloud_service.pricing.book import counting
from cloud_service.pricing.tables import PriceRow
from cloud_service.storage.engine import Unit

Columns = type[PriceRow] | ReadOnlyColumnCollection[str, Any]
_LOT = 5000


@dataclass(frozen=True)
class Spread:
    """How much changes in one store."""

    store_id: str
    products: int
    tiles: int


@dataclass(frozen=True)
class Tally:
    """Products by how their price moves; `other`: not itself, but what is told beside it."""

    raised: int = 0
    lowered: int = 0
    new: int = 0
    ended: int = 0
    other: int = 0

    @property
    def products(self) -> int:
        """Return how many there are."""
        return self.raised + self.lowered + self.new + self.ended + self.other

    @property
    def priced(self) -> int:
        """Return how many prices really move, or are new."""
        return self.products - self.other

    @classmethod
    def of(cls, steps: Iterable[tuple[int | None, int | None]]) -> Self:
        """Count steps of (old, new)."""
        counts = dict.fromkeys(("raised", "lowered", "new", "ended", "other"), 0)
        for old, new in steps:
            counts[_way(old, new)] += 1
        return cls(**counts)


def _way(old: int | None, new: int | None) -> str:
    if old is None or new is None:
        return "other" if old == new else "new" if old is None else "ended"
    return "other" if old == new else "raised" if new > old else "lowered"


class Step(NamedTuple):
    """One product's step. Minor units; `cost` only where it is known in the list's currency."""

    sku: str
    name: str
    old: int | None
    new: int | None
    cost: int | None


@dataclass(frozen=True)
class Ground:
    """Where a list is taken, from when, and in which currency."""

    scope: str
    at: int
    currency: str


def written_steps(ground: Ground, revision: int, *, moved: bool = False) -> Subquery:
    """Select the steps that a revision wrote; with `moved` only those that had a price before."""
    new, old = aliased(PriceRow), aliased(PriceRow)
    before = and_(old.zone == new.zone, old.sku == new.sku, old.revision == new.previous)
    wrote = new.previous.is_not(None) if moved else true()
    return (
        select(*_step(new, old, ProductRow.name, ground))
        .select_from(new)
        .outerjoin(old, and_(before, *_holds(old, ground.at)))
        .join(ProductRow, ProductRow.sku == new.sku)
        .where(new.zone == ground.scope, new.revision == revision, wrote)
        .subquery("steps")
    )


def waiting_steps(ground: Ground, change_id: str) -> Subquery:
    """Select the steps that a waiting list would make."""
    new, old = LISTED.c, aliased(PriceRow)
    counts = old.revision == counting(ground.scope, new.sku, ground.at)
    before = and_(old.zone == ground.scope, old.sku == new.sku, counts, *_holds(old, ground.at))
    return (
        select(*_step(new, old, new.name, ground))
        .select_from(LISTED)
        .outerjoin(old, before)
        .outerjoin(ProductRow, ProductRow.sku == new.sku)
        .where(new.change_id == change_id)
        .subquery("steps")
    )


def tally_of(unit: Unit, steps: Subquery) -> Tally:
    """Count steps by how they move."""
    old, new = steps.c.old, steps.c.new
    ways = {
        "raised": new > old,
        "lowered": new < old,
        "new": and_(old.is_(None), new.is_not(None)),
        "ended": and_(new.is_(None), old.is_not(None)),
    }
    sums = [func.coalesce(func.sum(case((way, 1), else_=0)), 0) for way in ways.values()]
    counted, *found = unit.execute(select(func.count(), *sums).select_from(steps)).one()
    counts = dict(zip(ways, map(int, found), strict=True))
    return Tally(**counts, other=counted - sum(counts.values()))


@dataclass(frozen=True)
class Watch:
    """What guards steps that take effect at an instant, and whether a store is open then."""

    rails: Rails
    at: int
    open_then: bool


def findings_of(unit: Unit, steps: Subquery, products: int, watch: Watch) -> list[Finding]:
    """Return what the rails say of steps: of each kind a few by name, and how many more."""
    of_all = of_change(products, watch.at, watch.rails)
    return tallied(chain(of_all, _suspected(unit, steps, watch)))


def largest(unit: Unit, steps: Subquery, limit: int) -> list[Step]:
    """Return the largest steps, in percent of the old price; what is new comes last."""
    old, new = steps.c.old, steps.c.new
    size = case((or_(old.is_(None), new.is_(None)), -1), else_=100 * func.abs(new - old) // old)
    query = select(steps).order_by(size.desc(), steps.c.sku).limit(limit)
    return [Step(*row) for row in unit.execute(query)]


def spread_of(unit: Unit, steps: Subquery, stores: Iterable[str]) -> list[Spread]:
    """Return how many products that hang, and tiles, change store by store."""
    here = PositionRow.store_id
    query = (
        select(here, func.count(PositionRow.sku.distinct()), func.count())
        .where(here.in_(list(stores)), PositionRow.sku.in_(select(steps.c.sku)))
        .group_by(here)
        .order_by(here)
    )
    return [Spread(*row) for row in unit.execute(query)]


def _step(new: Columns, old: Columns, name: Any, ground: Ground) -> tuple[Any, ...]:
    own = ProductRow.cost_currency == ground.currency
    return (
        new.sku.label("sku"),
        name.label("name"),
        _charged(old, ground.at).label("old"),
        _charged(new, ground.at).label("new"),
        case((own, ProductRow.cost)).label("cost"),
    )


def _charged(entry: Columns, at: int) -> ColumnElement[int | None]:
    """Return what one piece costs at an instant by an entry."""
    special = _window(entry.special_from, entry.special_until, at)
    alone = case((and_(entry.special.is_not(None), special), entry.special), else_=entry.regular)
    # Rounded up, as everywhere; both databases divide whole numbers toward zero.
    pieces = entry.multi_quantity
    share = (entry.multi_price + pieces - 1) // pieces
    shared = and_(
        pieces.is_not(None),
        entry.multi_must_buy.is_(False),
        _window(entry.multi_from, entry.multi_until, at),
        or_(alone.is_(None), share < alone),
    )
    return case((shared, share), else_=alone)


def _window(since: Any, until: Any, at: int) -> ColumnElement[bool]:
    return and_(or_(since.is_(None), since <= at), or_(until.is_(None), until > at))


def _holds(entry: type[PriceRow], at: int) -> tuple[ColumnElement[bool], ...]:
    ends = entry.effective_until
    return entry.effective_from <= at, or_(ends.is_(None), ends > at)


def _suspected(unit: Unit, steps: Subquery, watch: Watch) -> Iterator[Finding]:
    """Yield what the rails say of the steps that they could say anything of."""
    query = _suspects(steps, watch)
    with unit.execute(query.execution_options(yield_per=_LOT)) as rows:
        for row in rows:
            step = Step(*row)
            if step.new is not None:
                move = Move(step.sku, step.old, step.new, step.cost)
                yield from of_move(move, watch.rails, open_then=watch.open_then)


def _suspects(steps: Subquery, watch: Watch) -> Select[Any]:
    """Select all steps that a rail might be about, and few others: the rails themselves decide."""
    rails, (old, new, cost) = watch.rails, (steps.c.old, steps.c.new, steps.c.cost)
    least = TENFOLD[0]
    might = [new < cost, new >= least * old, old >= least * new]
    limits = [one for one in (rails.confirm_percent, rails.approve_percent) if one is not None]
    if limits:
        might.append(100 * func.abs(new - old) >= min(limits) * old)
    if watch.open_then and rails.increase_in_hours is not None:
        might.append(new > old)
    return select(steps).where(or_(*might)).order_by(steps.c.sku)
