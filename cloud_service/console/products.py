"""Products: found by a search or a scan, and shown with their price, places and history."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cloud_service.console import addresses
from cloud_service.console.following import follow
from cloud_service.console.live import Snapshot
from cloud_service.console.manner import Manner
from cloud_service.console.offer import find_offer
from cloud_service.console.pages import Page
from cloud_service.console.product_page import product_page, storeless_page
from cloud_service.console.room import Console, Room, Visiting, manner
from cloud_service.services.views.products import ProductView
from cloud_service.services.views.stores import StoreView
from label_templates.contract.errors import IdentifierError
from label_templates.contract.identifiers import parse_gtin

router = APIRouter(prefix="/products")

A_PAGE = 50
_SEE_OTHER = 303
StoreQuery = Annotated[str | None, Query(alias="store")]
SearchText = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: a text in a store, from a place in the list on."""

    text: str
    store: StoreView | None
    after: str | None


@router.get("")
def search(
    visit: Visiting,
    q: SearchText = "",
    store: StoreQuery = None,
    after: str | None = None,
) -> Response:
    """Show the products that match; a scanned GTIN goes straight to its product."""
    console = visit.console
    stores = console.services.stores()
    asked = Asked(q.strip(), _choose(console, stores, store), after)
    scanned = _scanned(console, asked)
    if scanned:
        address = addresses.product_page(scanned.sku, asked.store.id if asked.store else None)
        return RedirectResponse(address, _SEE_OTHER)
    facts = {"stores": stores, **_found(console, asked)}
    return visit.draw(Page("products.html", "products", facts))


@router.get("/{sku}")
def show_product(
    visit: Visiting,
    sku: str,
    store: StoreQuery = None,
    price: Annotated[str | None, Query(max_length=40)] = None,
    saved: str | None = None,
) -> Response:
    """Show a product, with its price in one store and how that can be changed."""
    chosen = store or _first_seller(visit.console, sku)
    if chosen is None:
        return visit.draw(storeless_page(visit.console, visit.services.product(sku=sku)))
    offer = find_offer(visit.console, sku, chosen)
    return visit.draw(product_page(offer, written=price, saved=saved))


@router.get("/{sku}/live", response_class=EventSourceResponse)
async def follow_product(
    request: Request, console: Room, sku: str, store: str
) -> AsyncIterator[ServerSentEvent]:
    """Follow a product's tiles in a store."""
    async for event in follow(request, console, partial(_read, console, sku, store)):
        yield event


def gtin_spellings(text: str) -> list[str]:
    """Return the ways a scanned GTIN may be kept: scanners add or drop leading zeros."""
    try:
        digits = parse_gtin(text).lstrip("0")
    except IdentifierError:
        return []
    return [text, *(digits.zfill(n) for n in (8, 12, 13, 14) if len(digits) <= n)]


def _choose(console: Console, stores: list[StoreView], wanted: str | None) -> StoreView | None:
    if wanted:
        return console.services.store(store=wanted)
    return stores[0] if stores else None


def _scanned(console: Console, asked: Asked) -> ProductView | None:
    for gtin in dict.fromkeys(gtin_spellings(asked.text)):
        for product in console.services.search(text=gtin, limit=5).products:
            if product.gtin == gtin:
                return product
    return None


def _found(console: Console, asked: Asked) -> dict[str, Any]:
    store = asked.store
    page = console.services.search(
        store=store.id if store else None, text=asked.text, after=asked.after, limit=A_PAGE
    )
    writes = manner(store) if store else None
    return {
        "query": asked.text,
        "store": store,
        "total": page.total,
        "products": [_row(product, store, writes) for product in page.products],
        "next": _next(asked, page.next),
    }


def _next(asked: Asked, after: str | None) -> str:
    if after is None:
        return ""
    store = {"store": asked.store.id} if asked.store else {}
    return f"/products?{urlencode({'q': asked.text, **store, 'after': after})}"


def _row(product: ProductView, store: StoreView | None, writes: Manner | None) -> dict[str, str]:
    price = product.price
    prior = price.prior if price and price.prior != price.effective else None
    return {
        "href": addresses.product_page(product.sku, store.id if store else None),
        "name": product.name,
        "sub": " · ".join(part for part in (product.brand, product.size, product.category) if part),
        "sku": product.sku,
        "gtin": product.gtin or "–",
        "price": writes.money(price.effective) if writes and price else "–",
        "was": writes.money(prior) if writes and prior else "",
        "positions": str(len(product.positions)),
    }


def _first_seller(console: Console, sku: str) -> str | None:
    prices = console.services.prices(sku=sku)
    return prices[0].store_id if prices else None


def _read(console: Console, sku: str, store: str) -> Snapshot:
    return find_offer(console, sku, store).tile_words()
