"""What commands print: JSON or a table on stdout, progress on stderr, so that pipes stay clean."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from label_templates.contract.money import plain

DASH = "-"


def print_json(value: Any) -> None:
    """Print one JSON document, nothing else, on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_line(value: Any) -> None:
    """Print one JSON document as one line, at once, for whoever reads along."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line for people on stdout; nothing in it is read as markup."""
    Console(highlight=False, soft_wrap=True).print(Text(text))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table without lines; a cell that is None is a dash, and an `id` is never cut."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, no_wrap=column == "id", min_width=20 if column == "id" else None)
    for row in rows:
        table.add_row(*(Text(DASH if cell is None else str(cell)) for cell in row))
    Console().print(table)


def money(amount: dict[str, Any] | None) -> str:
    """Write an amount as the API gives it: `1.99 EUR`; a dash where there is none."""
    if amount is None:
        return DASH
    return f"{plain(amount['amount_minor'], amount['currency'])} {amount['currency']}"


def counted(number: int, noun: str) -> str:
    """Write how many there are: `1 tile`, `12 tiles`, `0 tiles`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def following(tiles: int, *, dry_run: bool = False) -> str:
    """Say how many tiles must follow, or would: `1 tile follows`, `0 tiles would follow`."""
    follow = "would follow" if dry_run else "follows" if tiles == 1 else "follow"
    return f"{counted(tiles, 'tile')} {follow}"


def progress_bar(*, quiet: bool = False) -> Progress:
    """Make a progress bar on stderr; it stays silent where stderr is no terminal, or if asked."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
