"""/v1/products, addressed by their natural keys: /products/sku:4711, /products/gtin:0360000..."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.pictures import PICTURE, picture
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources.products import ProductResource
from cloud_service.api.resources.resource import ListOf
from cloud_service.api.route import Route
from cloud_service.api.stores import After, Limit
from cloud_service.api.tiles import Amount
from cloud_service.api.versions import etag
from cloud_service.services import Services
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
def get_product(
    services: ServicesOf, response: Response, key: str, store: StoreQuery = None
) -> ProductResource:
    """Return the product of a key, `sku:...` or `gtin:...`."""
    found = product_of_key(services, key, store)
    response.headers["ETag"] = etag(found.revision)
    return found


def product_of_key(services: Services, key: str, store: str | None) -> ProductResource:
    """Return the product of a key, with its price where a store is named."""
    return ProductResource.of(services.product(sku=sku_of_key(services, key), store=store))


def sku_of_key(services: Services, key: str) -> str:
    """Return the SKU that a key names; a GTIN's is looked up."""
    kind, _, value = key.partition(":")
    if kind == "sku" and value:
        return value
    if kind == "gtin" and value:
        return services.catalogue.by_gtin(gtin=parse_gtin(value))
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
