"""The use cases of the cloud service, each in its own transaction, for every door alike."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import BinaryIO, Literal

from cloud_service.catalog.stores import Store, add_store, find_store
from cloud_service.changes.hanging import Place, publish_planogram
from cloud_service.changes.pricing import check_version, publish_prices
from cloud_service.changes.publishing import Author
from cloud_service.clock import Clock
from cloud_service.delivery.queries import Choice
from cloud_service.errors import Invalid
from cloud_service.pricing.book import standing
from cloud_service.pricing.imports.reading import Progress
from cloud_service.services import pictures, products, stores, tiles
from cloud_service.services.changes import latest_changes
from cloud_service.services.importing import FileFormat, Import, run_import
from cloud_service.services.schema import metadata
from cloud_service.services.views import (
    BayView,
    ChangeView,
    DeviceView,
    ImportReport,
    PriceChange,
    PriceSet,
    PricesSet,
    PriceStep,
    PriceView,
    ProductPage,
    ProductView,
    Standing,
    Status,
    StoreView,
    TileState,
    TileView,
)
from cloud_service.settings import Settings
from cloud_service.shelves.preview import Pictures
from cloud_service.storage import Storage
from cloud_service.storage.events import Event, append_event, events_after, last_event_id
from cloud_service.storage.schema import migrate
from label_templates.drawing.frame import Frame

OnError = Literal["stop", "continue"]


class Services:
    """All use cases. Amounts are minor units of the store's currency, instants UTC seconds.

    Every one raises a ServiceError that says what is wrong and has changed nothing then. One
    Services serves several threads.
    """

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self.storage = storage
        self.clock = clock
        self._pictures = Pictures()

    def close(self) -> None:
        """Close the database."""
        self.storage.close()

    # -- stores and planograms

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
        self, *, store: str, positions: Iterable[Place], actor: str, note: str = ""
    ) -> int:
        """Hang (position, device, panel, SKU or None); return how many tiles must follow."""
        with self.storage.begin() as unit:
            found = find_store(unit, store)
            author = Author(actor, note, self.clock.now())
            return publish_planogram(unit, found, list(positions), author).tiles

    def bay(self, *, store: str, number: int) -> BayView:
        """Return a bay with its shelves and tiles."""
        with self.storage.read() as unit:
            return tiles.bay_view(unit, store, number, self._pictures, self.clock.now())

    def tile(self, *, store: str, position: str) -> TileView:
        """Return one tile."""
        with self.storage.read() as unit:
            return tiles.tile_view(unit, store, position, self._pictures, self.clock.now())

    def tiles(
        self,
        *,
        store: str,
        states: Collection[TileState] | None = None,
        skus: Collection[str] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[TileView]:
        """Return a store's tiles in the order of their positions' names, from after one on."""
        choice = Choice(states, skus, after, limit)
        with self.storage.read() as unit:
            now = self.clock.now()
            return tiles.chosen_views(unit, store, choice, self._pictures, now)

    def standing(self, *, store: str, skus: Collection[str]) -> Standing:
        """Return how far the tiles of some SKUs have followed; cheap, to be asked often."""
        with self.storage.read() as unit:
            return tiles.standing_of(unit, store, skus, self.clock.now())

    def devices(self, *, store: str | None = None) -> list[DeviceView]:
        """Return the devices of a store, or of all."""
        with self.storage.read() as unit:
            return tiles.device_views(unit, store, self.clock.now())

    def status(self, *, store: str | None = None) -> Status:
        """Return how far the shelves of a store, or of all, have followed."""
        with self.storage.read() as unit:
            return tiles.status_of(unit, store, self._pictures, self.clock.now())

    # -- products and prices

    def search(
        self,
        *,
        store: str | None = None,
        text: str = "",
        after: str | None = None,
        limit: int = 50,
    ) -> ProductPage:
        """Return products by words of their name or brand, SKU or GTIN; `after` pages on."""
        if not 1 <= limit <= 500:
            raise Invalid("limit", f"{limit} products a page; 1 to 500 are possible")
        with self.storage.read() as unit:
            page = (after, limit)
            return products.search_page(unit, store, text, page, self.clock.now())

    def product(self, *, sku: str, store: str | None = None) -> ProductView:
        """Return a product, with its price and places where a store is given."""
        with self.storage.read() as unit:
            return products.product_view(unit, sku, store, self.clock.now())

    def prices(self, *, sku: str) -> list[PriceView]:
        """Return what a product costs in each store that sells it."""
        with self.storage.read() as unit:
            return products.price_views(unit, sku, self.clock.now())

    def history(self, *, store: str, sku: str, limit: int = 50) -> list[PriceChange]:
        """Return how a product's price in a store came to be, newest first."""
        with self.storage.read() as unit:
            return products.price_history(unit, store, sku, limit)

    def upcoming(self, *, store: str, sku: str) -> list[PriceStep]:
        """Return what a product will cost in the coming year, as the book stands."""
        with self.storage.read() as unit:
            return products.upcoming_prices(unit, store, sku, self.clock.now())

    def set_price(
        self,
        *,
        store: str,
        sku: str,
        amount_minor: int,
        actor: str,
        expected_version: int | None = None,
        note: str = "",
    ) -> PriceSet:
        """Set what one piece costs from now on; a promotion in force that hides it ends.

        Raises Conflict where `expected_version` is not the version that stands.
        """
        with self.storage.begin() as unit:
            found, now = find_store(unit, store), self.clock.now()
            check_version(sku, standing(unit, found.zone, [sku]).get(sku), expected_version)
            old = products.effective_price(unit, found, sku, now)
            author = Author(actor, note, now)
            done = publish_prices(unit, found, {sku: amount_minor}, author)
        return PriceSet(done.id, done.revision, store, sku, old, amount_minor, done.tiles)

    def set_prices(
        self, *, store: str, prices: Iterable[tuple[str, int]], actor: str, note: str = ""
    ) -> PricesSet:
        """Set many prices (SKU, amount) as one change, all or none."""
        amounts = _amounts(prices)
        with self.storage.begin() as unit:
            found = find_store(unit, store)
            author = Author(actor, note, self.clock.now())
            done = publish_prices(unit, found, amounts, author)
        return PricesSet(done.id, done.revision, store, done.prices, done.tiles)

    def import_prices(
        self,
        *,
        store: str,
        source: Path | BinaryIO,
        format: FileFormat,
        actor: str,
        dry_run: bool = False,
        on_error: OnError = "stop",
        progress: Progress | None = None,
        note: str = "",
    ) -> ImportReport:
        """Take a price list as one change, or say what is wrong with it; see docs.

        A row in error keeps the whole file out unless `on_error` is continue. A dry run does
        everything and then undoes it.
        """
        order = Import(
            store=store,
            source=source,
            profile=format,
            author=Author(actor, note, self.clock.now()),
            dry_run=dry_run,
            go_on=on_error == "continue",
            progress=progress,
        )
        return run_import(self.storage, order)

    def changes(self, *, store: str | None = None, limit: int = 20) -> list[ChangeView]:
        """Return what was published last in a store, or anywhere, newest first."""
        with self.storage.read() as unit:
            return latest_changes(unit, store, limit)

    # -- pictures

    def preview(
        self, *, store: str, sku: str, panel: str, amount_minor: int | None = None
    ) -> Frame:
        """Draw a product's tile on a kind of panel, were its price set to an amount now."""
        with self.storage.read() as unit:
            wish = pictures.Wish(amount_minor, self.clock.now())
            look = pictures.look_of_product(unit, store, sku, panel, wish)
        return self._pictures.frame(look.showing, look.panel, look.store)

    def position_preview(
        self, *, store: str, position: str, amount_minor: int | None = None
    ) -> Frame:
        """Draw the tile of a position, were its product's price set to an amount now."""
        with self.storage.read() as unit:
            wish = pictures.Wish(amount_minor, self.clock.now())
            look = pictures.look_of_position(unit, store, position, wish)
        return self._pictures.frame(look.showing, look.panel, look.store)

    def tile_image(self, *, store: str, position: str) -> tuple[Frame, str] | None:
        """Draw what hangs at a position by its last ack, with its tag; None before the first."""
        with self.storage.read() as unit:
            now = self.clock.now()
            return pictures.hanging_picture(unit, store, position, self._pictures, now)

    def wanted_image(self, *, store: str, position: str) -> tuple[Frame, str] | None:
        """Draw what should hang at a position now, with its tag; None: nothing should."""
        with self.storage.read() as unit:
            now = self.clock.now()
            return pictures.wanted_picture(unit, store, position, self._pictures, now)

    # -- events

    def events_after(self, *, after: int, limit: int = 500) -> list[Event]:
        """Return what happened after the event with an id, oldest first."""
        with self.storage.read() as unit:
            return events_after(unit, after, limit)

    def last_event_id(self) -> int:
        """Return the id of the newest event, 0 before the first."""
        with self.storage.read() as unit:
            return last_event_id(unit)


def open_services(settings: Settings, clock: Clock) -> Services:
    """Open the database, bring its schema up to date and return the use cases."""
    storage = Storage(settings.database)
    migrate(storage, metadata)
    return Services(storage, clock)


def _amounts(prices: Iterable[tuple[str, int]]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for sku, amount in prices:
        if amounts.setdefault(sku, amount) != amount:
            raise Invalid(f"price of {sku}", "it is given twice, with different amounts")
    return amounts
