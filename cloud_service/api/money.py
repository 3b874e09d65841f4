"""Money on the wire: minor units and their currency, never a float."""

from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.problems import ProblemError, ProblemItem
from label_templates.contract.money import MAX_AMOUNT_MINOR, Currency


class Money(BaseModel):
    """An amount in minor units of an ISO 4217 currency: 1.99 EUR is 199."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount_minor: Annotated[int, Field(strict=True)]
    currency: Currency


class Price(BaseModel):
    """An amount that can be a price: above zero and no slip of the keyboard."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount_minor: Annotated[int, Field(strict=True, gt=0, le=MAX_AMOUNT_MINOR)]
    currency: Currency


def money(minor: int | None, currency: str) -> Money | None:
    """Return an amount as money; None stays None."""
    return None if minor is None else Money(amount_minor=minor, currency=currency)


def check_currency(price: Price, currency: str, pointer: str) -> int:
    """Return the minor units of a price in the store's currency; another currency is a problem."""
    if price.currency == currency:
        return price.amount_minor
    detail = f"the store sells in {currency}, not in {price.currency}"
    item = ProblemItem(code="currency", detail=detail, pointer=f"{pointer}/currency")
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    raise ProblemError(status, "currency", f"{item.pointer}: {detail}", [item])
