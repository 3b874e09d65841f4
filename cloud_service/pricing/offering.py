"""An offering: all that the book says about one product in one store, over time.

A store's own prices (overrides) go before its zone's. Of the records that hold at an instant the
one that began last counts, and of those that began together the newest revision: a price set now
goes before an older one, and one that was set for next week still comes next week. The order in
which records are handed in means nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.promotions import Promotion
from cloud_service.pricing.window import ALWAYS, Window

NOTHING = PriceEntry()
"""The entry that takes an override back."""


@dataclass(frozen=True, slots=True)
class Record:
    """A price entry in the book: the revision that wrote it, and when it holds."""

    revision: int
    window: Window
    entry: PriceEntry

    @property
    def order(self) -> tuple[int, int]:
        """How records compare: what began later, then what was written later, goes before."""
        since = self.window.since
        return (-1 if since is None else since), self.revision

    @property
    def edges(self) -> Iterator[int]:
        """Yield the instants at which a price may change by it."""
        yield from self.window.edges
        if self.entry.special is not None:
            yield from self.entry.special_window.edges
        if self.entry.multi_quantity is not None:
            yield from self.entry.multi_window.edges


@dataclass(frozen=True, slots=True)
class Offering:
    """The records of a store's zone, its own, and the promotions that name the product."""

    zone: Sequence[Record]
    store: Sequence[Record] = ()
    promotions: Sequence[Promotion] = ()

    @classmethod
    def of(cls, entry: PriceEntry) -> "Offering":
        """Return the offering of one entry that holds always."""
        return cls((Record(0, ALWAYS, entry),))

    def record_at(self, instant: int) -> Record | None:
        """Return the record that counts at an instant, or None where there is no price."""
        own = newest(self.store, instant) if self.store else None
        found = own if own is not None and own.entry != NOTHING else newest(self.zone, instant)
        return found if found is not None and found.entry != NOTHING else None

    def charging(self, amount: int, now: int) -> "Offering":
        """Return the offering with a price set by hand: from now on one piece costs `amount`."""
        there = newest(self.zone, now)
        before = there.entry if there is not None else PriceEntry()
        revision = 1 + max((record.revision for record in self.zone), default=0)
        record = Record(revision, Window(now, None), before.charged_from_now(amount, now))
        return Offering((*self.zone, record), self.store, self.promotions)

    def edges(self, after: int, until: int) -> list[int]:
        """Return the instants in (after, until] at which anything may change, in order."""
        found: set[int] = set()
        for record in (*self.zone, *self.store):
            found.update(edge for edge in record.edges if after < edge <= until)
        for promotion in self.promotions:
            found.update(edge for edge in promotion.edges if after < edge <= until)
        return sorted(found)

    def began(self) -> int | None:
        """Return when the product first had a price; None where that was always so."""
        first = [record.window.since for record in (*self.zone, *self.store)]
        return None if None in first else min((at for at in first if at is not None), default=None)


def newest(records: Sequence[Record], instant: int) -> Record | None:
    """Return the record that counts among some at an instant, or None."""
    if len(records) == 1:
        return records[0] if records[0].window.holds(instant) else None
    held = [record for record in records if record.window.holds(instant)]
    return max(held, key=lambda record: record.order, default=None)
