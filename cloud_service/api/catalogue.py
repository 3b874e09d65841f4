"""Edits of the catalogue: /v1/products, /v1/stores and /v1/zones are added to and changed here.

A PATCH changes the fields that it names, and null takes a value away. Its ETag is the version that
If-Match hands back.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.money import Price
from cloud_service.api.products import product_of_key, sku_of_key
from cloud_service.api.resources.products import ProductResource
from cloud_service.api.resources.resource import ListOf, Resource
from cloud_service.api.resources.stores import StoreResource
from cloud_service.api.route import Route
from cloud_service.api.versions import IfMatch, etag, stale, version_of
from cloud_service.catalog.products import Deposit, Product
from cloud_service.catalog.stores import Store
from cloud_service.catalog.zones import Zone
from cloud_service.errors import Conflict
from cloud_service.services.views.stores import ZoneView
from label_templates.contract.identifiers import Sku, StoreId
from label_templates.contract.money import Currency
from label_templates.contract.tile import Measure

router = APIRouter(route_class=Route, tags=["catalogue"])

Note = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=200)]


class NetContent(BaseModel):
    """Net content in thousandths of a measure: 500 g is 500000 thousandths of `g`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    thousandths: Annotated[int, Field(strict=True, gt=0)]
    measure: Measure


class DepositEdit(BaseModel):
    """The deposit on a product in a jurisdiction, `HR` or `US-CT`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    jurisdiction: str
    deposit: Price


class ProductEdit(BaseModel):
    """Fields of a product; those that are not named stay as they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text | None = None
    brand: Text | None = None
    size: Text | None = None
    gtin: str | None = None
    gtins: tuple[str, ...] = ()
    plu: str | None = None
    category: Text | None = None
    net_content: NetContent | None = None
    weighed: bool = False
    perishable: bool = False
    deposits: tuple[DepositEdit, ...] = ()
    cost: Price | None = None
    on_sale_since: str | None = None
    origin: Text | None = None
    image: str | None = None
    facts: str | None = None
    note: Note = ""

    def changes(self) -> dict[str, Any]:
        """Return the fields that are named, as the catalogue calls them."""
        named = {name: getattr(self, name) for name in self.model_fields_set - {"note", "sku"}}
        if "name" in named:
            named["name"] = self.name or ""
        if "net_content" in named:
            named |= _content(named.pop("net_content"))
        if "deposits" in named:
            named["deposits"] = tuple(_deposit(one) for one in self.deposits)
        if "cost" in named:
            cost = named["cost"]
            named["cost"] = cost.amount_minor if cost else None
            named["cost_currency"] = cost.currency if cost else None
        return named


class NewProduct(ProductEdit):
    """A product to be added."""

    sku: Sku
    name: Text


class StoreEdit(BaseModel):
    """Fields of a store; those that are not named stay as they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text = ""
    tz: str = ""
    locale: str = ""
    jurisdiction: str = ""
    zone: str = ""
    hours: tuple[str, ...] = ()
    exceptions: dict[str, str] = {}
    day_begins: str = ""
    note: Note = ""
    confirm: bool = False
    """A zone in which products that hang there have no price is meant."""

    def changes(self) -> dict[str, Any]:
        """Return the fields that are named, as the catalogue calls them."""
        named = self.model_fields_set - {"note", "confirm", "id", "currency"}
        found = {name: getattr(self, name) for name in named}
        if "exceptions" in found:
            found["exceptions"] = tuple(sorted(self.exceptions.items()))
        return found


class NewStore(StoreEdit):
    """A store to be added; without a zone it has one of its own, with its id."""

    id: StoreId
    name: Text
    tz: str
    currency: Currency
    locale: str
    jurisdiction: str


class NewZone(BaseModel):
    """A price zone to be added."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Text
    currency: Currency
    note: Note = ""


class ZoneResource(Resource):
    """A price zone with its stores."""

    id: str
    name: str
    currency: str
    stores: tuple[str, ...]

    @classmethod
    def of(cls, view: ZoneView) -> Self:
        """Show a zone."""
        return cls(**vars(view))


class ProductEdited(ProductResource):
    """A product as an edit left it; `tiles` must follow."""

    tiles: int


class StoreEdited(Resource):
    """A store as an edit left it; `following` tiles must follow."""

    store: StoreResource
    following: int


@router.post("/products", status_code=HTTPStatus.CREATED)
def add_product(
    services: ServicesOf, caller: Writer, response: Response, body: NewProduct
) -> ProductResource:
    """Add a product."""
    fields = body.changes()
    gtins = fields.pop("gtins", ())
    view = services.catalogue.add_product(
        product=Product(sku=body.sku, **fields), gtins=gtins, actor=caller.name, note=body.note
    )
    response.headers["ETag"] = etag(view.revision)
    return ProductResource.of(view)


@router.patch("/products/{key}")
def edit_product(
    services: ServicesOf,
    caller: Writer,
    response: Response,
    key: str,
    body: ProductEdit,
    *,
    if_match: IfMatch = None,
) -> ProductEdited:
    """Change fields of a product; the tiles that print them follow."""
    sku = sku_of_key(services, key)
    expected = version_of(if_match)
    try:
        done = services.catalogue.edit_product(
            sku=sku, changes=body.changes(), expected=expected, actor=caller.name, note=body.note
        )
    except Conflict as error:
        present = product_of_key(services, key, None)
        if expected is None or present.revision == expected:
            raise
        raise stale(present, present.revision, error) from error
    response.headers["ETag"] = etag(done.view.revision)
    shown = ProductResource.of(done.view)
    return ProductEdited(**shown.model_dump(), tiles=done.tiles)


@router.post("/stores", status_code=HTTPStatus.CREATED)
def add_store(
    services: ServicesOf, caller: Writer, response: Response, body: NewStore
) -> StoreResource:
    """Add a store."""
    store = Store(**{"zone": body.id, **body.changes()}, id=body.id, currency=body.currency)
    view = services.catalogue.add_store(store=store, actor=caller.name, note=body.note)
    response.headers["ETag"] = etag(view.version)
    return StoreResource.of(view)


@router.patch("/stores/{store}")
def edit_store(
    services: ServicesOf,
    caller: Writer,
    response: Response,
    store: str,
    body: StoreEdit,
    *,
    if_match: IfMatch = None,
) -> StoreEdited:
    """Change fields of a store, its price zone among them; its shelves follow."""
    expected = version_of(if_match)
    try:
        done = services.catalogue.edit_store(
            store=store,
            changes=body.changes(),
            expected=expected,
            confirm=body.confirm,
            actor=caller.name,
            note=body.note,
        )
    except Conflict as error:
        present = services.store(store=store)
        if expected is None or present.version == expected:
            raise
        raise stale(StoreResource.of(present), present.version, error) from error
    response.headers["ETag"] = etag(done.view.version)
    return StoreEdited(store=StoreResource.of(done.view), following=done.tiles)


@router.get("/zones", dependencies=[may_read])
def list_zones(services: ServicesOf) -> ListOf[ZoneResource]:
    """List the price zones with their stores."""
    data = tuple(ZoneResource.of(view) for view in services.catalogue.zones())
    return ListOf[ZoneResource](data=data, has_more=False)


@router.get("/zones/{zone}", dependencies=[may_read])
def get_zone(services: ServicesOf, zone: str) -> ZoneResource:
    """Return a price zone with its stores."""
    return ZoneResource.of(services.catalogue.zone(zone=zone))


@router.post("/zones", status_code=HTTPStatus.CREATED)
def add_zone(services: ServicesOf, caller: Writer, body: NewZone) -> ZoneResource:
    """Add a price zone; a store is moved into it by a PATCH of the store."""
    zone = Zone(body.id, body.name, body.currency)
    view = services.catalogue.add_zone(zone=zone, actor=caller.name, note=body.note)
    return ZoneResource.of(view)


def _content(content: NetContent | None) -> Mapping[str, Any]:
    if content is None:
        return {"net_milli": None, "net_measure": None}
    return {"net_milli": content.thousandths, "net_measure": content.measure}


def _deposit(edit: DepositEdit) -> Deposit:
    return Deposit(edit.jurisdiction, edit.deposit.amount_minor, edit.deposit.currency)
