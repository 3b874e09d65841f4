"""`edge-shelf products`: find a product, and see its price where a store is named."""

from typing import Annotated, Any

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import counted, money, print_json, print_table

app = typer.Typer(add_completion=False, no_args_is_help=True)

_COLUMNS = ("SKU", "GTIN", "Name", "Size", "Price", "Positions")


@app.callback()
def products() -> None:
    """Search products."""


@app.command("search")
def search(
    text: Annotated[str, typer.Argument(help="Name, SKU, GTIN or brand.")],
    *,
    store: Annotated[str | None, typer.Option(help="Show prices and positions here.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=500)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Search products; case and accents do not matter."""
    with connect() as connection:
        found = connection.get("/products", q=text, store=store, limit=limit)
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [_row(product) for product in found["data"]])
    if not found["data"]:
        typer.echo(f"no product matches {text}", err=True)
    if found["has_more"]:
        match = "matches" if limit == 1 else "match"
        more = f"more than {counted(limit, 'product')} {match}"
        typer.echo(f"{more}; --limit shows more", err=True)


def _row(product: dict[str, Any]) -> tuple[object, ...]:
    price = product["price"] and money(product["price"]["effective"])
    places = ", ".join(product["positions"]) or None
    return product["sku"], product["gtin"], product["name"], product["size"], price, places
