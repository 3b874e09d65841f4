"""Guard rails: which steps of a price nobody takes by accident, and which need a second person.

Pure. A finding has a level: `refuse`, it cannot be published as it stands; `confirm`, its author
must say that it is meant; `approve`, somebody else must agree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cloud_service.catalog.hours import OpeningHours
from cloud_service.pricing.window import Window

Level = Literal["refuse", "confirm", "approve"]
Code = Literal[
    "large-step", "ten-fold", "below-cost", "increase-in-hours", "frozen", "many-products"
]

TENFOLD = (8, 12)
"""Between 8 and 12 times, either way: a decimal point in the wrong place."""
SHOWN = 20
"""How many findings of a kind are named where a list has more."""


@dataclass(frozen=True, slots=True)
class Move:
    """One product's price as a change moves it, minor units. `old` None: it had no price."""

    sku: str
    old: int | None
    new: int
    cost: int | None = None
    """What the product costs the grocer."""

    @property
    def percent(self) -> int | None:
        """Return the step in whole percent of the old price, toward zero; None without one."""
        return None if self.old is None else int(100 * (self.new - self.old) / self.old)


@dataclass(frozen=True, slots=True)
class Freeze:
    """A span in which no price is published: a stocktaking, the days before a feast."""

    window: Window
    why: str


@dataclass(frozen=True, slots=True)
class Rails:
    """What a grocer wants guarded. Percentages of the old price; None: not guarded."""

    ten_fold: Level | None = "confirm"
    """A step of about ten times: a decimal point in the wrong place."""
    confirm_percent: int | None = None
    """A step of so much or more is one to confirm."""
    approve_percent: int | None = None
    """A step of so much or more needs a second person."""
    approve_products: int | None = None
    """A change of more products needs a second person."""
    below_cost: Level | None = "confirm"
    increase_in_hours: Level | None = None
    """Where customers may have taken a product from the shelf at the lower price."""
    freezes: tuple[Freeze, ...] = ()
    trusted: frozenset[str] = frozenset()
    """Whose price lists wait for nobody: what registers charge already. Refusals still hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a guard rail says about a change; `sku` where it is about one product."""

    level: Level
    code: Code
    reason: str
    sku: str | None = None


def findings(moves: Sequence[Move], at: int, hours: OpeningHours, rails: Rails) -> list[Finding]:
    """Return what the rails say of a change that takes effect at an instant, UTC seconds."""
    found = [*of_change(len(moves), at, rails)]
    open_then = hours.open_at(at)
    for move in moves:
        found += of_move(move, rails, open_then=open_then)
    return found


def tallied(found: Iterable[Finding]) -> list[Finding]:
    """Return what was found of many products: some of each kind by name, of the rest how many."""
    kinds: dict[tuple[Level, Code], list[Finding]] = {}
    more: dict[tuple[Level, Code], int] = {}
    for one in found:
        listed = kinds.setdefault((one.level, one.code), [])
        if len(listed) < SHOWN:
            listed.append(one)
        else:
            more[one.level, one.code] = more.get((one.level, one.code), 0) + 1
    for (level, code), count in more.items():
        kinds[level, code].append(Finding(level, code, f"and {count} more of this kind"))
    return [one for listed in kinds.values() for one in listed]


def of_change(products: int, at: int, rails: Rails) -> Iterator[Finding]:
    """Yield what the rails say of a change of so many products as a whole."""
    for freeze in rails.freezes:
        if freeze.window.holds(at):
            yield Finding("refuse", "frozen", f"prices are frozen then: {freeze.why}")
    most = rails.approve_products
    if most is not None and products > most:
        reason = f"{products} products change; more than {most} need a second person"
        yield Finding("approve", "many-products", reason)


def of_move(move: Move, rails: Rails, *, open_then: bool) -> Iterator[Finding]:
    """Yield what the rails say of one product's step."""
    if move.cost is not None and move.new < move.cost and rails.below_cost is not None:
        reason = f"{move.new} is below its cost of {move.cost} minor units"
        yield Finding(rails.below_cost, "below-cost", reason, move.sku)
    if move.old is None:
        return
    if rails.ten_fold is not None and slipped(move.old, move.new):
        reason = "about ten-fold: is the decimal point right?"
        yield Finding(rails.ten_fold, "ten-fold", reason, move.sku)
    raised = move.new > move.old
    if raised and open_then and rails.increase_in_hours is not None:
        reason = "a higher price while the store is open"
        yield Finding(rails.increase_in_hours, "increase-in-hours", reason, move.sku)
    yield from _of_step(move, rails)


def _of_step(move: Move, rails: Rails) -> Iterator[Finding]:
    percent = move.percent or 0
    limits: tuple[tuple[Level, int | None], ...] = (
        ("approve", rails.approve_percent),
        ("confirm", rails.confirm_percent),
    )
    for level, limit in limits:
        if limit is not None and abs(percent) >= limit:
            reason = f"a step of {percent:+} %; {limit} % or more"
            need = "need a second person" if level == "approve" else "are to be confirmed"
            yield Finding(level, "large-step", f"{reason} {need}", move.sku)


def slipped(old: int, new: int) -> bool:
    """Tell whether a step looks like a decimal point in the wrong place."""
    low, high = sorted((old, new))
    return TENFOLD[0] * low <= high <= TENFOLD[1] * low
