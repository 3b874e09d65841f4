"""A draft: what a change does to prices and promotions, before anybody sees it on a shelf.

Pure values. A line sets what one piece costs, brings a whole entry, or takes an override away.
"""

from dataclasses import dataclass, field, replace

from cloud_service.changes.states import Standing, State
from cloud_service.changes.tables import Kind
from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.offering import NOTHING
from cloud_service.pricing.promotions import Promotion


@dataclass(frozen=True, slots=True)
class Line:
    """What a draft does to one product's price. `seen` is the revision its author saw."""

    sku: str
    amount: int | None = None
    entry: PriceEntry | None = None
    seen: int | None = None

    def applied(self, before: PriceEntry, at: int) -> PriceEntry:
        """Return the entry that holds from an instant on, in place of the one before."""
        if self.amount is not None:
            return before.charged_from_now(self.amount, at)
        return self.entry if self.entry is not None else NOTHING


@dataclass(frozen=True, slots=True)
class Offered:
    """A promotion in a draft, with the products it names."""

    promotion: Promotion
    skus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that is worked on. Instants are UTC seconds; `at` None: as soon as published."""

    id: str
    kind: Kind
    scope: str
    store_id: str
    author: str
    note: str
    state: State = "draft"
    version: int = 1
    drafted_at: int = 0
    at: int | None = None
    until: int | None = None
    confirmed: bool = False
    needs_approval: bool = False
    approved_by: str | None = None
    lines: tuple[Line, ...] = ()
    promotions: tuple[Offered, ...] = field(default=())
    listed: int = 0
    """How many rows of a price list wait in the database; see lists.py."""

    @property
    def standing(self) -> Standing:
        """Return where it stands, for the table of states."""
        return Standing(self.state, self.author, self.needs_approval, self.approved_by)

    @property
    def skus(self) -> tuple[str, ...]:
        """Return every product it touches, each once."""
        named = [sku for offered in self.promotions for sku in offered.skus]
        return tuple(sorted({line.sku for line in self.lines} | set(named)))

    @property
    def size(self) -> int:
        """Return how many products it touches."""
        return len(self.skus) or self.listed

    def takes_effect(self, now: int) -> int:
        """Return when it takes effect, were it published now."""
        return now if self.at is None else max(self.at, now)

    def edited(self, **fields: object) -> "Draft":
        """Return the draft as edited: another version, unconfirmed, and approvals are void."""
        fresh = {"state": "draft", "approved_by": None, "confirmed": False}
        return replace(self, **{**fresh, **fields}, version=self.version + 1)  # type: ignore[arg-type]
