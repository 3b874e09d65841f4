"""What devices must show: planogram, products and prices brought together, for many at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cloud_service.catalog.devices import stores_of_devices
from cloud_service.catalog.planogram import Position, positions_of_devices
from cloud_service.catalog.products import Product, products_by_sku
from cloud_service.catalog.stores import Store, find_store
from cloud_service.pricing.book import Standing, standing
from cloud_service.pricing.resolution import HORIZON_S, Goods, Terms
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.composition import Facts, showings
from cloud_service.storage.engine import Unit
from label_templates.contract.tile import Showing


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
    prices: Mapping[tuple[str, str], Standing]
    """By (zone, SKU)."""

    def price(self, position: Position) -> Standing | None:
        """Return the price of what stands at a position."""
        zone = self.stores[position.store_id].zone
        return self.prices.get((zone, position.sku)) if position.sku else None

    def product(self, position: Position) -> Product | None:
        """Return what stands at a position."""
        return self.products.get(position.sku) if position.sku else None

    def showings(
        self, position: Position, now: int, horizon: int = HORIZON_S
    ) -> list[Showing] | None:
        """Return what a position shows in turn; None where it has no product or no price."""
        product, price = self.product(position), self.price(position)
        if product is None or price is None:
            return None
        terms = terms_of(self.stores[position.store_id])
        return showings(facts_of(product), price.entry, terms, now, horizon)

    def showing_now(self, position: Position, now: int) -> Showing | None:
        """Return what a position shows at an instant; None where it has no product or price."""
        shown = self.showings(position, now, horizon=0)
        return shown[0] if shown else None


def plan_devices(
    unit: Unit, device_ids: Collection[str], now: int, horizon: int = HORIZON_S
) -> dict[str, DevicePlan]:
    """Return what each device must show; one that is not known is absent."""
    shelf = read_shelf(unit, positions_of_devices(unit, device_ids))
    by_device: dict[str, list[Position]] = {}
    for position in shelf.positions:
        by_device.setdefault(position.device_id, []).append(position)
    plans = {device: _plan(shelf, device, theirs, now, horizon)
             for device, theirs in by_device.items()}  # fmt: skip
    homes = stores_of_devices(unit, set(device_ids) - plans.keys())
    bare = {device: _bare(unit, device, store) for device, store in homes.items()}
    return plans | bare


def read_shelf(unit: Unit, positions: list[Position]) -> Shelf:
    """Read what stands at some positions, in as many queries as there are stores."""
    stores = {store: find_store(unit, store) for store in {p.store_id for p in positions}}
    products = products_by_sku(unit, {p.sku for p in positions if p.sku})
    prices: dict[tuple[str, str], Standing] = {}
    for zone in {store.zone for store in stores.values()}:
        skus = {p.sku for p in positions if p.sku and stores[p.store_id].zone == zone}
        prices.update(((zone, sku), price) for sku, price in standing(unit, zone, skus).items())
    return Shelf(stores, positions, products, prices)


def facts_of(product: Product) -> Facts:
    """Return what of a product a tile depends on."""
    return Facts(
        sku=product.sku,
        name=product.name,
        brand=product.brand,
        size=product.size,
        gtin=product.gtin,
        goods=goods_of(product),
    )


def goods_of(product: Product) -> Goods:
    """Return what of a product its price depends on."""
    return Goods(product.net_milli, product.net_measure, product.weighed)


def terms_of(store: Store) -> Terms:
    """Return a store's law, money and zone."""
    return Terms(rules_of(store.jurisdiction), store.currency, store.tz)


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
