"""`edge-shelf keys`: the keys that seal what shelves must show."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cloud_service.cli.environment import read_settings
from cloud_service.cli.printing import print_json, say
from cloud_service.clock import SystemClock
from cloud_service.delivery.keys import Keyring, add_sealing_key, create_keys

app = typer.Typer(add_completion=False, no_args_is_help=True)

Kid = Annotated[str | None, typer.Option("--kid", help="The key's id; the month by default.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def keys() -> None:
    """The keys that seal what shelves must show; they lie in EDGE_SHELF_KEY_DIR."""


@app.command("init")
def init(*, kid: Kid = None, as_json: AsJson = False) -> None:
    """Make the root and the first sealing key. Keys that are there are never replaced."""
    _tell(create_keys(read_settings().keys, kid or _month()), as_json=as_json)


@app.command("add")
def add(*, kid: Kid = None, as_json: AsJson = False) -> None:
    """Bring in one more sealing key; devices follow with their next write."""
    _tell(add_sealing_key(read_settings().keys, kid or _month()), as_json=as_json)


def _month() -> str:
    return datetime.fromtimestamp(SystemClock().now(), UTC).strftime("%Y-%m")


def _tell(ring: Keyring, *, as_json: bool) -> None:
    directory = str(read_settings().keys)
    if as_json:
        listed = {"directory": directory, "root_key": ring.root, "version": ring.list.version}
        print_json({**listed, "keys": sorted(ring.list.keys)})
        return
    say(f"{directory}: key list {ring.list.version} with {', '.join(sorted(ring.list.keys))}")
    say(f"devices trust the root {ring.root}")
