"""`edge-shelf devices`: the devices and what they say."""

from typing import Annotated, Any

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import print_json, print_table

app = typer.Typer(add_completion=False, no_args_is_help=True)

_COLUMNS = ("Device", "Store", "Tiles", "State", "Last heard", "Says")


@app.callback()
def devices() -> None:
    """The devices and what they say."""


@app.command("list")
def list_devices(
    *,
    store: Annotated[str | None, typer.Option(help="Only this store.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the devices: connected or not, stale, refusing."""
    with connect() as connection:
        found = list(connection.pages("/devices", store=store, limit=500))
    if as_json:
        print_json(found)
        return
    print_table(_COLUMNS, [_row(device) for device in found])


def _row(device: dict[str, Any]) -> tuple[object, ...]:
    state = "connected" if device["connected"] else "disconnected"
    state = f"{state}, stale" if device["stale"] else state
    heard = device["seen_at"]
    return device["id"], device["store_id"], device["tiles"], state, heard, device["refused"]
