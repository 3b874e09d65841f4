"""/v1/stores/{store}/prices: read one, set one, set many in one publish.

A price's ETag is its version. A PUT with If-Match is refused with 412 and the present price where
somebody else was faster; without it, the last one wins.
"""

from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.money import Money, Price, check_currency, money
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources.products import PriceResource
from cloud_service.api.resources.resource import Resource, seconds
from cloud_service.api.route import Route
from cloud_service.api.versions import IfMatch, etag, stale, version_of
from cloud_service.errors import Conflict
from cloud_service.services import Services
from cloud_service.services.views.changes import ChangeState
from cloud_service.services.views.prices import PriceSet, PricesSet
from label_templates.contract.identifiers import Sku

router = APIRouter(prefix="/stores/{store}", route_class=Route, tags=["prices"])

MAX_BATCH = 10_000
"""Prices in one batch; more is a file, and files are imported."""

Note = Annotated[str, Field(max_length=500)]
Later = AwareDatetime | None
"""When it takes effect, with its offset from UTC; absent: at once."""


class PriceEdit(BaseModel):
    """The price a product shall have from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Price
    note: Note = ""
    confirm: bool = False
    """What looks like a slip of the keyboard is meant."""
    effective_from: Later = None


class BatchItem(BaseModel):
    """One product's new price."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    price: Price


class PriceBatch(BaseModel):
    """Many new prices that are published together, or not at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prices: Annotated[tuple[BatchItem, ...], Field(min_length=1, max_length=MAX_BATCH)]
    note: Note = ""
    confirm: bool = False
    """What looks like a slip of the keyboard is meant."""
    effective_from: Later = None


class PriceSetResource(Resource):
    """What setting a price did; `tiles` must follow."""

    change_id: str
    revision: int
    store_id: str
    sku: str
    old: Money | None
    new: Money | None
    tiles: int
    state: ChangeState

    @classmethod
    def of(cls, done: PriceSet, currency: str) -> Self:
        """Show what setting a price did."""
        return cls(
            change_id=done.change_id,
            revision=done.revision,
            store_id=done.store_id,
            sku=done.sku,
            old=money(done.old, currency),
            new=money(done.new, currency),
            tiles=done.tiles,
            state=done.state,
        )


class PricesSetResource(Resource):
    """What setting many prices did: `prices` really changed, `tiles` must follow."""

    change_id: str
    revision: int
    store_id: str
    prices: int
    tiles: int
    state: ChangeState

    @classmethod
    def of(cls, done: PricesSet) -> Self:
        """Show what setting many prices did."""
        return cls(**{name: getattr(done, name) for name in cls.model_fields})


@router.get("/prices/{sku}", dependencies=[may_read])
def get_price(services: ServicesOf, response: Response, store: str, sku: str) -> PriceResource:
    """Return what a product costs in a store now, and why."""
    found = _price(services, store, sku)
    response.headers["ETag"] = etag(found.version)
    return found


@router.put("/prices/{sku}")
def put_price(
    services: ServicesOf,
    caller: Writer,
    store: str,
    sku: Sku,
    edit: PriceEdit,
    *,
    if_match: IfMatch = None,
) -> PriceSetResource:
    """Set a product's price in a store and publish it."""
    amount = check_currency(edit.price, services.store(store=store).currency, "/price")
    try:
        done = services.set_price(
            store=store,
            sku=sku,
            amount_minor=amount,
            actor=caller.name,
            expected_version=version_of(if_match),
            note=edit.note,
            confirm=edit.confirm,
            at=seconds(edit.effective_from),
        )
    except Conflict as error:
        present = _price(services, store, sku)
        raise stale(present, present.version, error) from error
    return PriceSetResource.of(done, edit.price.currency)


@router.post("/prices:batch")
def set_prices(
    services: ServicesOf, caller: Writer, store: str, batch: PriceBatch
) -> PricesSetResource:
    """Set many prices in one publish: all of them, or none."""
    currency = services.store(store=store).currency
    prices = [
        (item.sku, check_currency(item.price, currency, f"/prices/{number}/price"))
        for number, item in enumerate(batch.prices)
    ]
    done = services.set_prices(
        store=store,
        prices=prices,
        actor=caller.name,
        note=batch.note,
        confirm=batch.confirm,
        at=seconds(batch.effective_from),
    )
    return PricesSetResource.of(done)


def _price(services: Services, store: str, sku: str) -> PriceResource:
    view = services.product(sku=sku, store=store).price
    if view is None:
        detail = f"{sku} has no price in store {store}."
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail)
    return PriceResource.of(sku, view)
