"""`edge-shelf stores`: the stores there are; add one, change one."""

from typing import Annotated, Any

import typer

from cloud_service.cli.connection import connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.opening import HELP, hours_of, read_exceptions
from cloud_service.cli.printing import following, print_json, print_table, say
from label_templates.contract.identifiers import parse_store_id

app = typer.Typer(add_completion=False, no_args_is_help=True)

_COLUMNS = ("Store", "Name", "Currency", "Products", "Shown", "Pending", "Failed", "Devices")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StoreId = Annotated[str, typer.Argument(help="The store's id.")]
Hours = Annotated[list[str] | None, typer.Option("--hours", help=HELP)]
Exceptions = Annotated[
    list[str] | None,
    typer.Option(
        "--on",
        help="A day that goes otherwise: `2026-12-25=` is closed; may be given several times.",
    ),
]
DayBegins = Annotated[
    str | None, typer.Option(help="When its business day begins: 04:00 unless said.")
]
Note = Annotated[str, typer.Option("--note", help="Why; it stands in the audit trail.")]


@app.callback()
def stores() -> None:
    """The stores there are; add and change them."""


@app.command("list")
def list_stores(*, as_json: AsJson = False) -> None:
    """List the stores with their tallies."""
    with connect() as connection:
        found = list(connection.pages("/stores", limit=500))
    if as_json:
        print_json(found)
        return
    rows = [
        (store["id"], store["name"], store["currency"], store["products"],
         store["tiles"]["shown"], store["tiles"]["pending"], store["tiles"]["failed"],
         f"{store['devices']['connected']} of {store['devices']['total']}")
        for store in found
    ]  # fmt: skip
    print_table(_COLUMNS, rows)


@app.command("add")
def add(
    store: StoreId,
    name: Annotated[str, typer.Argument(help="Its name.")],
    *,
    tz: Annotated[str, typer.Option(help="Its time zone: Europe/Zagreb.")],
    currency: Annotated[str, typer.Option(help="What it sells in: EUR.")],
    locale: Annotated[str, typer.Option(help="How it writes: hr-HR.")],
    jurisdiction: Annotated[str, typer.Option(help="Whose law its tiles obey: HR, US-NJ.")],
    zone: Annotated[
        str | None, typer.Option(help="Its price zone; without it one of its own.")
    ] = None,
    hours: Hours = None,
    on: Exceptions = None,
    day_begins: DayBegins = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Add a store. It has no planogram yet: `planograms import` hangs one."""
    body = {
        "id": parse_store_id(store), "name": name, "tz": tz, "currency": currency,
        "locale": locale, "jurisdiction": jurisdiction, "note": note,
        **_given(zone=zone, hours=hours, on=on, day_begins=day_begins),
    }  # fmt: skip
    with connect() as connection:
        done = connection.post("/stores", body)
    print_json(done) if as_json else say(f"store {done['id']} is added, in zone {done['zone']}")


@app.command("set")
def change(
    store: StoreId,
    *,
    name: Annotated[str | None, typer.Option(help="Its name.")] = None,
    tz: Annotated[str | None, typer.Option(help="Its time zone: Europe/Zagreb.")] = None,
    locale: Annotated[str | None, typer.Option(help="How it writes: hr-HR.")] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Whose law its tiles obey.")] = None,
    hours: Hours = None,
    on: Exceptions = None,
    day_begins: DayBegins = None,
    note: Note = "",
    as_json: AsJson = False,
) -> None:
    """Change a store; its shelves follow where their tiles depend on it."""
    fields = _given(
        name=name, tz=tz, locale=locale, jurisdiction=jurisdiction, hours=hours, on=on,
        day_begins=day_begins,
    )  # fmt: skip
    if not fields:
        raise WrongUsage("name what shall change; --help lists the fields")
    with connect() as connection:
        done = connection.patch(f"/stores/{parse_store_id(store)}", {**fields, "note": note})
    tell(done, as_json=as_json)


def tell(done: dict[str, Any], *, as_json: bool) -> None:
    """Say what an edit of a store did."""
    if as_json:
        print_json(done)
    else:
        say(f"store {done['store']['id']} is changed; {following(done['following'])}")


def _given(*, hours: list[str] | None, on: list[str] | None, **plain: Any) -> dict[str, Any]:
    fields = {name: value for name, value in plain.items() if value is not None}
    if hours is not None:
        fields["hours"] = hours_of(hours)
    if on is not None:
        fields["exceptions"] = read_exceptions(on)
    return fields
