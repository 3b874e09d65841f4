"""What devices must show: planogram, products and prices brought together, for many at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cloud_service.catalog.devices import stores_of_devices
from cloud_service.catalog.hours import instant_of
from cloud_service.catalog.planogram import Position, by_device, positions_of_devices
from cloud_service.catalog.products import Product, products_by_sku
from cloud_service.catalog.stores import Store, find_store
from cloud_service.pricing.book import Listing, listings
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.resolution import HORIZON_S
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.bundles import stored_manifest
from cloud_service.shelves.composition import Facts, on_panel, showings
from cloud_service.storage.engine import Unit
from label_templates.bundles import installed_bundle
from label_templates.contract.tile import Showing

NEW_DAYS = 30
"""How long a product is told to be new after the day on which it went on sale."""


@dataclass(frozen=True)
class DevicePlan:
    """What one device must show. `revision` is the newest that concerns any of its positions.

    A device that lost all its positions must show nothing, or its old prices would hang for ever.
    """

    device_id: str
    store: Store
    revision: int
    panels: Mapping[str, str]
    """The panel at each position, those without a tile among them."""
    tiles: Mapping[str, list[Showing]]
    """What each position's tile shows in turn; a position without product or price is absent."""


@dataclass(frozen=True)
class Shelf:
    """Positions with all that is known about what stands there."""

    stores: Mapping[str, Store]
    positions: list[Position]
    products: Mapping[str, Product]
    listings: Mapping[tuple[str, str], Listing]
    """By (store, SKU)."""
    assets: Mapping[str, Collection[str]]
    """The SHA-256 of the files that the tiles of each store may name."""

    def listing(self, position: Position) -> Listing | None:
        """Return what the book says of what stands at a position."""
        return self.listings.get((position.store_id, position.sku)) if position.sku else None

    def product(self, position: Position) -> Product | None:
        """Return what stands at a position."""
        return self.products.get(position.sku) if position.sku else None

    def showings(
        self, position: Position, now: int, horizon: int = HORIZON_S
    ) -> list[Showing] | None:
        """Return what a position shows in turn; None where it has no product or no price."""
        product, listing = self.product(position), self.listing(position)
        if product is None or listing is None:
            return None
        store = self.stores[position.store_id]
        facts = facts_of(product, store, self.assets[store.id])
        shown = showings(facts, listing.offering, terms_of(store, now), now, horizon)
        return [on_panel(showing, position.panel) for showing in shown] or None

    def showing_now(self, position: Position, now: int) -> Showing | None:
        """Return what a position shows at an instant; None where it has no product or price."""
        shown = self.showings(position, now, horizon=0)
        return shown[0] if shown else None


def plan_devices(
    unit: Unit, device_ids: Collection[str], now: int, horizon: int = HORIZON_S
) -> dict[str, DevicePlan]:
    """Return what each device must show; one that is not known is absent."""
    shelf = read_shelf(unit, positions_of_devices(unit, device_ids), now)
    plans = {device: _plan(shelf, device, theirs, now, horizon)
             for device, theirs in by_device(shelf.positions).items()}  # fmt: skip
    homes = stores_of_devices(unit, set(device_ids) - plans.keys())
    bare = {device: _bare(unit, device, store) for device, store in homes.items()}
    return plans | bare


def read_shelf(unit: Unit, positions: list[Position], now: int) -> Shelf:
    """Read what stands at some positions, in as many queries as there are stores."""
    stores = {store: find_store(unit, store) for store in {p.store_id for p in positions}}
    products = products_by_sku(unit, {p.sku for p in positions if p.sku})
    found: dict[tuple[str, str], Listing] = {}
    for store in stores.values():
        skus = {p.sku for p in positions if p.sku and p.store_id == store.id}
        listed = listings(unit, store.zone, store.id, skus, now)
        found.update(((store.id, sku), listing) for sku, listing in listed.items())
    assets = {store.id: assets_of(unit, store, products.values()) for store in stores.values()}
    return Shelf(stores, positions, products, found, assets)


def facts_of(product: Product, store: Store, assets: Collection[str]) -> Facts:
    """Return what of a product a tile of a store depends on.

    A photo or a document that is not among the files of the store's bundle cannot be drawn, and is
    left out.
    """
    return Facts(
        sku=product.sku,
        name=product.name,
        brand=product.brand,
        size=product.size,
        gtin=product.gtin,
        goods=goods_of(product, store),
        plu=product.plu,
        origin=product.origin,
        image=product.image if product.image in assets else None,
        facts=product.facts if product.facts in assets else None,
        new_until=_new_until(product, store),
    )


def goods_of(product: Product, store: Store) -> Goods:
    """Return what of a product its price in a store depends on."""
    return Goods(
        net_milli=product.net_milli,
        measure=product.net_measure,
        weighed=product.weighed,
        deposit=product.deposit_in(store.jurisdiction, store.currency),
        perishable=product.perishable,
    )


def assets_of(unit: Unit, store: Store, products: Iterable[Product]) -> Collection[str]:
    """Return the SHA-256 of the files that tiles of some products may name in a store."""
    if not any(product.image or product.facts for product in products):
        return ()
    installed = installed_bundle()
    if store.bundle is None or store.bundle == installed.digest:
        return installed.manifest.assets
    manifest = stored_manifest(unit, store.bundle)
    return manifest.assets if manifest is not None else ()


def _new_until(product: Product, store: Store) -> int | None:
    if product.on_sale_since is None:
        return None
    last = date.fromisoformat(product.on_sale_since) + timedelta(days=NEW_DAYS)
    return instant_of(datetime.combine(last, time()), store.tz)


def terms_of(store: Store, now: int) -> Terms:
    """Return a store's money, its zone, and the law of the day that it is there."""
    today = datetime.fromtimestamp(now, ZoneInfo(store.tz)).date()
    return Terms(rules_of(store.jurisdiction, today), store.currency, store.tz)


def _bare(unit: Unit, device_id: str, store_id: str) -> DevicePlan:
    """Plan a device that drives no position."""
    return DevicePlan(device_id, find_store(unit, store_id), revision=0, panels={}, tiles={})


def _plan(
    shelf: Shelf, device_id: str, positions: list[Position], now: int, horizon: int
) -> DevicePlan:
    tiles = {p.position: shelf.showings(p, now, horizon) for p in positions}
    return DevicePlan(
        device_id=device_id,
        store=shelf.stores[positions[0].store_id],
        revision=max(p.wanted_revision for p in positions),
        panels={p.position: p.panel for p in positions},
        tiles={position: shown for position, shown in tiles.items() if shown is not None},
    )
