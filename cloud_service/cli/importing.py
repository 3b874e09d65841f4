"""Sending a price list and telling, as it goes on, how much was sent and read."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import typer
from rich.progress import Progress

from cloud_service.cli.connection import Connection, error_lines
from cloud_service.cli.errors import Refused, Unreachable, WrongUsage
from cloud_service.cli.printing import counted, following, print_json, progress_bar, say
from label_templates.contract.identifiers import parse_store_id

_CHUNK = 2**16
_LINES = "application/jsonl"
# The service is silent while it commits, which takes long for a large file.
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, read=600.0)
_COUNTS = ("new", "changed", "unchanged", "refused")
_UNHEARD = (
    "edge-shelf: the service may have taken the list, whole or not at all; "
    "sending it again does no harm"
)
_ERROR_COLUMNS = ("row", "column", "value", "reason")


def import_file(
    connection: Connection,
    file: Path,
    *,
    store: str,
    parameters: dict[str, str],
    errors: Path | None,
    as_json: bool,
) -> None:
    """Import a file and print the report; raise Refused where rows were refused."""
    if errors:
        _check_errors_file(errors, file)
    connection.get(f"/stores/{parse_store_id(store)}")
    with _unheard():
        outcome = _send(connection, file, f"/stores/{store}/imports", parameters)
    report = _report(outcome)
    if errors:
        _write_errors(errors, report["errors"])
    print_json(report) if as_json else _tell(report)
    if problem := outcome.get("problem"):
        raise Refused(problem["detail"], error_lines(report["errors"]))
    if report["refused"]:
        have = "has" if report["refused"] == 1 else "have"
        message = f"{report['refused']} of {counted(report['read'], 'row')} {have} errors"
        raise Refused(message, error_lines(report["errors"]))


def _report(outcome: dict[str, Any]) -> dict[str, Any]:
    """Return the report of what was taken, or of rows that were refused, with its errors."""
    problem: dict[str, Any] = outcome.get("problem", {})
    report = outcome.get("report") or problem.get("report")
    if report is None:
        raise Refused(problem["detail"], error_lines(problem.get("errors", [])))
    return {**report, "errors": report.get("errors", problem.get("errors", []))}


def _send(
    connection: Connection, file: Path, path: str, parameters: dict[str, str]
) -> dict[str, Any]:
    size = file.stat().st_size
    headers = {
        "Content-Type": "application/octet-stream", "Content-Length": str(size), "Accept": _LINES
    }  # fmt: skip
    with progress_bar() as bar:
        content = _pieces(file, bar, size)
        with connection.stream(
            "POST", path, params=parameters, headers=headers, content=content, timeout=_TIMEOUT
        ) as answer:
            return _outcome(answer.iter_lines(), bar)


def _pieces(file: Path, bar: Progress, size: int) -> Iterator[bytes]:
    task = bar.add_task("Sending", total=size)
    with file.open("rb") as source:
        while piece := source.read(_CHUNK):
            yield piece
            bar.advance(task, len(piece))


def _outcome(lines: Iterator[str], bar: Progress) -> dict[str, Any]:
    task = bar.add_task("Reading rows", total=None)
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        if "progress" not in told:
            return told
        done = told["progress"]
        bar.update(task, completed=done["done_bytes"], total=done["total_bytes"])
    raise Unreachable("the service stopped before it said how the import ended")


@contextmanager
def _unheard() -> Iterator[None]:
    """Say of an import that is ended before its answer came what is and is not known of it."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo(_UNHEARD, err=True)
        raise


def _check_errors_file(path: Path, file: Path) -> None:
    """Refuse, before anything is taken, a place where the errors could not be written after."""
    if path.exists() and path.samefile(file):
        raise WrongUsage(f"--errors would overwrite the price list {file}; name another file")
    if path.is_dir() or not path.parent.is_dir():
        raise WrongUsage(f"the errors cannot be written to {path}; nothing was sent")


def _write_errors(path: Path, errors: list[dict[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_ERROR_COLUMNS)
            for item in errors:
                writer.writerow([item["row"], item["column"], item["value"], item["detail"]])
    except OSError as error:
        raise WrongUsage(f"the errors cannot be written to {path}: {error.strerror}") from error


def _tell(report: dict[str, Any]) -> None:
    start = "dry run, nothing is taken: " if report["dry_run"] else ""
    rows = ", ".join(f"{report[name]} {name}" for name in _COUNTS)
    follow = following(report["tiles"], dry_run=report["dry_run"])
    say(f"{start}{counted(report['read'], 'row')}: {rows}; {follow}")
    for note in report["notes"]:
        say(f"note: {note}")
    if report["change_id"]:
        say(f"published in change {report['change_id']}")
