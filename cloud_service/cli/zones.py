"""`edge-shelf zones`: price zones, and which stores are in them."""

from typing import Annotated

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import print_json, print_table, say
from cloud_service.cli.stores import tell
from label_templates.contract.identifiers import parse_store_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Note = Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")]


@app.callback()
def zones() -> None:
    """Price zones: where prices are kept that several stores share."""


@app.command("list")
def list_zones(*, as_json: AsJson = False) -> None:
    """List the price zones with their stores."""
    with connect() as connection:
        found = connection.get("/zones")["data"]
    if as_json:
        print_json(found)
        return
    rows = [(z["id"], z["name"], z["currency"], ", ".join(z["stores"]) or None) for z in found]
    print_table(("Zone", "Name", "Currency", "Stores"), rows)


@app.command("add")
def add(
    zone: Annotated[str, typer.Argument(help="Its id, such as north.")],
    name: Annotated[str, typer.Argument(help="Its name.")],
    *,
    currency: Annotated[str, typer.Option(help="What its prices are in: EUR.")],
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Add a price zone, for stores to be moved into."""
    body = {"id": zone, "name": name, "currency": currency, "note": note}
    with connect() as connection:
        done = connection.post("/zones", body)
    print_json(done) if as_json else say(f"price zone {done['id']} is added; no store is in it")


@app.command("move")
def move(
    store: Annotated[str, typer.Argument(help="The store's id.")],
    zone: Annotated[str, typer.Argument(help="The zone it goes into.")],
    *,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Tiles of products without a price there go bare.")
    ] = False,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Move a store into a price zone: its shelves show that zone's prices from now on."""
    body = {"zone": zone, "confirm": confirm, "note": note}
    with connect() as connection:
        done = connection.patch(f"/stores/{parse_store_id(store)}", body)
    tell(done, as_json=as_json)
