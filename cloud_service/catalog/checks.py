"""What makes a product no product: every field is checked, and the first that is wrong is named."""

import re
from collections.abc import Callable, Collection
from datetime import date

from cloud_service.catalog.jurisdictions import is_jurisdiction
from cloud_service.catalog.products import MEASURES, Deposit, Product
from cloud_service.errors import Invalid
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_gtin, parse_sku
from label_templates.contract.money import MAX_AMOUNT_MINOR, parse_currency

MAX_TEXT = 120
"""Characters that a tile's texts may have."""
MAX_NET_MILLI = 10**12
_PLU = re.compile(r"[0-9]{4,5}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_product(product: Product, gtins: Collection[str]) -> None:
    """Raise Invalid naming the field that cannot be."""
    _parsed("sku", parse_sku, product.sku)
    if not product.name.strip():
        raise Invalid("name", "a product needs a name")
    for field in ("name", "brand", "size", "category", "origin"):
        _check_text(field, getattr(product, field))
    for gtin in gtins if product.gtin is None else (product.gtin, *gtins):
        _parsed("gtin" if gtin == product.gtin else "gtins", parse_gtin, gtin)
    _matched("plu", _PLU, product.plu, "4 or 5 digits")
    _matched("image", _SHA256, product.image, "a SHA-256, 64 hex digits")
    _matched("facts", _SHA256, product.facts, "a SHA-256, 64 hex digits")
    _check_content(product)
    _check_cost(product)
    _check_deposits(product.deposits)
    _check_day(product.on_sale_since)


def _check_text(field: str, text: str | None) -> None:
    if text is None:
        return
    if not text.strip():
        raise Invalid(field, "it is empty; leave it out instead")
    if len(text) > MAX_TEXT:
        raise Invalid(field, f"{len(text)} characters; a tile takes {MAX_TEXT}")


def _check_content(product: Product) -> None:
    milli, measure = product.net_milli, product.net_measure
    if product.weighed and measure is None:
        raise Invalid(
            "net_measure", "goods sold by weight need the measure that their price is for"
        )
    if milli is None:
        if measure is not None and not product.weighed:
            raise Invalid("net_milli", "net content needs its number")
        return
    if measure not in MEASURES:
        raise Invalid("net_measure", f"{measure!r} is none of {', '.join(MEASURES)}")
    if not 0 < milli <= MAX_NET_MILLI:
        raise Invalid("net_milli", f"{milli} thousandths can be no net content")


def _check_cost(product: Product) -> None:
    if (product.cost is None) != (product.cost_currency is None):
        raise Invalid("cost", "a cost and its currency come together")
    if product.cost is not None and product.cost_currency is not None:
        _check_money("cost", product.cost, product.cost_currency)


def _check_deposits(deposits: Collection[Deposit]) -> None:
    for deposit in deposits:
        if not is_jurisdiction(deposit.jurisdiction):
            reason = f"{deposit.jurisdiction!r} is no country or state such as HR or US-CT"
            raise Invalid("deposits", reason)
        _check_money("deposits", deposit.amount, deposit.currency)
    if len({deposit.jurisdiction for deposit in deposits}) < len(deposits):
        raise Invalid("deposits", "a jurisdiction has one deposit")


def _check_money(field: str, amount: int, currency: str) -> None:
    _parsed(field, parse_currency, currency)
    if not 0 < amount <= MAX_AMOUNT_MINOR:
        raise Invalid(field, f"{amount} minor units can be no amount")


def _check_day(day: str | None) -> None:
    if day is None:
        return
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise Invalid("on_sale_since", f"{day!r} is no day such as 2026-06-21") from error


def _matched(field: str, pattern: re.Pattern[str], text: str | None, made_of: str) -> None:
    if text is not None and not pattern.fullmatch(text):
        raise Invalid(field, f"{text!r} is not {made_of}")


def _parsed(field: str, parse: Callable[[str], str], text: str) -> None:
    try:
        parse(text)
    except ContractError as error:
        raise Invalid(field, str(error)) from error
