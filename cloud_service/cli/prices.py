"""`edge-shelf prices`: import a price list, set one price, set many at once."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud_service.cli.changes import check_published
from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.exporting import FileKind, export_file
from cloud_service.cli.importing import import_file
from cloud_service.cli.lists import (
    ConfirmOption,
    DecimalOption,
    DelimiterOption,
    EncodingOption,
    ExistingFile,
    FormatOption,
    NoteOption,
    OnError,
    OnErrorOption,
    ProfileOption,
    RepairOption,
    SheetOption,
    parameters,
)
from cloud_service.cli.price_file import read_prices
from cloud_service.cli.printing import counted, following, money, print_json, print_line, say
from cloud_service.cli.sending import PriceList
from cloud_service.cli.waiting import Waited, published, wait_until_shown
from cloud_service.cli.watching import Taken, Watched, watch
from label_templates.contract.identifiers import parse_sku, parse_store_id
from label_templates.contract.money import parse_amount

app = typer.Typer(add_completion=False, no_args_is_help=True)

Store = Annotated[str, typer.Option(help="The store's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FolderOption = Annotated[Path | None, typer.Option(exists=True, file_okay=False, writable=True)]
_NEGATIVE = re.compile(r"-[0-9.,]+")


@app.callback()
def prices() -> None:
    """Import price lists and set prices."""


@app.command("import")
def import_prices(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    store: Store,
    list_format: FormatOption = None,
    profile: ProfileOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    on_error: OnErrorOption = OnError.STOP,
    errors: Annotated[Path | None, typer.Option(help="Write rows in error to this CSV.")] = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    repair: RepairOption = False,
    confirm: ConfirmOption = False,
    note: NoteOption = None,
    as_json: AsJson = False,
) -> None:
    """Import a price list: CSV, xlsx or JSON, which is told by its content.

    Exit code 1 where any row was refused, even if others were taken; 3 where the list is kept as a
    change that waits for a second person, or to be confirmed.
    """
    said = parameters(
        list_format, profile, repair=repair, dry_run=str(dry_run).lower(), on_error=on_error,
        encoding=encoding, delimiter=delimiter, decimal=decimal, sheet=sheet, note=note,
        confirm="true" if confirm else None,
    )  # fmt: skip
    with connect() as connection:
        sent = PriceList(file, store, said, profile)
        import_file(connection, sent, errors=errors, as_json=as_json)


@app.command("export")
def export_prices(
    *,
    store: Store,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", dir_okay=False, help="Stdout without it.")
    ] = None,
    kind: Annotated[
        FileKind | None,
        typer.Option("--format", help="What it is written into, if not as its name says."),
    ] = None,
) -> None:
    """Write a store's price list: our own columns, which the import takes back unchanged."""
    with connect() as connection:
        export_file(connection, parse_store_id(store), kind, output)


@app.command("watch")
def watch_folder(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, readable=True)],
    *,
    store: Store,
    list_format: FormatOption = None,
    profile: ProfileOption = None,
    on_error: OnErrorOption = OnError.STOP,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    decimal: DecimalOption = None,
    sheet: SheetOption = None,
    repair: RepairOption = False,
    pattern: Annotated[str, typer.Option(help="Which files; quote it.")] = "*",
    every: Annotated[float, typer.Option(help="Seconds between two looks.", min=0.1)] = 10.0,
    once: Annotated[bool, typer.Option("--once", help="Look once, as cron does.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try again what was refused and has not changed.")
    ] = False,
    move_to: FolderOption = None,
    errors_to: FolderOption = None,
    as_json: AsJson = False,
) -> None:
    """Take each list that a till puts into a folder, once; a line for each says what came of it.

    A file is taken when it has not changed between two looks. With --once exit code 1 where any
    file failed, or had rows in error, 3 where one is kept as a change that waits for somebody.
    """
    said = parameters(
        list_format, profile, repair=repair, on_error=on_error, encoding=encoding,
        delimiter=delimiter, decimal=decimal, sheet=sheet,
    )  # fmt: skip
    watched = Watched(
        folder, parse_store_id(store), said, profile, pattern, move_to, errors_to, retry
    )
    with connect() as connection, suppress(KeyboardInterrupt):
        connection.get(f"/stores/{watched.store}")
        tell = _tell_line if as_json else _tell_taken
        code = watch(connection, watched, tell, every=every, once=once)
        if code:
            raise typer.Exit(code)


@app.command("show")
def show_prices(
    sku: Annotated[str, typer.Argument(help="The product's SKU.")],
    *,
    store: Store,
    as_json: AsJson = False,
) -> None:
    """Show what a product costs in a store now, why, and what its tile must print by law."""
    with connect() as connection:
        found = connection.get(f"/stores/{parse_store_id(store)}/prices/{parse_sku(sku)}")
    if as_json:
        print_json(found)
        return
    say(f"{found['sku']} costs {money(found['effective'])} in store {found['store_id']}:"
        f" {found['reason']}")  # fmt: skip
    for name in ("regular", "prior", "reference", "deposit"):
        if found[name] is not None:
            say(f"{name}: {money(found[name])}")
    if found["unit_price"]:
        say(f"unit price: {found['unit_price']}")
    if found["citations"]:
        say(f"by {'; '.join(found['citations'])}")
    for demand in found["must_print"]:
        say(f"must print: {demand['asks']} ({demand['citation']})")


# A negative price looks like an option; it is read as a price, so that it is told what is wrong.
@app.command("set", context_settings={"ignore_unknown_options": True})
def set_prices(
    sku: Annotated[str | None, typer.Argument(help="The product's SKU.")] = None,
    price: Annotated[str | None, typer.Argument(help="The new price, such as 1.99.")] = None,
    *,
    store: Store,
    file: Annotated[Path | None, ExistingFile] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the shelves show it.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait.", min=0)] = 60.0,
    at: Annotated[
        str | None, typer.Option("--at", help="When it takes effect: 2026-12-01T06:00+01:00.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="What looks like a slip of the keyboard is meant.")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")] = "",
    as_json: AsJson = False,
) -> None:
    """Set one price, or with --file those of a CSV (columns sku,price) in one publish.

    Exit code 3 where the change waits for the approval of a second person.
    """
    _check_usage(sku, price, file)
    if wait and at is not None:
        raise WrongUsage("--wait waits for what holds now; leave it out with --at")
    said = {"confirm": confirm, "note": note, "effective_from": at}
    with connect() as connection:
        currency = connection.get(f"/stores/{parse_store_id(store)}")["currency"]
        new = read_prices(file, currency) if file else _one(sku, price, currency)
        done = _send(connection, store, _wire(new, currency), said, many=file is not None)
        if done["state"] == "submitted":
            if as_json:
                print_json(done)
            check_published(done)
        with published(done["change_id"]):
            waited = wait_until_shown(connection, store, new, timeout) if wait else None
    _tell(done, waited, as_json=as_json)
    if waited:
        waited.check()


def _tell_taken(taken: Taken) -> None:
    say(taken.told())


def _tell_line(taken: Taken) -> None:
    print_line(taken.json())


def _check_usage(sku: str | None, price: str | None, file: Path | None) -> None:
    for word in (sku, price):
        _check_no_option(word or "")
    if file is None and (sku is None or price is None):
        raise WrongUsage("name a SKU and its price, or a --file with columns sku,price")
    if file is not None and sku is not None:
        raise WrongUsage("give either a SKU with its price or a --file, not both")


def _check_no_option(word: str) -> None:
    """Say what typer would have said, had it not been told to take what looks like an option."""
    if _NEGATIVE.fullmatch(word):
        raise WrongUsage(f"{word!r} is negative; a price is above zero, such as 1.99")
    if word.startswith("-"):
        raise WrongUsage(f"there is no option {word}; --help names those there are")


def _one(sku: str | None, price: str | None, currency: str) -> dict[str, int]:
    return {parse_sku(sku or ""): parse_amount(price or "", currency)}


def _send(
    connection: Connection,
    store: str,
    prices: dict[str, Any],
    said: dict[str, Any],
    *,
    many: bool,
) -> dict[str, Any]:
    if many:
        items = [{"sku": sku, "price": price} for sku, price in prices.items()]
        done = connection.post(f"/stores/{store}/prices:batch", {"prices": items, **said})
    else:
        ((sku, price),) = prices.items()
        done = connection.put(f"/stores/{store}/prices/{sku}", {"price": price, **said})
    return dict(done)


def _wire(new: dict[str, int], currency: str) -> dict[str, Any]:
    return {sku: {"amount_minor": minor, "currency": currency} for sku, minor in new.items()}


def _tell(done: dict[str, Any], waited: Waited | None, *, as_json: bool) -> None:
    if as_json:
        print_json(done if waited is None else {**done, "waited": waited.json()})
        return
    say(f"{_what(done)} in change {done['change_id']}; {following(done['tiles'])}")
    if waited and (line := waited.told()):
        say(line)


def _what(done: dict[str, Any]) -> str:
    if "sku" in done:
        return f"{done['sku']}: {money(done['old'])} -> {money(done['new'])}"
    return f"{counted(done['prices'], 'price')} changed"
