"""Stores, and what hangs in them."""

from collections.abc import Iterable

from cloud_service.catalog.stores import Store, add_store, find_store
from cloud_service.changes.hanging import Hanging, Place, publish_planogram
from cloud_service.changes.publishing import Author
from cloud_service.services import stores
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.stores import StoreView
from cloud_service.storage.events import append_event


class Stores(Ground):
    """Stores, and what hangs in them."""

    def stores(self) -> list[StoreView]:
        """Return all stores with their tallies."""
        with self.storage.read() as unit:
            return stores.store_views(unit, self.clock.now())

    def store(self, *, store: str) -> StoreView:
        """Return one store."""
        with self.storage.read() as unit:
            return stores.store_view(unit, store, self.clock.now())

    def add_store(
        self,
        *,
        id: str,
        name: str,
        tz: str,
        currency: str,
        locale: str,
        jurisdiction: str,
        actor: str,
    ) -> StoreView:
        """Add a store. Its prices are its own: its zone has its id."""
        with self.storage.begin() as unit:
            add_store(unit, Store(id, name, tz, currency, locale, jurisdiction, zone=id))
            now = self.clock.now()
            append_event(unit, now, "store.added", {"store": id, "actor": actor})
        return self.store(store=id)

    def add_planogram(
        self,
        *,
        store: str,
        positions: Iterable[tuple[str, str | None, str, str | None]],
        actor: str,
        note: str = "",
    ) -> int:
        """Hang (position, device, panel, SKU or None); return how many tiles must follow."""
        with self.storage.alone() as unit:
            found = find_store(unit, store)
            author = Author(actor, note, self.clock.now())
            hanging = Hanging([Place(*place) for place in positions])
            published = publish_planogram(unit, found, hanging, author, self._inspector)
            return published.tiles if published is not None else 0
