"""`edge-shelf changes`: draft, compare, approve, schedule, publish, cancel, roll back."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.printing import counted, money, print_json, print_table, say

app = typer.Typer(add_completion=False, no_args_is_help=True)

Change = Annotated[str, typer.Argument(help="The change's id, such as chg_0f3a...")]
Note = Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")]
Confirm = Annotated[
    bool, typer.Option("--confirm", help="What looks like a slip of the keyboard is meant.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_STATES = "draft, submitted, approved, scheduled, published, rolled-back, cancelled"


@app.callback()
def changes() -> None:
    """Work on changes: what is drafted, who approves, what is published, what is taken back."""


@app.command("list")
def list_changes(
    *,
    state: Annotated[list[str] | None, typer.Option(help=f"One of {_STATES}.")] = None,
    store: Annotated[str | None, typer.Option(help="The store's id.")] = None,
    as_json: AsJson = False,
) -> None:
    """List changes, the newest first."""
    with connect() as connection:
        found = connection.get("/changes", state=state, store=store)["data"]
    if as_json:
        print_json(found)
        return
    columns = ("id", "state", "kind", "store", "products", "author", "effective from", "note")
    print_table(columns, (_row(change) for change in found))


@app.command()
def show(change: Change, *, as_json: AsJson = False) -> None:
    """Show a change, and what you may do with it now."""
    with connect() as connection:
        found = connection.get(f"/changes/{change}")
    if as_json:
        print_json(found)
        return
    say(_sentence(found))
    if found["possible"]:
        say(f"you may: {', '.join(found['possible'])}")


@app.command()
def diff(change: Change, *, as_json: AsJson = False) -> None:
    """Show what a change would do: prices old and new, tiles, and what the guard rails say."""
    with connect() as connection:
        found = connection.get(f"/changes/{change}/diff")
    if as_json:
        print_json(found)
        return
    columns = ("store", "sku", "name", "old", "new", "%", "tiles")
    print_table(columns, (_difference(one) for one in found["differences"]))
    say(
        f"{counted(found['products'], 'product')} in {counted(found['stores'], 'store')},"
        f" {counted(found['tiles'], 'tile')}"
    )
    if (rest := _rest(found)) > 0:
        say(f"the largest steps are shown; {counted(rest, 'product')} more")
    say(", ".join(f"{count} {way}" for way, count in found["tally"].items() if count) or "nothing")
    for finding in found["findings"]:
        say(finding_line(finding))


def finding_line(finding: dict[str, Any]) -> str:
    """Say what a guard rail says: `approve: 4711: a step of +60 % ...`."""
    where = f"{finding['sku']}: " if finding["sku"] else ""
    return f"{finding['level']}: {where}{finding['reason']}"


def _rest(found: dict[str, Any]) -> int:
    shown = {one["sku"] for one in found["differences"]}
    return int(found["products"]) - len(shown)


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    as_json: AsJson = False,
) -> None:
    """Draft a change from a JSON file with prices and promotions; see docs/changes.md."""
    with connect() as connection:
        found = connection.post("/changes", _read(file))
    _tell(found, as_json=as_json)


@app.command()
def submit(change: Change, *, confirm: Confirm = False, as_json: AsJson = False) -> None:
    """Submit a draft for a second person to approve."""
    _act(change, "submit", {"confirm": confirm}, as_json=as_json)


@app.command()
def approve(change: Change, *, note: Note = "", as_json: AsJson = False) -> None:
    """Approve a change that somebody else submitted."""
    _act(change, "approvals", {"note": note}, as_json=as_json)


@app.command()
def publish(change: Change, *, confirm: Confirm = False, as_json: AsJson = False) -> None:
    """Publish a change, or schedule it where it takes effect later."""
    _act(change, "publish", {"confirm": confirm}, as_json=as_json)


@app.command()
def reject(change: Change, *, note: Note = "", as_json: AsJson = False) -> None:
    """Hand a change that somebody else submitted back to its author."""
    _act(change, "rejections", {"note": note}, as_json=as_json)


@app.command()
def cancel(change: Change, *, note: Note = "", as_json: AsJson = False) -> None:
    """Cancel a change before it takes effect."""
    _act(change, "cancel", {"note": note}, as_json=as_json)


@app.command()
def rollback(change: Change, *, note: Note = "", as_json: AsJson = False) -> None:
    """Publish a change that restores what held before another one."""
    _act(change, "rollback", {"note": note}, as_json=as_json)


@app.command()
def audit(
    subject: Annotated[str | None, typer.Argument(help="A change's id; all without it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say who did what, when and why, the newest first."""
    with connect() as connection:
        found = connection.get("/audit", subject=subject)["data"]
    if as_json:
        print_json(found)
        return
    columns = ("at", "who", "what", "of", "why")
    names = ("at", "actor", "action", "subject", "why")
    print_table(columns, ([deed[name] for name in names] for deed in found))


def _act(change: str, action: str, said: dict[str, Any], *, as_json: bool) -> None:
    with connect() as connection:
        found = _posted(connection, f"/changes/{change}/{action}", said)
    _tell(found, as_json=as_json)


def _posted(connection: Connection, path: str, said: dict[str, Any]) -> dict[str, Any]:
    return dict(connection.post(path, said))


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(found)
    else:
        say(_sentence(found))


def _sentence(found: dict[str, Any]) -> str:
    what = f"change {found['id']} is {found['state']}: {counted(found['products'], 'product')}"
    when = f", from {found['effective_from']}" if found["effective_from"] else ""
    who = f", approved by {found['approved_by']}" if found["approved_by"] else ""
    restores = f", restores {found['restores']}" if found["restores"] else ""
    return f"{what} in store {found['store_id']} by {found['author']}{when}{who}{restores}"


def _row(change: dict[str, Any]) -> list[object]:
    names = ("id", "state", "kind", "store_id", "products", "author", "effective_from", "note")
    return [change[name] for name in names]


def _difference(one: dict[str, Any]) -> list[object]:
    percent = f"{one['percent']:+}" if one["percent"] is not None else None
    prices = [money(one["old"]), money(one["new"])]
    return [one["store_id"], one["sku"], one["name"], *prices, percent, len(one["positions"])]


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise WrongUsage(f"{file} is no JSON: {error}") from error


class Waits(Refused):
    """A change was made, and somebody else must approve it before it is published."""

    exit_code = 3


def check_published(done: dict[str, Any]) -> None:
    """Raise Waits where a change waits for approval."""
    waits = waiting(done["state"], done["change_id"])
    if waits:
        raise Waits(waits)


def waiting(state: str | None, change: str) -> str | None:
    """Say what a change waits for, None where it does not."""
    if state == "submitted":
        return (
            f"change {change} needs the approval of a second person;"
            f" they run: edge-shelf changes approve {change}"
        )
    if state == "draft":
        return (
            f"change {change} waits for somebody to say that it is meant; look at it with"
            f" edge-shelf changes diff {change}, then run: edge-shelf changes publish {change}"
            " --confirm"
        )
    return None
