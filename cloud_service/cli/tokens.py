"""`edge-shelf tokens`: tokens for the API and this command line."""

from enum import StrEnum
from typing import Annotated

import typer

from cloud_service.cli.local import open_accounts
from cloud_service.cli.printing import print_json, say

app = typer.Typer(add_completion=False, no_args_is_help=True)

_DAY_S = 86_400
_ISSUER = "edge-shelf tokens issue"


class Scope(StrEnum):
    """What a token may do."""

    READ = "read"
    WRITE = "write"


@app.callback()
def tokens() -> None:
    """Tokens for the API and this command line; needs the database, not the server."""


@app.command("issue")
def issue_token(
    name: Annotated[str, typer.Argument(help="What it is for; written beside what it changes.")],
    *,
    scope: Annotated[Scope, typer.Option(help="What it may do.")] = Scope.READ,
    days: Annotated[int, typer.Option(help="Days until it ends.", min=1, max=3650)] = 365,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Issue a token and print it, this once."""
    with open_accounts() as accounts:
        text = accounts.issue_token(name, scope.value, created_by=_ISSUER, life_s=days * _DAY_S)
    if as_json:
        print_json({"name": name, "scope": scope.value, "token": text})
    else:
        say(text)


@app.command("revoke")
def revoke_token(name: Annotated[str, typer.Argument(help="The token's name.")]) -> None:
    """End a token."""
    with open_accounts() as accounts:
        accounts.revoke_token(name)
    say(f"{name} has ended")
