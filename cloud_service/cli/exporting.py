"""`edge-shelf prices export`: a store's price list as a file that can be imported again."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.printing import progress_bar


class FileKind(StrEnum):
    """What a list is written into."""

    CSV = "csv"
    XLSX = "xlsx"


def export_file(
    connection: Connection, store: str, kind: FileKind | None, output: Path | None
) -> None:
    """Write a store's list to a file, or to stdout; what stood in the file stays until it is whole.

    Without a kind the file's name says it; anything that is not `.xlsx` is CSV.
    """
    chosen = kind or _kind_of(output)
    if output is None and chosen is FileKind.XLSX and sys.stdout.isatty():
        raise WrongUsage("a workbook is not for a terminal; name a file with -o")
    path, asked = f"/stores/{store}/price-list", {"format": chosen.value}
    with (
        progress_bar(quiet=output is None) as bar,
        connection.stream("GET", path, params=asked) as answer,
        _target(output) as target,
    ):
        task = bar.add_task("Receiving", total=int(answer.headers.get("Content-Length", 0)))
        for piece in answer.iter_bytes():
            target.write(piece)
            bar.advance(task, len(piece))


def _kind_of(output: Path | None) -> FileKind:
    named = output is not None and output.suffix.lower() == ".xlsx"
    return FileKind.XLSX if named else FileKind.CSV


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f"{output.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise WrongUsage(f"{output} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
