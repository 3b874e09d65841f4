"""`edge-shelf planograms`: what hangs where, imported, exported and as it was."""

from pathlib import Path
from typing import Annotated

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.planogram_file import read_planogram, write_planogram
from cloud_service.cli.printing import counted, following, print_json, print_table, say
from label_templates.contract.identifiers import parse_store_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

Store = Annotated[str, typer.Option(help="The store's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def planograms() -> None:
    """What hangs where: bays, shelves, positions, their devices and panels."""


@app.command("import")
def import_planogram(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    store: Store,
    whole: Annotated[
        bool, typer.Option("--whole", help="Take down what the file does not name.")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")] = "",
    as_json: AsJson = False,
) -> None:
    """Hang the positions of a CSV, columns position,device,panel,sku,facings: all or none.

    A row without a device has paper for a panel, such as paper-70x37.
    """
    body = {"places": read_planogram(file), "whole": whole, "note": note}
    with connect() as connection:
        done = connection.put(f"/stores/{parse_store_id(store)}/planogram", body)
    if as_json:
        print_json(done)
    elif done["change_id"] is None:
        say(f"{counted(done['positions'], 'position')} hang so already; nothing was changed")
    else:
        positions = counted(done["positions"], "position")
        say(f"{positions} in change {done['change_id']}; {following(done['tiles'])}")


@app.command("export")
def export(
    *,
    store: Store,
    revision: Annotated[
        int | None, typer.Option(help="As of this revision; `history` lists them.", min=0)
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; stdout without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write what hangs in a store, or what hung, as a CSV that `import` takes."""
    with connect() as connection:
        path = f"/stores/{parse_store_id(store)}/planogram"
        found = connection.get(path, revision=revision)
    if as_json:
        print_json(found)
        return
    text = write_planogram(found["places"])
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongUsage(f"{output} cannot be written: {error.strerror}") from error
    say(f"{output}: {counted(len(found['places']), 'position')}")


@app.command("history")
def history(*, store: Store, as_json: AsJson = False) -> None:
    """List when a store's planogram changed, the newest first."""
    with connect() as connection:
        found = connection.get(f"/stores/{parse_store_id(store)}/planogram/revisions")["data"]
    if as_json:
        print_json(found)
        return
    rows = [(one["revision"], one["at"], one["actor"], one["note"] or None) for one in found]
    print_table(("Revision", "At", "Who", "Why"), rows)


@app.command("name")
def name_fixture(
    name: Annotated[str, typer.Argument(help="Such as Dairy; empty takes the name away.")],
    *,
    store: Store,
    bay: Annotated[int, typer.Option(help="The bay's number.", min=1)],
    shelf: Annotated[int | None, typer.Option(help="A shelf of it.", min=1)] = None,
) -> None:
    """Give a bay, or one of its shelves, a name."""
    path = f"/stores/{parse_store_id(store)}/bays/{bay}"
    if shelf is not None:
        path += f"/shelves/{shelf}"
    with connect() as connection:
        connection.put(f"{path}/name", {"name": name or None})
    where = f"shelf {shelf} of bay {bay}" if shelf is not None else f"bay {bay}"
    say(f"{where} is called {name}" if name else f"{where} has no name any more")
