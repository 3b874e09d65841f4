"""What a caller wants a change to be: the bodies of `/v1/changes`, and how they are read."""

from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cloud_service.api.money import Price, check_currency
from cloud_service.api.resources.resource import seconds
from cloud_service.services import Services
from cloud_service.services.desk import Wanted
from label_templates.contract.identifiers import Sku, StoreId

MAX_LINES = 10_000
"""Prices in one draft; more is a file, and files are imported."""
Note = Annotated[str, Field(max_length=500)]


class DraftPrice(BaseModel):
    """One product's new price; without `price` the store's own price is taken back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sku: Sku
    price: Price | None = None


class DraftPromotion(BaseModel):
    """A promotion that starts, changes or ends; its terms by kind, see docs/api.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    terms: dict[str, Any]
    effective_from: AwareDatetime
    effective_until: AwareDatetime | None = None
    skus: Annotated[tuple[Sku, ...], Field(min_length=1, max_length=MAX_LINES)]
    programme: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    limit: int | None = None
    priority: Annotated[int, Field(ge=-100, le=100)] = 0
    stacks: bool = False

    def document(self) -> dict[str, Any]:
        """Write it as a draft keeps it."""
        same = self.model_dump(
            include={"name", "terms", "programme", "limit", "priority", "stacks"}
        )
        window = {"from": seconds(self.effective_from), "until": seconds(self.effective_until)}
        return {**same, **window, "skus": list(self.skus)}


class DraftBody(BaseModel):
    """What a change shall be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store_id: StoreId
    own: bool = False
    """The store's own prices, over its zone's."""
    prices: Annotated[tuple[DraftPrice, ...], Field(max_length=MAX_LINES)] = ()
    promotions: Annotated[tuple[DraftPromotion, ...], Field(max_length=100)] = ()
    effective_from: AwareDatetime | None = None
    effective_until: AwareDatetime | None = None
    note: Note = ""


class Said(BaseModel):
    """Why somebody does something to a change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: Note = ""
    confirm: bool = False
    """What looks like a slip of the keyboard is meant."""


def wanted_of(services: Services, body: DraftBody) -> Wanted:
    """Return what is wanted; raise where a price is in other money than the store's."""
    currency = services.store(store=body.store_id).currency
    prices = [
        (
            line.sku,
            None
            if line.price is None
            else check_currency(line.price, currency, f"/prices/{number}/price"),
        )
        for number, line in enumerate(body.prices)
    ]
    return Wanted(
        store=body.store_id,
        prices=prices,
        promotions=[(one.id, one.document()) for one in body.promotions],
        own=body.own,
        at=seconds(body.effective_from),
        until=seconds(body.effective_until),
        note=body.note,
    )
