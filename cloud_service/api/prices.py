"""/v1/stores/{store}/prices: read one, set one, set many in one publish.

A price's ETag is its version. A PUT with If-Match is refused with 412 and the present price where
somebody else was faster; without it, the last one wins.
"""

import re
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.money import Money, Price, check_currency, money
from cloud_service.api.problems import ProblemError
from cloud_service.api.resources import PriceResource, Resource
from cloud_service.api.route import Route
from cloud_service.errors import Conflict
from cloud_service.services import Services
from cloud_service.services.views import PriceSet, PricesSet
from label_templates.contract.identifiers import Sku

router = APIRouter(prefix="/stores/{store}", route_class=Route, tags=["prices"])

MAX_BATCH = 10_000
"""Prices in one batch; more is a file, and files are imported."""

IfMatch = Annotated[str | None, Header()]
Note = Annotated[str, Field(max_length=500)]


class PriceEdit(BaseModel):
    """The price a product shall have from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    price: Price
    note: Note = ""


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


class PriceSetResource(Resource):
    """What setting a price did; `tiles` must follow."""

    change_id: str
    revision: int
    store_id: str
    sku: str
    old: Money | None
    new: Money | None
    tiles: int

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
        )


class PricesSetResource(Resource):
    """What setting many prices did: `prices` really changed, `tiles` must follow."""

    change_id: str
    revision: int
    store_id: str
    prices: int
    tiles: int

    @classmethod
    def of(cls, done: PricesSet) -> Self:
        """Show what setting many prices did."""
        return cls(**{name: getattr(done, name) for name in cls.model_fields})


@router.get("/prices/{sku}", dependencies=[may_read])
def get_price(services: ServicesOf, response: Response, store: str, sku: str) -> PriceResource:
    """Return what a product costs in a store now, and why."""
    found = _price(services, store, sku)
    response.headers["ETag"] = _etag(found.version)
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
            expected_version=_version(if_match),
            note=edit.note,
        )
    except Conflict as error:
        raise _stale(_price(services, store, sku), error) from error
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
    done = services.set_prices(store=store, prices=prices, actor=caller.name, note=batch.note)
    return PricesSetResource.of(done)


def _price(services: Services, store: str, sku: str) -> PriceResource:
    view = services.product(sku=sku, store=store).price
    if view is None:
        detail = f"{sku} has no price in store {store}."
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail)
    return PriceResource.of(sku, view)


def _etag(version: int) -> str:
    return f'"{version}"'


def _version(if_match: str | None) -> int | None:
    """Return the version an If-Match names; `*` asks only that there is a price."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'"?([0-9]{1,18})"?', if_match.strip())
    if found is None:
        detail = f'If-Match {if_match!r} is no ETag of a price, such as "3".'
        raise ProblemError(HTTPStatus.BAD_REQUEST, "malformed", detail)
    return int(found[1])


def _stale(present: PriceResource, error: Conflict) -> ProblemError:
    return ProblemError(
        HTTPStatus.PRECONDITION_FAILED,
        "stale",
        str(error),
        present=present.model_dump(mode="json"),
        headers={"ETag": _etag(present.version)},
    )
