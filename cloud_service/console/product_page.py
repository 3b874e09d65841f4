"""A product's page: facts, its price in a store with the form that changes it, places, history."""

from typing import Any

from cloud_service.console.manner import Manner
from cloud_service.console.offer import Offer
from cloud_service.console.pages import Page
from cloud_service.console.price_form import PriceForm, price_form
from cloud_service.console.price_step import read_price
from cloud_service.console.room import Console, manner
from cloud_service.services.views.prices import PriceChange, PriceStep, PriceView
from cloud_service.services.views.products import ProductView
from cloud_service.services.views.stores import StoreView

_MANY = 50
"""Stores listed with their prices; a chain's are found by choosing the store."""


def product_page(offer: Offer, *, written: str | None = None, saved: str | None = None) -> Page:
    """Return the page; `written` is a price to show before it is saved, `saved` a change's id."""
    text = None if written is None else read_price(written, offer.writes)
    return page_with(offer, price_form(offer, text), saved)


def storeless_page(console: Console, product: ProductView) -> Page:
    """Return the page of a product that no store sells."""
    facts = {**_facts(console, product), **_NO_STORE}
    return Page("product.html", "products", facts)


def page_with(offer: Offer, form: PriceForm, saved: str | None = None) -> Page:
    """Return the page with a form in whatever state it is."""
    console, writes, now = offer.console, offer.writes, offer.console.now()
    history = console.services.history(store=offer.store.id, sku=offer.product.sku, limit=20)
    facts: dict[str, Any] = {
        **_facts(console, offer.product),
        "store": offer.store,
        "form": form,
        "tiles": offer.tiles,
        "words": offer.tile_words(),
        "history": [_past(step, writes, now) for step in history],
        "upcoming": _upcoming(offer),
        "saved": _saved(history, saved, len(offer.tiles), writes),
    }
    return Page("product.html", "products", facts, form.status)


_NO_STORE: dict[str, Any] = {
    "form": None,
    "tiles": [],
    "words": {},
    "history": [],
    "upcoming": [],
    "saved": "",
}


def _facts(console: Console, product: ProductView) -> dict[str, Any]:
    rows = {
        "SKU": product.sku,
        "GTIN": product.gtin or "none, sold without barcode",
        "Brand": product.brand,
        "Size": product.size,
        "Category": product.category,
        "Sold": "by weight" if product.weighed else "by the piece",
    }
    sub = (product.brand, product.size, product.category)
    return {
        "product": product,
        "facts": {
            "rows": [(term, value) for term, value in rows.items() if value],
            "sub": " · ".join(part for part in sub if part),
        },
        "prices": _by_store(console, product),
    }


def _by_store(console: Console, product: ProductView) -> list[dict[str, str]]:
    prices = console.services.prices(sku=product.sku)[:_MANY]
    stores = {store.id: store for store in console.services.stores()}
    return [_store_price(price, stores[price.store_id]) for price in prices]


def _store_price(price: PriceView, store: StoreView) -> dict[str, str]:
    return {
        "store": store.id,
        "name": store.name,
        "price": manner(store).money(price.effective),
        "reason": price.reason,
    }


def _past(step: PriceChange, writes: Manner, now: int) -> dict[str, str]:
    how = "imported by" if step.kind == "import" else "set by"
    note = f": {step.note}" if step.note else ""
    special = f", special {writes.money(step.special)}" if step.special is not None else ""
    return {
        "iso": writes.iso(step.at),
        "at": writes.instant(step.at, now),
        "price": writes.money(step.regular),
        "text": f"{special.lstrip(', ')} {how} {step.actor}{note}".strip(),
    }


def _upcoming(offer: Offer) -> list[dict[str, str]]:
    console, now = offer.console, offer.console.now()
    steps = console.services.upcoming(store=offer.store.id, sku=offer.product.sku)
    return [_coming(step, offer.writes, now) for step in steps if step.at > now]


def _coming(step: PriceStep, writes: Manner, now: int) -> dict[str, str]:
    return {
        "iso": writes.iso(step.at),
        "at": writes.instant(step.at, now),
        "price": writes.money(step.effective),
        "reason": step.reason,
    }


def _saved(history: list[PriceChange], change: str | None, tiles: int, writes: Manner) -> str:
    if not change or not history or history[0].change_id != change:
        return ""
    follow = f"{tiles} {'tile follows' if tiles == 1 else 'tiles follow'}; see below."
    return f"{writes.money(history[0].regular)}. {follow if tiles else 'No tile shows it.'}"
