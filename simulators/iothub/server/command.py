"""`shelf-sim fault`, `limits` and `token`: what a running hub can be asked, as commands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from simulators.iothub.core.faults import EVERYBODY, FaultKind
from simulators.iothub.core.tiers import Operation

if TYPE_CHECKING:
    from simulators.iothub.server.remote import RemoteHub

app = typer.Typer(
    help="What goes wrong at a running hub, on demand.", no_args_is_help=True, add_completion=False
)

DataDir = Annotated[Path, typer.Option(help="The hub's folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_HUB = Path("var")


@app.command("add")
def add(  # noqa: PLR0913 - each is an option of the command
    kind: Annotated[FaultKind, typer.Argument(help="What goes wrong.")],
    *,
    data_dir: DataDir = _HUB,
    device: Annotated[str, typer.Option(help="Whose; a module is device/module.")] = EVERYBODY,
    operation: Annotated[
        Operation | None, typer.Option(help="Of a throttle or delay; any without it.")
    ] = None,
    seconds: Annotated[float | None, typer.Option(help="How long a delay is.")] = None,
    times: Annotated[int | None, typer.Option(help="How often; for ever without it.")] = None,
    lasts: Annotated[float | None, typer.Option(help="Seconds until it is over.")] = None,
    as_json: Json = False,
) -> None:
    """Lay a fault in wait."""
    body = {
        "kind": str(kind),
        "device": device,
        "operation": operation and str(operation),
        "seconds": seconds,
        "times": times,
        "lasts": lasts,
    }
    fault = _ask(data_dir, "POST", "faults", body)
    _say(json.dumps(fault) if as_json else _sentence(fault))


@app.command("list")
def listed(*, data_dir: DataDir = _HUB, as_json: Json = False) -> None:
    """List the faults that lie in wait."""
    faults = _ask(data_dir, "GET", "faults")
    lines = [_sentence(fault) for fault in faults] or ["Nothing goes wrong on demand."]
    _say(json.dumps(faults) if as_json else "\n".join(lines))


@app.command()
def lift(
    number: Annotated[
        int | None, typer.Argument(help="The fault's number; all without it.")
    ] = None,
    *,
    data_dir: DataDir = _HUB,
) -> None:
    """End a fault, or all of them."""
    _ask(data_dir, "DELETE", "faults" if number is None else f"faults/{number}")


@app.command()
def drop(device: str, *, data_dir: DataDir = _HUB) -> None:
    """Cut a device's connection; it may come back at once."""
    _ask(data_dir, "POST", f"devices/{_quoted(device)}/drop")


@app.command()
def steal(device: str, *, data_dir: DataDir = _HUB) -> None:
    """Have another client take a device's connection."""
    _ask(data_dir, "POST", f"devices/{_quoted(device)}/steal")


@app.command()
def restart(*, data_dir: DataDir = _HUB) -> None:
    """Restart the hub: everybody is cut off, and what was kept is there again."""
    _ask(data_dir, "POST", "restart")


def limits(*, data_dir: DataDir = _HUB, as_json: Json = False) -> None:
    """Show a hub's tier, the day's messages and what its throttles refused."""
    found = _ask(data_dir, "GET", "limits")
    if as_json:
        _say(json.dumps(found))
    elif found["tier"] is None:
        _say("This hub has no limits; start it with --tier to have some.")
    else:
        refused = ", ".join(f"{count} {name}" for name, count in found["refused"].items())
        _say(
            f"{found['tier']}, {found['units']} unit(s): {found['messages']:,} of "
            f"{found['dailyQuota']:,} messages on {found['day']} (UTC)\n"
            f"Refused since it started: {refused or 'nothing'}"
        )


def token(
    device: str,
    *,
    data_dir: DataDir = _HUB,
    hours: Annotated[float, typer.Option(min=0, help="How long it is good.")] = 1.0,
    create: Annotated[bool, typer.Option("--create", help="Register the device first.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print client id and user name, too.")
    ] = False,
) -> None:
    """Print a shared access signature, the password by which any MQTT client is this device."""
    with _opened(data_dir) as hub:
        login = hub.login(device, int(hours * 3600), create=create)
    _say(json.dumps(login) if as_json else login["password"])


def _ask(folder: Path, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    with _opened(folder) as hub:
        return hub.ask(method, path, body)


@contextmanager
def _opened(folder: Path) -> Iterator["RemoteHub"]:
    """Open the hub of a folder; what is in the way is told, and the exit code is 1."""
    from simulators.iothub.server.remote import (  # noqa: PLC0415  # only when it runs
        RemoteHub,
        RemoteHubError,
    )

    try:
        with RemoteHub(folder) as hub:
            yield hub
    except RemoteHubError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _quoted(device: str) -> str:
    return quote(device, safe="")


def _sentence(fault: dict[str, Any]) -> str:
    what = fault["kind"] + (f" {fault['seconds']:g} s" if fault["seconds"] else "")
    of = f" of {fault['operation']}" if fault["operation"] else ""
    whom = "everybody" if fault["device"] == EVERYBODY else fault["device"]
    often = "until it is lifted" if fault["times"] is None else f"{fault['times']} time(s)"
    return f"{fault['id']}: {what}{of}, {whom}, {often}"


def _say(text: str) -> None:
    typer.echo(text)
