"""`edge-shelf prices import`: one list is sent, and what came of it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from cloud_service.cli.changes import Waits, waiting
from cloud_service.cli.changes import finding_line as guard_line
from cloud_service.cli.connection import Connection, error_lines
from cloud_service.cli.errors import Refused
from cloud_service.cli.findings import finding_line
from cloud_service.cli.printing import counted, following, print_json, say
from cloud_service.cli.sending import Outcome, PriceList, check_errors_file, send_list
from label_templates.contract.identifiers import parse_store_id

_COUNTS = ("new", "changed", "unchanged", "refused")
_UNHEARD = (
    "edge-shelf: the service may have taken the list, whole or not at all; "
    "sending it again does no harm"
)
_SHOWN_TILES = 20


def import_file(
    connection: Connection, sent: PriceList, *, errors: Path | None, as_json: bool
) -> None:
    """Import a file and print the report; raise Refused where rows were refused."""
    if errors:
        check_errors_file(errors, sent.file)
    connection.get(f"/stores/{parse_store_id(sent.store)}")
    with _unheard():
        outcome = send_list(connection, sent, errors)
    report = report_of(outcome)
    print_json(report) if as_json else _tell(report)
    if problem := outcome.get("problem"):
        raise Refused(problem["detail"], error_lines(report["errors"]))
    if waits := waiting(report["state"], report["change_id"]):
        raise Waits(waits, (*map(guard_line, report["findings"]), *error_lines(report["errors"])))
    if report["refused"]:
        have = "has" if report["refused"] == 1 else "have"
        message = f"{report['refused']} of {counted(report['read'], 'row')} {have} errors"
        raise Refused(message, (*error_lines(report["errors"]), *unfit_lines(report)))
    if report["unfit"]:
        are = "is" if report["unfit"] == 1 else "are"
        message = f"{counted(report['unfit'], 'tile')} {are} unfit to hang as the list has them"
        raise Refused(message, unfit_lines(report))


def unfit_lines(report: dict[str, Any]) -> tuple[str, ...]:
    """Name the tiles that must not hang as the list has them, the first twenty."""
    tiles = report["unfit_tiles"][:_SHOWN_TILES]
    rest = report["unfit"] - len(tiles)
    return (*map(_unfit_line, tiles), *([f"... and {rest} more"] if rest > 0 else []))


def _unfit_line(tile: dict[str, Any]) -> str:
    place = f"{tile['position']} in {tile['store_id']}, {tile['sku']}"
    return f"{place}: template {tile['template']}, {finding_line(tile['findings'][0])}"


def report_of(outcome: Outcome) -> dict[str, Any]:
    """Return the report of what was taken, or of rows that were refused, with its errors.

    Raises Refused where the file was no list at all.
    """
    problem: dict[str, Any] = outcome.get("problem", {})
    report = outcome.get("report") or problem.get("report")
    if report is None:
        raise Refused(problem["detail"], error_lines(problem.get("errors", [])))
    return {**report, "errors": report.get("errors", problem.get("errors", []))}


def sums_told(report: dict[str, Any]) -> str:
    """Say a report's sums: `3 rows: 1 new, 1 changed, 1 unchanged, 0 refused; 2 tiles follow`."""
    start = "dry run, nothing is taken: " if report["dry_run"] else ""
    if report["state"] in {"draft", "submitted"}:
        start = "nothing is taken yet: "
    rows = ", ".join(f"{report[name]} {name}" for name in _COUNTS)
    follow = following(report["tiles"], dry_run=report["dry_run"])
    return f"{start}{counted(report['read'], 'row')}: {rows}; {follow}"


def _tell(report: dict[str, Any]) -> None:
    say(sums_told(report))
    say(f"read as {report['read_as']}")
    for note in report["notes"]:
        say(f"note: {note}")
    if report["revision"]:
        say(f"published in change {report['change_id']}")


@contextmanager
def _unheard() -> Iterator[None]:
    """Say of an import that is ended before its answer came what is and is not known of it."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(_UNHEARD, err=True)
        raise
