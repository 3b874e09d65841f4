"""Changing a price: weighed while it is typed, guarded, saved, or refused with the reason."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import JSONResponse, RedirectResponse, Response

from cloud_service.console.addresses import change_page, product_page
from cloud_service.console.offer import Offer, find_offer
from cloud_service.console.price_form import PriceForm, Theirs, price_form, weigh, weigh_pictures
from cloud_service.console.price_step import PriceStep, Written, read_price
from cloud_service.console.product_page import page_with
from cloud_service.console.room import Editing, Visiting
from cloud_service.console.tiles import sentence
from cloud_service.errors import Conflict, Invalid

router = APIRouter(prefix="/stores/{store}/products/{sku}/price")

_SEE_OTHER = 303
_TEXT = 40
_NOT_SAVED = "The price was not saved"

Text = Annotated[str, Form(max_length=_TEXT)]


@dataclass(frozen=True)
class Sent:
    """What the form brought."""

    price: Text = ""
    version: Text = ""
    began: Text = ""
    sure: Text = ""


@router.get("/weigh")
def weigh_price(
    visit: Visiting, store: str, sku: str, price: Annotated[str, Query(max_length=_TEXT)] = ""
) -> Response:
    """Return in words and pictures what a price would do."""
    offer = find_offer(visit.console, sku, store)
    written = read_price(price, offer.writes)
    words = weigh(offer, written) | weigh_pictures(offer, written)
    return JSONResponse(words, headers={"Cache-Control": "private, no-store"})


@router.post("")
def save_price(visit: Editing, store: str, sku: str, sent: Annotated[Sent, Depends()]) -> Response:
    """Save a price and go to its page, or show what keeps it from being saved."""
    offer = find_offer(visit.console, sku, store)
    written = read_price(sent.price, offer.writes)
    held = _held(offer, written, sent)
    if held is not None or written.minor is None:
        return visit.draw(page_with(offer, held or price_form(offer, written)))
    try:
        done = visit.services.set_price(
            store=store,
            sku=sku,
            amount_minor=written.minor,
            actor=visit.session.account.name,
            expected_version=_number(sent.version),
            confirm=True,  # the form asked already
        )
    except (Conflict, Invalid) as error:
        later = find_offer(visit.console, sku, store)
        return visit.draw(page_with(later, _unsaved(later, written, sent, error)))
    if done.state == "submitted":  # somebody else has to approve it first
        return RedirectResponse(change_page(done.change_id), _SEE_OTHER)
    return RedirectResponse(f"{product_page(sku, store)}&saved={done.change_id}", _SEE_OTHER)


def _held(offer: Offer, written: Written, sent: Sent) -> PriceForm | None:
    """Return the form with what must be put right first, None where nothing must."""
    if written.minor is None:
        return price_form(offer, written).refused(422, _NOT_SAVED, ("price", written.wrong))
    step = PriceStep(offer.present, written.minor)
    if step.same and sent.version == offer.version:
        same = f"{step.words(offer.writes)}."
        return price_form(offer, written).refused(422, _NOT_SAVED, ("price", same))
    if _number(sent.version) not in {None, _number(offer.version)}:
        return None  # publishing refuses it, and the page says what somebody else did
    question = step.question(offer.writes)
    if question and sent.sure != "yes":
        ask = f"{question} Tick that it is right, or correct it."
        return price_form(offer, written).refused(422, _NOT_SAVED, ("sure", ask))
    return None


def _unsaved(offer: Offer, written: Written, sent: Sent, error: Conflict | Invalid) -> PriceForm:
    form = price_form(offer, written)
    if isinstance(error, Invalid):
        return form.refused(error.status, _NOT_SAVED, ("price", sentence(str(error))))
    theirs = Theirs(
        began=offer.writes.money(_number(sent.began)),
        now=offer.writes.money(offer.present),
        yours=offer.writes.money(written.minor),
    )
    text = "Somebody else changed this price while you were at it. Keep theirs or save yours."
    form = form.refused(error.status, "Not saved: the price has moved", ("price", text))
    return replace(form, theirs=theirs)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
