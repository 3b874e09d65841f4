"""`edge-shelf stores`: the stores there are."""

from typing import Annotated

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import print_json, print_table

app = typer.Typer(add_completion=False, no_args_is_help=True)

_COLUMNS = ("Store", "Name", "Currency", "Products", "Shown", "Pending", "Failed", "Devices")


@app.callback()
def stores() -> None:
    """The stores there are."""


@app.command("list")
def list_stores(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """List the stores with their tallies."""
    with connect() as connection:
        found = list(connection.pages("/stores", limit=500))
    if as_json:
        print_json(found)
        return
    rows = [
        (store["id"], store["name"], store["currency"], store["products"],
         store["tiles"]["shown"], store["tiles"]["pending"], store["tiles"]["failed"],
         f"{store['devices']['connected']} of {store['devices']['total']}")
        for store in found
    ]  # fmt: skip
    print_table(_COLUMNS, rows)
