"""`edge-shelf status`: how far the shelves have followed."""

import json
import sys
import time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.printing import print_json

app = typer.Typer(add_completion=False)

WATCH_S = 1.0
_COLUMNS = ("Tile", "Device", "State", "Why")


@app.command()
def status(
    *,
    store: Annotated[str | None, typer.Option(help="Only this store.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count devices and tiles, and name the tiles that need somebody."""
    with connect() as connection:
        if watch:
            _watch(connection, store, as_json=as_json)
            return
        found = connection.get("/status", store=store)
    if as_json:
        print_json(found)
    else:
        Console().print(_table(found))


def _watch(connection: Connection, store: str | None, *, as_json: bool) -> None:
    """Show each new state: as lines of JSON, or as one table that changes in place."""
    if as_json:
        _watch_lines(connection, store)
        return
    with Live(_table(connection.get("/status", store=store)), auto_refresh=False) as live:
        while True:
            time.sleep(WATCH_S)
            live.update(_table(connection.get("/status", store=store)), refresh=True)


def _watch_lines(connection: Connection, store: str | None) -> None:
    last: Any = None
    while True:
        found = connection.get("/status", store=store)
        if found != last:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        last = found
        time.sleep(WATCH_S)


def _table(found: dict[str, Any]) -> Table:
    tiles, devices = found["tiles"], found["devices"]
    title = (
        f"devices {devices['connected']} of {devices['total']} connected; tiles "
        f"{tiles['shown']} shown, {tiles['pending']} pending, {tiles['failed']} failed"
    )
    shown = bool(found["attention"])
    table = Table(
        *_COLUMNS, title=Text(title), box=None, pad_edge=False, title_justify="left",
        show_header=shown, header_style="bold",
    )  # fmt: skip
    for tile in found["attention"]:
        place = f"{tile['store_id']} {tile['position']}"
        table.add_row(place, tile["device_id"], tile["state"], Text(tile["why"] or "-"))
    return table
