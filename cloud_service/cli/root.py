"""The tree of commands. A command's module is imported only when that command runs.

`edge-shelf --help` therefore imports neither httpx nor the server: what is listed here is all it
needs. To add a command, add a line to `COMMANDS`.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typing_extensions import override

from cloud_service.cli.errors import CommandError, Refused, WrongUsage
from cloud_service.errors import ServiceError
from label_templates.contract.errors import ContractError

COMMANDS = {
    "prices": ("cloud_service.cli.prices", "Import price lists and set prices."),
    "changes": ("cloud_service.cli.changes", "Draft, compare, approve, publish, roll back."),
    "status": ("cloud_service.cli.status", "Say how far the shelves have followed."),
    "stores": ("cloud_service.cli.stores", "The stores there are; add and change them."),
    "zones": ("cloud_service.cli.zones", "Price zones, and the stores in them."),
    "products": ("cloud_service.cli.products", "Search, add and change products."),
    "planograms": ("cloud_service.cli.planograms", "What hangs where: import, export, history."),
    "tiles": ("cloud_service.cli.pictures", "Draw and check tiles, and fetch what hangs."),
    "bundles": ("cloud_service.cli.bundles", "Pack, try and use templates and pictures."),
    "devices": ("cloud_service.cli.devices", "The devices and what they say; register them."),
    "serve": ("cloud_service.cli.serve", "Run the console and the API."),
    "dispatch": ("cloud_service.cli.dispatch", "Run the dispatcher: prices out, acks in."),
    "keys": ("cloud_service.cli.keys", "The keys that seal what shelves must show."),
    "database": ("cloud_service.cli.database", "Say that the database was restored."),
    "users": ("cloud_service.cli.users", "Who may log in to the console."),
    "tokens": ("cloud_service.cli.tokens", "Tokens for the API and this command line."),
}
"""Name -> (module that holds its `app`, what `--help` says of it)."""


class Tree(TyperGroup):
    """The group at the root. Its listing is made of placeholders; running one imports the real."""

    def __init__(self, **attributes: Any) -> None:
        stubs = {name: TyperCommand(name, help=text) for name, (_, text) in COMMANDS.items()}
        super().__init__(**{**attributes, "commands": stubs})

    # Typer keeps the types of these arguments private.
    @override
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, stub, rest = super().resolve_command(ctx, args)
        return name, stub and _load(str(name)), rest


def _load(name: str) -> Any:
    app = importlib.import_module(COMMANDS[name][0]).app
    return typer.main.get_command(app)


app = typer.Typer(
    cls=Tree,
    name="edge-shelf",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog=(
        "Exit codes: 0 done; 1 refused, failed or not in time; 2 wrong usage or unreachable;"
        " 3 waits for approval."
    ),
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"edge-shelf {version('edge-shelf')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Digital shelf labels: prices in, the right pixels on every shelf.

    EDGE_SHELF_URL and EDGE_SHELF_TOKEN name the service; `make run` writes them to var/env.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; see the package for what the codes mean."""
    try:
        app(args=arguments)
    except CommandError as error:
        fail(error)
    except ServiceError as error:
        fail(Refused(str(error)))
    except ContractError as error:
        fail(WrongUsage(str(error)))
    except ModuleNotFoundError as error:
        fail(_missing(error))


def _missing(error: ModuleNotFoundError) -> CommandError:
    package = (error.name or "").partition(".")[0]
    if package in {"", "cloud_service", "label_templates"}:
        raise error
    return WrongUsage(f"this command needs {package}: install edge-shelf[cloud]")


def fail(error: CommandError) -> None:
    """Print a failure on stderr and exit with its code."""
    # A problem with one error says it twice, as its detail and in its list.
    details = [line for line in error.details if line != str(error)]
    typer.echo("\n  ".join([f"edge-shelf: {error}", *details]), err=True)
    sys.exit(error.exit_code)
