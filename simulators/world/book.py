"""The price book of a world: products on positions, their prices, and what resolution says of them.

Prices resolve and tiles are composed by the cloud's own pure code, so the world's truth is the
product's truth.
"""

from dataclasses import replace
from datetime import date
from random import Random

from cloud_service.delivery.reconcile import Wanted
from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.composition import Facts, showing_at, showings
from label_templates.contract.tile import Showing
from label_templates.contract.twin import StoreWords

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
BUNDLES = tuple("sha256:" + digit * 64 for digit in "012")
"""The template bundles of a world; the first is installed on every device."""
WITHDRAWN = 0.5
"""In how many worlds one of the bundles is never to be had, storm or calm."""
TERMS = Terms(rules_of("HR", date(2026, 6, 21)), "EUR", "Europe/Zagreb")
KNOWN_AHEAD_S = 400 * 86_400

Place = tuple[str, str]
"""Device and position."""


class Book:
    """What stands where, and what it costs."""

    def __init__(self, places: list[Place], rng: Random) -> None:
        self._rng = rng
        self.bundle = BUNDLES[0]
        """The one that the store uses."""
        self._withdrawn = BUNDLES[-1] if rng.random() < WITHDRAWN else None
        self._entries: dict[Place, PriceEntry | None] = {
            place: PriceEntry(regular=rng.randint(50, 900)) for place in places
        }
        self._sku = {place: str(1000 + number) for number, place in enumerate(places)}

    def edit(self, place: Place, now: int) -> str:
        """Change something about a place, as merchandisers do; say what."""
        entry = self._entries[place]
        if entry is None:
            self._entries[place] = PriceEntry(regular=self._rng.randint(50, 900))
            return "hung"
        kind = self._rng.choices(("price", "special", "cleared", "gone"), (6, 6, 1, 1))[0]
        if kind == "price":
            self._entries[place] = entry.charged_from_now(self._rng.randint(50, 900), now)
        elif kind == "special":
            self._entries[place] = self._special(entry, now)
        else:
            self._entries[place] = entry.without_special() if kind == "cleared" else None
        return kind

    def use_another_bundle(self) -> str:
        """Have all tiles drawn with another template bundle; return its digest."""
        self.bundle = self._rng.choice([other for other in BUNDLES if other != self.bundle])
        return self.bundle

    def serves(self, bundle: str) -> bool:
        """Tell whether a template bundle can be had at all."""
        return bundle != self._withdrawn

    def _special(self, entry: PriceEntry, now: int) -> PriceEntry:
        since = now + self._rng.randint(0, 6 * 3600)
        until = since + self._rng.randint(300, 12 * 3600)
        special = self._rng.randint(1, max(entry.regular or 50, 2) - 1)
        bare = entry.without_special()
        return replace(bare, special=special, special_from=since, special_until=until)

    def wanted(self, device: str, now: int) -> Wanted:
        """Return what a device must show from now on."""
        tiles = {
            position: showings(
                self._facts((device, position)), Offering.of(entry), TERMS, now, KNOWN_AHEAD_S
            )
            for (owner, position), entry in self._entries.items()
            if owner == device and entry is not None
        }
        return Wanted(STORE, self.bundle, tiles)

    def truth(self, place: Place, instant: int) -> Showing | None:
        """Return what must hang at a place at an instant; None: nothing."""
        entry = self._entries[place]
        if entry is None:
            return None
        return showing_at(self._facts(place), Offering.of(entry), TERMS, instant)

    def flips_between(self, start: int, end: int) -> bool:
        """Tell whether any price flips within (start, end]."""
        known = [Offering.of(entry) for entry in self._entries.values() if entry]
        return any(offering.edges(start, end) for offering in known)

    def _facts(self, place: Place) -> Facts:
        sku = self._sku[place]
        goods = Goods(500_000, "g", weighed=False)
        return Facts(sku, f"Product {sku}", None, "500 g", None, goods)
