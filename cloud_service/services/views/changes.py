"""Views of changes, drafted and published, and of what they would do."""

from dataclasses import dataclass
from typing import Literal

ChangeState = Literal[
    "draft", "submitted", "approved", "scheduled", "published", "rolled-back", "cancelled"
]


ChangeKind = Literal["price", "promotion", "import", "planogram", "bundle", "rollback"]


ChangeAction = Literal[
    "edit", "submit", "approve", "reject", "schedule", "publish", "cancel", "roll-back"
]


@dataclass(frozen=True)
class ChangeView:
    """What somebody published: how many prices it changed and how many tiles had to follow."""

    id: str
    kind: ChangeKind
    store_id: str | None
    revision: int
    actor: str
    note: str
    at: int
    prices: int
    tiles: int


@dataclass(frozen=True)
class DraftView:
    """A change, drafted or published. Instants are UTC seconds."""

    id: str
    kind: ChangeKind
    store_id: str
    own: bool
    """Whether it is about the store's own prices, over its zone's."""
    state: ChangeState
    version: int
    author: str
    note: str
    at: int
    """When it was published, or drafted while it is not."""
    effective_from: int | None
    effective_until: int | None
    needs_approval: bool
    approved_by: str | None
    restores: str | None
    revision: int | None
    products: int
    tiles: int
    possible: tuple[ChangeAction, ...]
    """What the one who asks may do with it now."""


@dataclass(frozen=True)
class DifferenceView:
    """One product's price in one store, before and after; None: no price. Minor units."""

    store_id: str
    currency: str
    sku: str
    name: str
    old: int | None
    new: int | None
    percent: int | None
    old_reason: str | None
    new_reason: str | None
    positions: tuple[str, ...]


@dataclass(frozen=True)
class FindingView:
    """What a guard rail says: refused, to be confirmed, or for a second person to approve."""

    level: Literal["refuse", "confirm", "approve"]
    code: str
    reason: str
    sku: str | None


@dataclass(frozen=True)
class StoreSpread:
    """How much changes in one store."""

    store_id: str
    products: int
    tiles: int


@dataclass(frozen=True)
class TallyView:
    """Products by how their price moves; `other`: only what is told of them, or of the price."""

    products: int
    raised: int
    lowered: int
    new: int
    ended: int
    other: int


@dataclass(frozen=True)
class OutlookView:
    """What a change would do at the instant `at`."""

    at: int
    differences: tuple[DifferenceView, ...]
    """All of them; of a list those with the largest steps."""
    findings: tuple[FindingView, ...]
    tally: TallyView
    stores: tuple[StoreSpread, ...]
    tiles: int
