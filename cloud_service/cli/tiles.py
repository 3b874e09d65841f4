"""`edge-shelf tiles render`: draw one tile to a PNG, without a server, as a shelf would draw it."""

import json
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.printing import say
from label_templates.bundles import installed_bundle
from label_templates.contract.money import parse_amount
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.render import Renderer

_Model = TypeVar("_Model", bound=BaseModel)

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def tiles() -> None:
    """Draw tiles."""


@app.command()
def render(
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where the PNG goes.")],
    template: Annotated[
        str, typer.Option(help="Template of the bundle, such as price/promotion.")
    ] = "price/standard",
    panel: Annotated[str, typer.Option(help="Panel of the catalogue.")] = "epd-2.9-bwr",
    sku: Annotated[str | None, typer.Option(help="The retailer's item number.")] = None,
    name: Annotated[str | None, typer.Option(help="The product's shelf name.")] = None,
    price: Annotated[str | None, typer.Option(help="Price in major units: 1.99.")] = None,
    gtin: Annotated[str | None, typer.Option(help="GTIN for the barcode.")] = None,
    size: Annotated[str | None, typer.Option(help="Net content as printed: 500 g.")] = None,
    brand: Annotated[str | None, typer.Option(help="Brand.")] = None,
    content: Annotated[
        Path | None,
        typer.Option(help="JSON with the fields of a tile; other options go before it."),
    ] = None,
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "EUR",
    locale: Annotated[str, typer.Option(help="Locale for numbers and words.")] = "hr-HR",
    tz: Annotated[str, typer.Option(help="Time zone in which promotions end.")] = "Europe/Zagreb",
    clear_paper: Annotated[
        bool, typer.Option("--clear-paper", help="Make white see-through.")
    ] = False,
) -> None:
    """Draw one tile; exit code 2 names what cannot be drawn and why."""
    given = {"sku": sku, "name": name, "gtin": gtin, "size": size, "brand": brand}
    fields = _read(content) | {key: value for key, value in given.items() if value is not None}
    if price is not None:
        fields["price"] = parse_amount(price, currency)
    words = _checked(
        StoreWords, {"id": "0", "tz": tz, "currency": currency, "locale": locale}, "options"
    )
    tile = _checked(TileContent, fields, str(content) if content else "options")
    frame = Renderer(installed_bundle()).render(template, tile, panel_spec(panel), words)
    _write(output, frame.png(clear_paper))
    say(f"{output}: {frame.width} x {frame.height}, {panel}, frame {frame.digest()}")


def _read(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        fields = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise WrongUsage(f"{file} is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise WrongUsage(f"{file} holds no JSON object with the fields of a tile")
    return fields


def _checked(model: type[_Model], fields: dict[str, Any], place: str) -> _Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False)
        reasons = [f"{'.'.join(map(str, item['loc'])) or place}: {item['msg']}" for item in found]
        raise WrongUsage(f"{place}: not what a tile can say", tuple(reasons)) from error


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
