"""`edge-shelf status`: how far the shelves have followed."""

import json
import sys
import time
from collections.abc import Iterator
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
    """Show each new state: as a line of JSON, or as a table that on a terminal stays in place."""
    console = Console()
    if as_json:
        _write_lines(_states(connection, store))
    elif console.is_terminal:
        with Live(console=console, auto_refresh=False) as live:
            for found in _states(connection, store):
                live.update(_table(found), refresh=True)
    else:
        for found in _states(connection, store):
            console.print(_table(found))


def _states(connection: Connection, store: str | None) -> Iterator[dict[str, Any]]:
    """Yield the status now and whenever it is another one, for ever."""
    last: dict[str, Any] | None = None
    while True:
        found = connection.get("/status", store=store)
        if found != last:
            yield found
        last = found
        time.sleep(WATCH_S)


def _write_lines(states: Iterator[dict[str, Any]]) -> None:
    for found in states:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
        sys.stdout.flush()


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
