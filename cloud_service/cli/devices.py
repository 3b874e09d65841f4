"""`edge-shelf devices`: the devices and what they say, and their identities at the hub."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.printing import print_json, print_table

app = typer.Typer(add_completion=False, no_args_is_help=True)

_COLUMNS = ("Device", "Store", "Tiles", "State", "Last heard", "Says")


@app.callback()
def devices() -> None:
    """The devices and what they say; register them."""


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


@app.command("register")
def register_devices(
    *,
    store: Annotated[str, typer.Option(help="The store whose planogram names the devices.")],
    output: Annotated[Path, typer.Option(help="Where a folder for each device is made.")],
    driver: Annotated[
        str | None, typer.Option(help="Driver of all panels; without it waveshare, lcd or capture.")
    ] = None,
    trust: Annotated[
        Path | None,
        typer.Option(help="PEM file on the Pi, for a hub with an authority of its own."),
    ] = None,
    bundles: Annotated[
        str | None,
        typer.Option(help="Address of `edge-shelf serve` as Pis reach it, for template bundles."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Give a store's devices an identity at the hub, and write what their Pis are installed with.

    Needs the database, the keys and IOTHUB_CONNECTION_STRING, not the server.
    Each device gets a folder with agent.toml and connection_string, which is a secret.
    """
    # The hub's SDK and the database take seconds to import, which `list` need not wait for.
    from cloud_service.cli.registering import register_store  # noqa: PLC0415

    register_store(
        store, output,
        driver=driver, trust=trust, bundles=bundles, overwrite=overwrite, as_json=as_json,
    )  # fmt: skip


def _row(device: dict[str, Any]) -> tuple[object, ...]:
    state = "connected" if device["connected"] else "disconnected"
    state = f"{state}, stale" if device["stale"] else state
    lacks = f"lacks the template bundle {device['lacks'][:19]}" if device["lacks"] else None
    says = device["refused"] or lacks
    return device["id"], device["store_id"], device["tiles"], state, device["seen_at"], says
