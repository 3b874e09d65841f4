"""Views of prices: what a product costs, why, and what setting it did."""

from dataclasses import dataclass

from cloud_service.services.views.changes import ChangeKind, ChangeState


@dataclass(frozen=True)
class DemandView:
    """One thing that a law asks of a tile: `unit-price`, by a text."""

    asks: str
    citation: str


@dataclass(frozen=True)
class PriceView:
    """What a product costs in a store now, and why. Amounts in minor units of `currency`."""

    store_id: str
    currency: str
    regular: int | None
    effective: int
    reason: str
    """Why this is the effective price: `regular price`, `special price until 2026-07-05`."""
    unit_price: str | None
    """As printed."""
    prior: int | None
    reference: int | None
    promotion_until: int | None
    must_print: tuple[DemandView, ...]
    """What its tile must print by law."""
    citations: tuple[str, ...]
    """The texts behind its unit price and its prior price."""
    deposit: int | None
    revision: int
    """The price book revision that set it."""
    version: int
    """Rises with each edit of this price: an editor hands it back so that two edits conflict."""


@dataclass(frozen=True)
class PriceSet:
    """What setting one price did."""

    change_id: str
    revision: int
    store_id: str
    sku: str
    old: int | None
    new: int
    tiles: int
    """How many tiles must follow."""
    state: ChangeState = "published"
    """What became of it: a change may wait for approval, or for its instant."""


@dataclass(frozen=True)
class PricesSet:
    """What setting many prices at once did."""

    change_id: str
    revision: int
    store_id: str
    prices: int
    """How many prices really changed."""
    tiles: int
    state: ChangeState = "published"


@dataclass(frozen=True)
class PriceChange:
    """One step in the history of a product's price in a store."""

    change_id: str
    kind: ChangeKind
    revision: int
    at: int
    actor: str
    note: str
    regular: int | None
    special: int | None


@dataclass(frozen=True)
class PriceStep:
    """What a product will cost from an instant on, without anybody doing anything."""

    at: int
    effective: int
    reason: str
