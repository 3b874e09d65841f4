"""The fields of a product as options on the command line, and as the API takes them."""

import re
from decimal import Decimal
from typing import Annotated, Any

import typer

from cloud_service.cli.errors import WrongUsage
from label_templates.contract.money import parse_amount, parse_currency

Name = Annotated[str | None, typer.Option(help="As printed.")]
Brand = Annotated[str | None, typer.Option(help="As printed.")]
Size = Annotated[str | None, typer.Option(help="Net content as printed: `500 g`.")]
Content = Annotated[
    str | None, typer.Option(help="Net content for the unit price: `500 g`, `24 oz`, `1.5 l`.")
]
Gtin = Annotated[str | None, typer.Option(help="The GTIN that is printed as a barcode.")]
OtherGtins = Annotated[
    list[str] | None,
    typer.Option("--other-gtin", help="A GTIN that names it too; may be given several times."),
]
Plu = Annotated[str | None, typer.Option(help="Price look-up code of loose produce.")]
Category = Annotated[str | None, typer.Option(help="Where it belongs.")]
Weighed = Annotated[bool | None, typer.Option("--weighed/--by-piece", help="Sold by weight.")]
Perishable = Annotated[bool | None, typer.Option("--perishable/--lasting", help="It goes bad.")]
Deposits = Annotated[
    list[str] | None,
    typer.Option(
        "--deposit", help="Where a law asks for one: `HR=0.10 EUR`; may be given several times."
    ),
]
Cost = Annotated[str | None, typer.Option(help="What it costs the chain: `0.60 EUR`.")]
OnSaleSince = Annotated[str | None, typer.Option(help="A day: 2026-06-21.")]
Origin = Annotated[str | None, typer.Option(help="Country or region, as printed.")]
Image = Annotated[str | None, typer.Option(help="SHA-256 of a photo in the store's bundle.")]
Facts = Annotated[str | None, typer.Option(help="SHA-256 of its facts in the store's bundle.")]
Clear = Annotated[
    list[str] | None,
    typer.Option("--clear", help="Take this away, such as origin; may be given several times."),
]

_EMPTY: dict[str, Any] = {
    "brand": None, "size": None, "content": None, "gtin": None, "other-gtin": [], "plu": None,
    "category": None, "deposit": [], "cost": None, "on-sale-since": None, "origin": None,
    "image": None, "facts": None,
}  # fmt: skip
_WIRE = {"content": "net_content", "other-gtin": "gtins", "deposit": "deposits"}
_CONTENT = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?) ?([a-z][a-z0-9 ]*)")
_MONEY = re.compile(r"([0-9.,]+) ([A-Z]{3})")


def product_fields(
    *, clear: list[str] | None = None, needed: bool = False, **given: Any
) -> dict[str, Any]:
    """Return the fields that were given, as the API takes them; raise WrongUsage naming another.

    `needed`: there must be one.
    """
    fields = {name: value for name, value in given.items() if value is not None}
    if "content" in fields:
        fields["net_content"] = _content(fields.pop("content"))
    if "deposits" in fields:
        fields["deposits"] = [_deposit(text) for text in fields["deposits"]]
    if "cost" in fields:
        fields["cost"] = _money("--cost", fields["cost"])
    for name in clear or ():
        if name not in _EMPTY:
            raise WrongUsage(f"--clear {name}: what can be taken away is {', '.join(_EMPTY)}")
        fields[_WIRE.get(name, name.replace("-", "_"))] = _EMPTY[name]
    if needed and not fields:
        raise WrongUsage("name what shall change; --help lists the fields")
    return fields


def _content(text: str) -> dict[str, Any]:
    found = _CONTENT.fullmatch(text.strip())
    if found is None:
        raise WrongUsage(f"--content: {text!r} is no net content such as 500 g")
    return {"thousandths": int(Decimal(found[1].replace(",", ".")) * 1000), "measure": found[2]}


def _deposit(text: str) -> dict[str, Any]:
    jurisdiction, separator, amount = text.partition("=")
    if not separator:
        raise WrongUsage(f"--deposit: {text!r} is none such as HR=0.10 EUR")
    return {"jurisdiction": jurisdiction.strip(), "deposit": _money("--deposit", amount)}


def _money(option: str, text: str) -> dict[str, Any]:
    found = _MONEY.fullmatch(text.strip())
    if found is None:
        raise WrongUsage(f"{option}: {text.strip()!r} is no amount such as 0.10 EUR")
    currency = parse_currency(found[2])
    return {"amount_minor": parse_amount(found[1], currency), "currency": currency}
