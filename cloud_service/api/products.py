"""/v1/products, addressed by their natural keys: /products/sku:4711, /products/gtin:0360000..."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.pictures import PICTURE, picture
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources import ListOf, ProductResource
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.api.tiles import Amount
from cloud_service.services import Services
from cloud_service.services.views import ProductView
from label_templates.contract.identifiers import parse_gtin
from label_templates.contract.panel import panel_spec

router = APIRouter(route_class=Route, tags=["products"], dependencies=[may_read])

Text = Annotated[str, Query(max_length=200)]
StoreQuery = Annotated[str | None, Query()]


@router.get("/products")
def search_products(
    services: ServicesOf,
    q: Text = "",
    store: StoreQuery = None,
    limit: Limit = 50,
    after: After = None,
) -> ListOf[ProductResource]:
    """Search by name, SKU, GTIN or brand; with a store, its prices and positions come along."""
    found = services.search(store=store, text=q, after=after, limit=limit)
    data = tuple(ProductResource.of(view) for view in found.products)
    return ListOf[ProductResource](data=data, has_more=found.next is not None, next=found.next)


@router.get("/products/{key}")
def get_product(services: ServicesOf, key: str, store: StoreQuery = None) -> ProductResource:
    """Return the product of a key, `sku:...` or `gtin:...`."""
    kind, _, value = key.partition(":")
    if kind == "sku" and value:
        return ProductResource.of(services.product(sku=value, store=store))
    if kind == "gtin" and value:
        return ProductResource.of(_by_gtin(services, parse_gtin(value), store))
    detail = f"{key!r} names no product; write sku: or gtin: before the number."
    raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail)


@router.get("/stores/{store}/products/{sku}/preview", responses=PICTURE, response_class=Response)
def get_preview(
    services: ServicesOf,
    request: Request,
    store: str,
    sku: str,
    *,
    panel: Annotated[str, Query()],
    amount_minor: Amount = None,
) -> Response:
    """Return what a tile of the product would look like on a panel, at a price."""
    frame = services.preview(
        store=store, sku=sku, panel=panel_spec(panel).name, amount_minor=amount_minor
    )
    return picture(request, frame, frame.digest())


def _by_gtin(services: Services, gtin: str, store: str | None) -> ProductView:
    found = services.search(store=store, text=gtin, after=None, limit=10).products
    for view in found:
        if view.gtin == gtin:
            return view
    raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", f"No product has the GTIN {gtin}.")
