"""`shelf-sim up`, `unplug` and `plug`, the commands: their options and exit codes."""

import asyncio
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from label_templates.contract.twin import MAX_TILES
from simulators.up.errors import UpError
from simulators.up.folder import Folder
from simulators.up.options import DEFAULT_DEVICES, DEFAULT_TILES, Options, own_lists
from simulators.up.plugs import pull, put_back
from simulators.up.ports import check_free

_VAR = Path("var")
DataDir = Annotated[Path, typer.Option(help="Where everything is kept.")]
Device = Annotated[str, typer.Argument(help="A device, such as 1001-003.")]
Devices = Annotated[
    int | None, typer.Option(min=1, max=500, help=f"Devices of a store [{DEFAULT_DEVICES}].")
]
Tiles = Annotated[
    int | None, typer.Option(min=1, max=MAX_TILES, help=f"Tiles of a device [{DEFAULT_TILES}].")
]
Processes = Annotated[
    int | None, typer.Option(min=1, help="Processes for all devices [4 devices in each].")
]
Stores = Annotated[
    list[str] | None, typer.Option("--store", help="A store that hangs --prices; repeatable.")
]
Lists = Annotated[list[Path] | None, typer.Option("--prices", help="A price list of one's own.")]
Formats = Annotated[list[str] | None, typer.Option("--format", help="Its format: csv or konzum.")]


def up(  # noqa: PLR0913 - each is an option of the command
    *,
    data_dir: DataDir = _VAR,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what an earlier start kept.")
    ] = False,
    devices: Devices = None,
    tiles: Tiles = None,
    processes: Processes = None,
    store: Stores = None,
    prices: Lists = None,
    list_format: Formats = None,
    host: Annotated[str, typer.Option(help="Address of the console.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the console.")] = 8000,
    hub_host: Annotated[str, typer.Option(help="Address of the simulated hub.")] = "127.0.0.1",
    rest_port: Annotated[int, typer.Option(min=1, max=65535, help="The hub's REST port.")] = 8443,
) -> None:
    """Run everything on this machine until Ctrl-C: hub, cloud, dispatcher and simulated shelves.

    Without --store it is a made-up grocery store. A second start finds everything as it was left.
    """
    with _told("up"):
        options = Options(
            Folder(data_dir.absolute()), fresh, devices, tiles, processes,
            own_lists(store or [], prices or [], list_format or []),
            host, port, hub_host, rest_port,
        )  # fmt: skip
        check_free(options.ports())
        _run(options)


def _run(options: Options) -> None:
    # The cloud's packages take seconds to import: what is wrong with the options is told before.
    from simulators.up.running import run  # noqa: PLC0415
    from simulators.up.screen import Screen  # noqa: PLC0415

    asyncio.run(run(options, Screen()))


def unplug(device: Device, data_dir: DataDir = _VAR) -> None:
    """Cut the power of a simulated shelf; its panels go on showing what they showed."""
    with _told("unplug"):
        pull(Folder(data_dir.absolute()), device)
    where = "" if data_dir == _VAR else f" --data-dir {shlex.quote(str(data_dir))}"
    typer.echo(f"{device} is without power; shelf-sim plug {device}{where} gives it back")


def plug(device: Device, data_dir: DataDir = _VAR) -> None:
    """Give a simulated shelf its power back; it catches up."""
    with _told("plug"):
        put_back(Folder(data_dir.absolute()), device)
    typer.echo(f"{device} has power")


@contextmanager
def _told(command: str) -> Iterator[None]:
    """Turn what went wrong into one sentence and an exit code."""
    try:
        yield
    except UpError as error:
        typer.echo(f"shelf-sim {command}: {error}", err=True)
        raise typer.Exit(error.exit_code) from error
