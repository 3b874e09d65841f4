"""Sending a price list and telling, as it goes on, how much was sent and read."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from csv import writer
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.progress import Progress, TaskID
from typing_extensions import override

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import Unreachable, WrongUsage
from cloud_service.cli.printing import progress_bar

_CHUNK = 2**16
_LINES = "application/jsonl"
# The service is silent while it commits, which takes long for a large file.
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, read=600.0)
_ERROR_COLUMNS = ("row", "column", "value", "reason")

Outcome = dict[str, Any]
"""The last thing the service says: a `report`, or a `problem`."""


@dataclass(frozen=True)
class PriceList:
    """A list that is to be sent: its file, its store, what to do with it, and its profile."""

    file: Path
    store: str
    parameters: Mapping[str, str]
    profile: Path | None = None

    @property
    def address(self) -> str:
        """Where it is sent."""
        return f"/stores/{self.store}/imports"


def send_list(
    connection: Connection, sent: PriceList, errors: Path | None = None, *, quiet: bool = False
) -> Outcome:
    """Send a list and return what came of it. Its rows in error, all of them, go to `errors`."""
    parameters = {**sent.parameters, **({"errors": "all"} if errors else {})}
    with (
        progress_bar(quiet=quiet) as bar,
        _errors_file(errors) if errors else nullcontext() as file,
        _request(sent, bar) as request,
        connection.stream(
            "POST", sent.address, params=parameters, timeout=_TIMEOUT, **request
        ) as answer,
    ):
        return _outcome(answer.iter_lines(), bar, file)


@contextmanager
def _request(sent: PriceList, bar: Progress) -> Iterator[dict[str, Any]]:
    """Open a request's body and headers: the bare file, or a form with its profile."""
    size = sent.file.stat().st_size
    task = bar.add_task("Sending", total=size)
    headers = {"Accept": _LINES}
    with _Told(sent.file, bar, task) as source:
        if sent.profile is None:
            kind = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
            yield {"headers": {**headers, **kind}, "content": _pieces(source)}
        else:
            profile = (sent.profile.name, sent.profile.read_bytes(), "application/toml")
            yield {"headers": headers, "files": {"profile": profile, "file": source}}


class _Told(io.BufferedReader):
    """A file that tells a bar how much of it was read."""

    def __init__(self, path: Path, bar: Progress, task: TaskID) -> None:
        super().__init__(io.FileIO(path))
        self._bar, self._task = bar, task

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self._bar.advance(self._task, len(piece))
        return piece


def _pieces(source: _Told) -> Iterator[bytes]:
    while piece := source.read(_CHUNK):
        yield piece


def _outcome(lines: Iterator[str], bar: Progress, errors: Any) -> Outcome:
    task = bar.add_task("Reading rows", total=None)
    for line in lines:
        told: dict[str, Any] = json.loads(line)
        if "progress" in told:
            done = told["progress"]
            bar.update(task, completed=done["done_bytes"], total=done["total_bytes"])
        elif "errors" in told:
            errors.writerows(
                (item["row"], item["column"], item["value"], item["detail"])
                for item in told["errors"]
            )
        else:
            return told
    raise Unreachable("the service stopped before it said how the import ended")


@contextmanager
def _errors_file(path: Path) -> Iterator[Any]:
    """Open a CSV for rows in error, which takes its name when it is whole.

    What is no plain file, such as a pipe or a device, is written to as it is, never replaced.
    """
    plain = path.is_file() or not path.exists()
    part = path.with_name(f"{path.name}.part") if plain else path
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            rows = writer(file)
            rows.writerow(_ERROR_COLUMNS)
            yield rows
        if plain:
            part.replace(path)
    except OSError as error:
        raise WrongUsage(f"the errors cannot be written to {path}: {error.strerror}") from error
    finally:
        if plain:
            part.unlink(missing_ok=True)


def check_errors_file(path: Path, file: Path) -> None:
    """Refuse, before anything is taken, a place where the errors could not be written after."""
    if path.exists() and path.samefile(file):
        raise WrongUsage(f"--errors would overwrite the price list {file}; name another file")
    if path.is_dir() or not path.parent.is_dir():
        raise WrongUsage(f"the errors cannot be written to {path}; nothing was sent")
