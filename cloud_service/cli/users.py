"""`edge-shelf users`: who may log in to the console."""

import sys
from typing import Annotated

import typer

from cloud_service.accounts.secrets import new_password
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.local import open_accounts
from cloud_service.cli.printing import print_json, say

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def users() -> None:
    """Who may log in to the console; needs the database, not the server."""


@app.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="The name to log in with.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Add a user. Without --password-stdin a password is made and printed, this once."""
    password = _given() if password_stdin else new_password()
    with open_accounts() as accounts:
        accounts.add_user(name, password)
    told = {} if password_stdin else {"password": password}
    if as_json:
        print_json({"name": name, **told})
    else:
        say(f"added {name}" + (f" with the password {password}" if told else ""))


def _given() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise WrongUsage("there is no password on stdin")
    return password
