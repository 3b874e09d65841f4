"""`edge-shelf tiles paper`: paper tags for positions whose panel is dead, as a PDF."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from cloud_service.cli.connection import Connection, connect
from cloud_service.cli.errors import Refused, Unreachable, WrongUsage
from cloud_service.cli.printing import counted, print_json, progress_bar, say
from label_templates.contract.identifiers import parse_position_id, parse_store_id

# The service draws all tags before it answers.
_TIMEOUT = httpx.Timeout(30.0, connect=5.0, read=600.0)
_MEDIA_TYPE = "application/pdf"
_LEFT_OUT = "Tags-Left-Out"


class TileState(StrEnum):
    """States that tiles can be chosen by."""

    SHOWN = "shown"
    PENDING = "pending"
    FAILED = "failed"
    PAPER = "paper"


class OnError(StrEnum):
    """What to do where a tag cannot be drawn."""

    STOP = "stop"
    CONTINUE = "continue"


def print_paper(
    store: Annotated[str, typer.Argument(help="The store's id.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the PDF.")],
    bay: Annotated[
        list[int] | None, typer.Option(help="Only this bay; may be given several times.", min=1)
    ] = None,
    position: Annotated[
        list[str] | None, typer.Option(help="Only this position; may be given several times.")
    ] = None,
    state: Annotated[
        list[TileState] | None,
        typer.Option(help="Only tiles like that, such as failed; may be given several times."),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--format", help="a4, a4-24 or letter; without it what the store's country uses."
        ),
    ] = None,
    on_error: Annotated[
        OnError, typer.Option("--on-error", help="Print the others where a tag cannot be drawn.")
    ] = OnError.STOP,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print paper tags that say what tiles should show now: for dead panels, and for paper.

    Paper does not follow the price book: the command says until when the tags are true. Print in
    actual size. Exit code 1 where a tag could not be drawn, even if others were printed.
    """
    _check_output(output)
    path = f"/stores/{parse_store_id(store)}/tags"
    meant: dict[str, Any] = {
        "bay": bay or None,
        "position": [parse_position_id(name) for name in position or ()] or None,
        "state": [one.value for one in state or ()] or None,
        "format": sheet,
    }
    with connect() as connection:
        tags = connection.get(path, **meant)
        left_out = _fetch(connection, f"{path}.pdf", {**meant, "on_error": on_error.value}, output)
    _tell(tags, left_out, output, as_json=as_json)
    if left_out:
        raise Refused(f"{counted(left_out, 'tag')} could not be drawn; --on-error stop names them")


def _fetch(connection: Connection, path: str, meant: dict[str, Any], output: Path) -> int:
    """Write the sheets to a file, whole or not at all; return how many tags are missing."""
    given = {name: value for name, value in meant.items() if value is not None}
    with progress_bar() as bar:
        bar.add_task("Drawing tags", total=None)
        with connection.stream("GET", path, params=given, timeout=_TIMEOUT) as answer:
            if answer.headers.get("Content-Type") != _MEDIA_TYPE:
                raise Unreachable(f"{answer.url} is not the edge-shelf API: it sent no PDF")
            with _replacing(output) as part, part.open("wb") as file:
                for piece in answer.iter_bytes():
                    file.write(piece)
            return int(answer.headers.get(_LEFT_OUT, 0))


@contextmanager
def _replacing(output: Path) -> Iterator[Path]:
    """Yield a file beside the output that takes its place once it is whole."""
    part = output.with_name(f"{output.name}.part")
    try:
        yield part
        part.replace(output)
    except OSError as error:
        raise WrongUsage(f"{output} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _check_output(output: Path) -> None:
    if output.is_dir() or not output.parent.is_dir():
        raise WrongUsage(f"{output} cannot be written; nothing was printed")


def _tell(tags: dict[str, Any], left_out: int, output: Path, *, as_json: bool) -> None:
    if as_json:
        print_json({**tags, "output": str(output), "left_out": left_out})
        return
    printed = len(tags["tags"]) - left_out
    say(f"{output}: {counted(printed, 'tag')} on {tags['format']} paper; print in actual size")
    if tags["holds_until"]:
        say(f"note: the first of them is no longer true at {tags['holds_until']}")
