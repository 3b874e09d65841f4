"""The use cases of the catalogue: products, stores, price zones and planograms are edited here.

Each in its own transaction. Raises ServiceErrors; what fails has changed nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from cloud_service.catalog.checks import check_product
from cloud_service.catalog.devices import Marked
from cloud_service.catalog.fixtures import name_fixture
from cloud_service.catalog.gtins import gtins_of, sku_of_gtin
from cloud_service.catalog.planogram import Position, positions_at, positions_of_store
from cloud_service.catalog.products import Product, add_product, find_product, replace_product
from cloud_service.catalog.stores import Store, add_store, find_store, replace_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.catalog.zones import Zone, add_zone, all_zones, find_zone, stores_by_zone
from cloud_service.changes.drafting import Guard
from cloud_service.changes.facts import Edit, close_edit, note_edit, open_edit
from cloud_service.changes.hanging import Hanging, publish_planogram
from cloud_service.changes.publishing import Author
from cloud_service.changes.tables import ChangeRow
from cloud_service.clock import Clock
from cloud_service.errors import Conflict, NotFound
from cloud_service.pricing.book import priced
from cloud_service.services.products import product_view
from cloud_service.services.stores import store_view
from cloud_service.services.views.edits import Edited
from cloud_service.services.views.planograms import Hung, PlaceView, PlanogramView
from cloud_service.services.views.products import ProductView
from cloud_service.services.views.stores import StoreView, ZoneView
from cloud_service.storage import Storage, Unit

_OF_TILES = (
    "name", "brand", "size", "gtin", "net_milli", "net_measure", "weighed", "plu", "deposits",
    "perishable", "on_sale_since", "origin", "image", "facts",
)  # fmt: skip
"""What of a product a tile or its price depends on."""
_PRINTED_OF_STORES = ("tz", "locale", "jurisdiction", "zone")
_NAMED = 5


class Catalogue:
    """Edits and looks at the catalogue. Amounts are minor units, instants UTC seconds."""

    def __init__(self, storage: Storage, clock: Clock, guard: Callable[[], Guard]) -> None:
        self._storage = storage
        self._clock = clock
        self._guard = guard

    # -- products

    def by_gtin(self, *, gtin: str) -> str:
        """Return the SKU of the product that a GTIN names; raise NotFound."""
        with self._storage.read() as unit:
            found = sku_of_gtin(unit, gtin)
        if found is None:
            raise NotFound(f"No product has the GTIN {gtin}.")
        return found

    def add_product(
        self, *, product: Product, gtins: Sequence[str] = (), actor: str, note: str = ""
    ) -> ProductView:
        """Add a product, named by GTINs beside the one that is printed.

        Raises Invalid naming the field that cannot be, Conflict where the SKU or a GTIN is taken.
        """
        check_product(product, gtins)
        with self._storage.begin() as unit:
            author = self._author(actor, note)
            revision = open_edit(unit, author)
            add_product(unit, product, gtins, revision)
            data = {"sku": product.sku}
            edit = Edit("product added", f"product {product.sku}", "product.added", data, author)
            self._close(unit, revision, edit, hangs=product.sku)
            return product_view(unit, product.sku, None, author.at)

    def edit_product(
        self,
        *,
        sku: str,
        changes: Mapping[str, Any],
        expected: int | None = None,
        actor: str,
        note: str = "",
    ) -> Edited[ProductView]:
        """Change fields of a product by their names, and have every tile that prints them follow.

        `gtins` are those beside the printed one. Raises Conflict where `expected` is not the
        revision that stands.
        """
        with self._storage.begin() as unit:
            author = self._author(actor, note)
            before, others = find_product(unit, sku), gtins_of(unit, [sku]).get(sku, ())
            _check_version(f"product {sku}", before.revision, expected)
            fields = {name: value for name, value in changes.items() if name != "gtins"}
            after = replace(before, **fields)
            gtins = changes.get("gtins", others)
            check_product(after, gtins)
            revision = open_edit(unit, author)
            replace_product(unit, after, gtins, revision)
            data = {"sku": sku, "fields": sorted(changes)}
            edit = Edit("product changed", f"product {sku}", "product.changed", data, author)
            prints = any(getattr(before, name) != getattr(after, name) for name in _OF_TILES)
            marked = self._close(unit, revision, edit, hangs=sku if prints else None)
            return Edited(product_view(unit, sku, None, author.at), marked.tiles)

    # -- zones and stores

    def zones(self) -> list[ZoneView]:
        """Return all price zones with their stores."""
        with self._storage.read() as unit:
            stores = stores_by_zone(unit)
            return [_zone_view(zone, stores) for zone in all_zones(unit)]

    def zone(self, *, zone: str) -> ZoneView:
        """Return one price zone."""
        with self._storage.read() as unit:
            return _zone_view(find_zone(unit, zone), stores_by_zone(unit))

    def add_zone(self, *, zone: Zone, actor: str, note: str = "") -> ZoneView:
        """Add a price zone, for stores to be moved into."""
        with self._storage.begin() as unit:
            add_zone(unit, zone)
            data = {"zone": zone.id}
            author = self._author(actor, note)
            note_edit(unit, Edit("price zone added", f"zone {zone.id}", "zone.added", data, author))
            return _zone_view(zone, {})

    def add_store(self, *, store: Store, actor: str, note: str = "") -> StoreView:
        """Add a store; with a zone of its own id that zone is made with it."""
        with self._storage.begin() as unit:
            author = self._author(actor, note)
            add_store(unit, store)
            data = {"store": store.id}
            note_edit(unit, Edit("store added", f"store {store.id}", "store.added", data, author))
            return store_view(unit, store.id, author.at)

    def edit_store(
        self,
        *,
        store: str,
        changes: Mapping[str, Any],
        expected: int | None = None,
        confirm: bool = False,
        actor: str,
        note: str = "",
    ) -> Edited[StoreView]:
        """Change fields of a store by their names, its zone among them; its shelves follow.

        A zone in which products that hang there have no price is a Conflict unless `confirm` says
        that it is meant: their tiles go bare.
        """
        with self._storage.begin() as unit:
            author, before = self._author(actor, note), find_store(unit, store)
            _check_version(f"store {store}", before.version, expected)
            after = replace_store(unit, replace(before, **changes))
            if after.zone != before.zone and not confirm:
                _check_priced(unit, after)
            revision = open_edit(unit, author)
            data = {"store": store, "fields": sorted(changes)}
            edit = Edit("store changed", f"store {store}", "store.changed", data, author)
            prints = any(
                getattr(before, name) != getattr(after, name) for name in _PRINTED_OF_STORES
            )
            touched = PositionRow.store_id == (store if prints else "")
            marked = close_edit(unit, revision, edit, touched, self._guard().inspector)
            return Edited(store_view(unit, store, author.at), marked.tiles)

    # -- planograms

    def hang(self, *, store: str, hanging: Hanging, actor: str, note: str = "") -> Hung:
        """Hang positions as one change; what hangs already is left alone."""
        with self._storage.begin() as unit:
            found, author = find_store(unit, store), self._author(actor, note)
            done = publish_planogram(unit, found, hanging, author, self._guard().inspector)
            positions = len(hanging.places)
            if done is None:
                return Hung(None, None, store, positions, 0)
            return Hung(done.id, done.revision, store, positions, done.tiles)

    def planogram(self, *, store: str, revision: int | None = None) -> PlanogramView:
        """Return what hangs in a store, or what hung as of a revision, in walking order."""
        with self._storage.read() as unit:
            found = find_store(unit, store)
            if revision is None:
                positions = positions_of_store(unit, found.id)
            else:
                positions = positions_at(unit, found.id, revision)
            return PlanogramView(store, revision, tuple(_place_view(one) for one in positions))

    def planogram_revisions(self, *, store: str) -> list[tuple[int, int, str, str]]:
        """Return (revision, instant, who, why) of a store's planograms, the newest first."""
        query = (
            select(ChangeRow.revision, ChangeRow.at, ChangeRow.actor, ChangeRow.note)
            .where(ChangeRow.kind == "planogram", ChangeRow.revision.is_not(None))
            .order_by(ChangeRow.revision.desc())
        )
        with self._storage.read() as unit:
            rows = unit.execute(query.where(ChangeRow.store_id == find_store(unit, store).id))
            return [(revision or 0, at, actor, note) for revision, at, actor, note in rows]

    def name_fixture(
        self, *, store: str, bay: int, shelf: int = 0, name: str | None, actor: str
    ) -> None:
        """Give a bay, or one of its shelves, a name; None takes it away."""
        with self._storage.begin() as unit:
            found = find_store(unit, store)
            name_fixture(unit, found.id, (bay, shelf), name)
            data = {"store": store, "bay": bay, "shelf": shelf, "name": name or ""}
            author = self._author(actor, "")
            note_edit(unit, Edit("shelf named", f"store {store}", "store.changed", data, author))

    def _close(self, unit: Unit, revision: int, edit: Edit, *, hangs: str | None) -> Marked:
        touched = and_(PositionRow.sku.is_not(None), PositionRow.sku == (hangs or ""))
        return close_edit(unit, revision, edit, touched, self._guard().inspector)

    def _author(self, actor: str, note: str) -> Author:
        return Author(actor, note, self._clock.now())


def _check_version(what: str, present: int, expected: int | None) -> None:
    if expected is not None and expected != present:
        raise Conflict(f"Somebody else changed {what} meanwhile; look at it again.", present)


def _check_priced(unit: Unit, store: Store) -> None:
    """Raise Conflict naming the products that hang in a store and have no price in its zone."""
    query = (
        select(PositionRow.sku)
        .where(
            PositionRow.store_id == store.id,
            PositionRow.sku.is_not(None),
            ~priced(store.zone, PositionRow.sku),
        )
        .distinct()
        .order_by(PositionRow.sku)
    )
    bare = [sku for sku in unit.scalars(query) if sku is not None]
    if bare:
        more = f" and {len(bare) - _NAMED} more" if len(bare) > _NAMED else ""
        raise Conflict(
            f"{', '.join(bare[:_NAMED])}{more} hang in store {store.id} and have no price in zone"
            f" {store.zone}: their tiles would go bare. Confirm that this is meant."
        )


def _zone_view(zone: Zone, stores: Mapping[str, Sequence[str]]) -> ZoneView:
    return ZoneView(zone.id, zone.name, zone.currency, tuple(stores.get(zone.id, ())))


def _place_view(position: Position) -> PlaceView:
    return PlaceView(
        position=position.position,
        device_id=position.device_id,
        panel=position.panel,
        sku=position.sku,
        facings=position.facings,
    )
