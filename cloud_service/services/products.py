"""Products and their prices as the doors show them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cloud_service.catalog.gtins import gtins_of
from cloud_service.catalog.planogram import positions_where
from cloud_service.catalog.products import Product, find_product
from cloud_service.catalog.search import search_products
from cloud_service.catalog.stores import Store, all_stores, find_store
from cloud_service.catalog.tables import PositionRow, ProductRow
from cloud_service.changes.publishing import changes_of
from cloud_service.pricing.book import Listing, history, listings, priced
from cloud_service.pricing.law import citations, must_print
from cloud_service.pricing.resolution import Resolution, resolve, timeline
from cloud_service.pricing.wording import unit_price_words
from cloud_service.services.views.prices import DemandView, PriceChange, PriceStep, PriceView
from cloud_service.services.views.products import DepositView, ProductPage, ProductView
from cloud_service.shelves.plan import goods_of, terms_of
from cloud_service.storage import Unit

_YEAR_S = 366 * 24 * 3600


def search_page(
    unit: Unit, store_id: str | None, text: str, page: tuple[str | None, int], now: int
) -> ProductPage:
    """Return one page (after, limit) of the products that match a text; of a store, its own."""
    after, limit = page
    store = find_store(unit, store_id) if store_id else None
    among = priced(store.zone, ProductRow.sku) if store else None
    found, total = search_products(unit, text, among, after, limit + 1)
    views = _views(unit, found[:limit], store, now)
    return ProductPage(tuple(views), total, found[limit - 1].sku if len(found) > limit else None)


def product_view(unit: Unit, sku: str, store_id: str | None, now: int) -> ProductView:
    """Return one product, with its price where a store is given; raise NotFound."""
    store = find_store(unit, store_id) if store_id else None
    return _views(unit, [find_product(unit, sku)], store, now)[0]


def price_views(unit: Unit, sku: str, now: int) -> list[PriceView]:
    """Return what a product costs in each store that sells it."""
    product = find_product(unit, sku)
    views = []
    for store in all_stores(unit):
        listing = listings(unit, store.zone, store.id, [sku], now).get(sku)
        view = _price_view(store, product, listing, now) if listing else None
        if view is not None:
            views.append(view)
    return views


def effective_price(unit: Unit, store: Store, sku: str, now: int) -> int | None:
    """Return what a product costs in a store at an instant; None where it has no price."""
    listing = listings(unit, store.zone, store.id, [sku], now).get(sku)
    if listing is None:
        return None
    goods = goods_of(find_product(unit, sku), store)
    found = resolve(listing.offering, goods, terms_of(store, now), now)
    return found.effective if found else None


def price_history(unit: Unit, store_id: str, sku: str, limit: int) -> list[PriceChange]:
    """Return how a product's price in a store came to be, newest first."""
    store = find_store(unit, store_id)
    entries = list(history(unit, store.zone, sku, limit))
    changes = changes_of(unit, [revision.id for revision, _ in entries])
    return [
        PriceChange(
            change_id=changes[revision.id].id,
            kind=changes[revision.id].kind,
            revision=revision.id,
            at=revision.at,
            actor=revision.actor,
            note=revision.note,
            regular=entry.regular,
            special=entry.special,
        )
        for revision, entry in entries
    ]


def upcoming_prices(unit: Unit, store_id: str, sku: str, now: int) -> list[PriceStep]:
    """Return what a product will cost in the coming year without anybody doing anything."""
    store = find_store(unit, store_id)
    listing = listings(unit, store.zone, store.id, [sku], now).get(sku)
    if listing is None:
        return []
    goods = goods_of(find_product(unit, sku), store)
    steps = timeline(listing.offering, goods, terms_of(store, now), now, _YEAR_S)
    return [
        PriceStep(step.since, step.resolution.effective, step.resolution.reason)
        for step in steps
        if step.since is not None
    ]


def _views(
    unit: Unit, products: Sequence[Product], store: Store | None, now: int
) -> list[ProductView]:
    skus = [product.sku for product in products]
    prices = listings(unit, store.zone, store.id, skus, now) if store else {}
    places = _places(unit, store, skus) if store else {}
    gtins = gtins_of(unit, skus)
    return [
        replace(
            _view(product, store, prices, places, now),
            gtins=_others(product, gtins.get(product.sku, ())),
        )
        for product in products
    ]


def _places(unit: Unit, store: Store, skus: Sequence[str]) -> dict[str, list[str]]:
    here = positions_where(unit, PositionRow.store_id == store.id, PositionRow.sku.in_(skus))
    places: dict[str, list[str]] = {}
    for position in here:
        places.setdefault(position.sku or "", []).append(position.position)
    return places


def _view(
    product: Product,
    store: Store | None,
    prices: Mapping[str, Listing],
    places: Mapping[str, Sequence[str]],
    now: int,
) -> ProductView:
    price = prices.get(product.sku)
    return ProductView(
        sku=product.sku,
        name=product.name,
        brand=product.brand,
        size=product.size,
        gtin=product.gtin,
        category=product.category,
        weighed=product.weighed,
        net_milli=product.net_milli,
        net_measure=product.net_measure,
        plu=product.plu,
        deposits=tuple(
            DepositView(one.jurisdiction, one.amount, one.currency) for one in product.deposits
        ),
        cost=product.cost,
        cost_currency=product.cost_currency,
        perishable=product.perishable,
        on_sale_since=product.on_sale_since,
        origin=product.origin,
        image=product.image,
        facts=product.facts,
        revision=product.revision,
        price=_price_view(store, product, price, now) if store and price else None,
        positions=tuple(places.get(product.sku, ())),
    )


def _others(product: Product, gtins: Sequence[str]) -> tuple[str, ...]:
    printed = product.gtin.zfill(14) if product.gtin else None
    return tuple(gtin for gtin in gtins if gtin.zfill(14) != printed)


def _price_view(store: Store, product: Product, listing: Listing, now: int) -> PriceView | None:
    terms = terms_of(store, now)
    resolution = resolve(listing.offering, goods_of(product, store), terms, now)
    if resolution is None:
        return None
    return PriceView(
        store_id=store.id,
        currency=store.currency,
        regular=resolution.regular,
        effective=resolution.effective,
        reason=resolution.reason,
        unit_price=_unit_words(store, resolution),
        prior=resolution.prior,
        reference=resolution.reference,
        promotion_until=resolution.until,
        must_print=tuple(
            DemandView(demand.asks, demand.citation)
            for demand in must_print(resolution, terms.rules)
        ),
        citations=citations(resolution, terms.rules),
        deposit=resolution.deposit,
        revision=listing.version,
        version=listing.version,
    )


def _unit_words(store: Store, resolution: Resolution) -> str | None:
    unit = resolution.unit
    return unit_price_words(unit, store.currency, store.locale) if unit else None
