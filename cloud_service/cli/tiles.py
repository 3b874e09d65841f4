"""`edge-shelf tiles render`: draw one tile to a PNG, without a server, as a shelf would draw it."""

from pathlib import Path
from typing import Annotated

import typer

from cloud_service.cli.bundle_file import opened_bundle
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.printing import say
from cloud_service.cli.tile_file import checked, read_fields, store_words
from label_templates.contract.money import parse_amount
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.layout.schema import relax_ng
from label_templates.render import Renderer

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
    bundle: Annotated[
        Path | None,
        typer.Option(exists=True, help="A packed bundle or its folder; else the installed."),
    ] = None,
    clear_paper: Annotated[
        bool, typer.Option("--clear-paper", help="Make white see-through.")
    ] = False,
) -> None:
    """Draw one tile; exit code 2 names what cannot be drawn and why."""
    given = {"sku": sku, "name": name, "gtin": gtin, "size": size, "brand": brand}
    fields = read_fields(content) | {
        key: value for key, value in given.items() if value is not None
    }
    if price is not None:
        fields["price"] = parse_amount(price, currency)
    words = store_words(currency, locale, tz)
    tile = checked(TileContent, fields, str(content) if content else "options")
    with opened_bundle(bundle) as opened:
        frame = Renderer(opened).render(template, tile, panel_spec(panel), words)
    _write(output, frame.png(clear_paper))
    say(f"{output}: {frame.width} x {frame.height}, {panel}, frame {frame.digest()}")


@app.command()
def schema() -> None:
    """Print the schema of the tile markup, RELAX NG, for editors."""
    say(relax_ng().rstrip())


def _write(file: Path, data: bytes) -> None:
    try:
        file.write_bytes(data)
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
