"""`edge-shelf prices watch`: a folder in which a till puts its lists; each is taken once.

What was taken is remembered by the service, in the change that takes it: a watcher may be ended at
any moment and started anew, on this machine or another.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typer

from cloud_service.cli.changes import Waits, waiting
from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import Refused, Unreachable, WrongUsage
from cloud_service.cli.importing import report_of, sums_told
from cloud_service.cli.printing import counted
from cloud_service.cli.sending import PriceList, send_list

_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".swp", "~")
_CONFLICT = "urn:edge-shelf:conflict"

Look = Mapping[str, tuple[int, int]]
"""What is seen of a folder: files with their sizes and when they were last changed."""


@dataclass(frozen=True)
class Watched:
    """A folder that is watched, and what is to be done with its files."""

    folder: Path
    store: str
    parameters: Mapping[str, str]
    profile: Path | None = None
    pattern: str = "*"
    move_to: Path | None = None
    errors_to: Path | None = None
    retry: bool = False
    """Try again what was refused, though it has not changed."""

    def check(self) -> None:
        """Raise WrongUsage where files that are put away would be taken for new ones."""
        for place in (self.move_to, self.errors_to):
            if place is not None and place.resolve() == self.folder.resolve():
                raise WrongUsage(f"{place} is the folder that is watched; name another")

    def look(self) -> Look:
        """Look at the files that may be lists: none that is hidden, or named as unfinished."""
        try:
            return {
                entry.name: _seen(entry) for entry in os.scandir(self.folder) if self._may(entry)
            }
        except OSError as error:
            raise Unreachable(f"{self.folder} cannot be read: {error.strerror}") from error

    def _may(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        hidden = name.startswith((".", "~")) or name.endswith(_UNFINISHED)
        return not hidden and fnmatchcase(name, self.pattern) and entry.is_file()


@dataclass(frozen=True)
class Taken:
    """What came of a file: a report, or the reason why it is no list. `known`: taken before."""

    file: str
    report: dict[str, Any] | None = None
    reason: str | None = None
    known: bool = False

    @property
    def code(self) -> int:
        """The exit code: 0 where all of it was taken and hangs, 3 where it waits for somebody."""
        report = self.report or {}
        if self.reason is not None or report.get("refused") or report.get("unfit"):
            return 1
        return Waits.exit_code if self.waits else 0

    @property
    def waits(self) -> str | None:
        """What its change waits for, None where it does not."""
        report = self.report or {}
        return waiting(report.get("state"), report.get("change_id", ""))

    def json(self) -> dict[str, Any]:
        """Return it for scripts."""
        state = "failed" if self.reason is not None else "waits" if self.waits else "taken"
        report = {name: value for name, value in (self.report or {}).items() if name != "errors"}
        return {"file": self.file, "state": state, "reason": self.reason, "report": report or None}

    def told(self) -> str:
        """Say it in a line."""
        if self.reason is not None:
            return f"{self.file}: FAILED: {self.reason}"
        report = self.report or {}
        where = f"; change {report['change_id']}" if report["change_id"] else ""
        unfit = f"; {counted(report['unfit'], 'tile')} cannot hang so" if report["unfit"] else ""
        waits = f"; WAITS: {self.waits}" if self.waits else ""
        return f"{self.file}: {sums_told(report)}{where if not waits else ''}{unfit}{waits}"


class Resting:
    """Tells which files rest: a file that changes between two looks is still being written."""

    def __init__(self) -> None:
        self._before: Look = {}
        self._done: dict[str, tuple[int, int]] = {}

    def ready(self, look: Look) -> list[str]:
        """Return the files that rest and are not done, the oldest first."""
        names = [
            name
            for name, seen in look.items()
            if self._before.get(name) == seen and self._done.get(name) != seen
        ]
        self._before = look
        return sorted(names, key=lambda name: (look[name][1], name))

    def done(self, name: str) -> None:
        """Leave a file alone until it changes."""
        self._done[name] = self._before[name]


def watch(
    connection: Connection,
    watched: Watched,
    tell: Callable[[Taken], None],
    *,
    every: float,
    once: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Take files as they come, looking again and again; or once, and return the exit code.

    What failed goes before what waits.
    """
    watched.check()
    resting, codes, looks = Resting(), {0}, 0
    while True:
        looks += 1
        try:
            ready = resting.ready(watched.look())
            for taken in _taken(connection, watched, resting, ready):
                codes.add(taken.code)
                tell(taken)
        except Unreachable as error:
            if once:
                raise
            typer.echo(f"edge-shelf: {error}; it is tried again", err=True)
        if once and looks == 2:
            return 1 if 1 in codes else max(codes)
        sleep(every)


def _taken(
    connection: Connection, watched: Watched, resting: Resting, ready: list[str]
) -> Iterator[Taken]:
    """Take files in their order. One that cannot be sent now keeps those after it waiting."""
    for name in ready:
        taken = _take(connection, watched, name)
        if taken is None:
            continue
        resting.done(name)
        if watched.move_to is not None and taken.reason is None:
            _move(watched.folder / name, watched.move_to)
        if not taken.known:
            yield taken


def _take(connection: Connection, watched: Watched, name: str) -> Taken | None:
    """Take a file; None where it must be looked at again."""
    try:
        digest = _digest(watched.folder / name)
    except FileNotFoundError:
        return None
    last = connection.find(f"/stores/{watched.store}/imports/files/{quote(name, safe='')}")
    if last is not None and last["sha256"] == digest and not (last["refused"] and watched.retry):
        return Taken(name, reason=last["refused"], known=True)
    said = {**watched.parameters, "file": name, "sha256": digest}
    sent = PriceList(watched.folder / name, watched.store, said, watched.profile)
    try:
        return _sent(connection, watched, sent)
    except FileNotFoundError:
        return None
    except Refused as refused:
        return Taken(name, reason=str(refused))


def _sent(connection: Connection, watched: Watched, sent: PriceList) -> Taken | None:
    name, errors = sent.file.name, None
    if watched.errors_to is not None:
        errors = watched.errors_to / f"{name}.errors.csv"
    outcome = send_list(connection, sent, errors, quiet=True)
    problem = outcome.get("problem", {})
    if problem.get("type") == _CONFLICT:
        return None
    if problem.get("status", 0) >= 500:
        raise Unreachable(problem["detail"])
    report = report_of(outcome)
    if errors is not None and not report["refused"]:
        errors.unlink()
    return Taken(name, report, problem.get("detail"))


def _seen(entry: os.DirEntry[str]) -> tuple[int, int]:
    stat = entry.stat()
    return stat.st_size, stat.st_mtime_ns


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move(path: Path, folder: Path) -> None:
    """Put a file away, beside any that has its name."""
    target, number = folder / path.name, 1
    while target.exists():
        target, number = folder / f"{path.stem}-{number}{path.suffix}", number + 1
    shutil.move(path, target)
