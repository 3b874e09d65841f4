"""`edge-shelf prices`: import a price list, set one price, set many at once."""

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.importing import import_file
from cloud_service.cli.price_file import read_prices
from cloud_service.cli.printing import counted, following, money, print_json, say
from cloud_service.cli.waiting import Waited, published, wait_until_shown
from label_templates.contract.identifiers import parse_sku, parse_store_id
from label_templates.contract.money import parse_amount

app = typer.Typer(add_completion=False, no_args_is_help=True)

Store = Annotated[str, typer.Option(help="The store's id.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_NEGATIVE = re.compile(r"-[0-9.,]+")
ExistingFile = typer.Option(exists=True, dir_okay=False, readable=True)


class Format(StrEnum):
    """What a price list is written in."""

    KONZUM = "konzum"
    CSV = "csv"


class OnError(StrEnum):
    """What to do about rows in error."""

    STOP = "stop"
    CONTINUE = "continue"


@app.callback()
def prices() -> None:
    """Import price lists and set prices."""


@app.command("import")
def import_prices(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    store: Store,
    file_format: Annotated[Format, typer.Option("--format", help="How the file is written.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    on_error: Annotated[
        OnError, typer.Option(help="Take nothing, or the good rows.")
    ] = OnError.STOP,
    errors: Annotated[Path | None, typer.Option(help="Write rows in error to this CSV.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import a price list. Exit code 1 where any row was refused, even if others were taken."""
    with connect() as connection:
        import_file(
            connection,
            file,
            store=store,
            parameters={
                "format": file_format.value,
                "dry_run": str(dry_run).lower(),
                "on_error": on_error.value,
            },
            errors=errors,
            as_json=as_json,
        )


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
    as_json: AsJson = False,
) -> None:
    """Set one price, or with --file those of a CSV (columns sku,price) in one publish."""
    _check_usage(sku, price, file)
    with connect() as connection:
        currency = connection.get(f"/stores/{parse_store_id(store)}")["currency"]
        new = read_prices(file, currency) if file else _one(sku, price, currency)
        done = _send(connection, store, new, currency, many=file is not None)
        with published(done["change_id"]):
            waited = wait_until_shown(connection, store, new, timeout) if wait else None
    _tell(done, waited, as_json=as_json)
    if waited:
        waited.check()


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
    connection: Connection, store: str, new: dict[str, int], currency: str, *, many: bool
) -> dict[str, Any]:
    prices = {sku: {"amount_minor": minor, "currency": currency} for sku, minor in new.items()}
    if many:
        items = [{"sku": sku, "price": price} for sku, price in prices.items()]
        done = connection.post(f"/stores/{store}/prices:batch", {"prices": items})
    else:
        ((sku, price),) = prices.items()
        done = connection.put(f"/stores/{store}/prices/{sku}", {"price": price})
    return dict(done)


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
