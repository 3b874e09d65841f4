"""`edge-shelf database`: what the database must be told when it was handled from outside."""

from dataclasses import asdict
from typing import Annotated

import typer

from cloud_service.cli.local import open_local
from cloud_service.cli.printing import counted, print_json, say
from cloud_service.delivery.restoring import Restored, mark_restored

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def database() -> None:
    """What the database must be told; needs the database, not the server."""


@app.command()
def restored(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Say that the database was restored from a backup: all shelves follow it anew.

    Shelves refuse what is older than what they show; this makes what the backup says the newest.
    """
    with open_local() as services:
        done = mark_restored(services.storage, services.clock.now())
    print_json(asdict(done)) if as_json else _tell(done)


def _tell(done: Restored) -> None:
    say(f"the epoch rises from {done.before} to {done.epoch}")
    say("shelves refuse what is older than what they show; all this database says is newer now")
    follow = "is" if done.devices == 1 else "are"
    say(f"{counted(done.devices, 'device')} {follow} written anew by the dispatcher")
