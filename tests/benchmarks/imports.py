"""Rows per second of a whole import, from file to commit, beside the least that could be done.

That is the same rows, checked and parsed already, put into one table by the driver alone: on
SQLite into a keyed one by executemany, on PostgreSQL by COPY into an unlogged one without an index.
Imports are on the disk when they end. All take turns, and of each the best round counts.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

import psycopg
import pytest
from psycopg.sql import SQL

from cloud_service.pricing.imports.rows import StagedRow
from cloud_service.services import Services
from label_templates.contract.identifiers import check_digit
from tests.book import open_book
from tests.postgresql import programs, server

PART = "import"
ROWS, ROUNDS = 1_000_000, 3
_HEADER = "sku,gtin,name,brand,size,unit,category,price\n"
_MEMORY = """
import re, sys
from pathlib import Path
from tests.book import open_book
services = open_book(Path(sys.argv[1]), rows=())
report = services.import_prices(store="0204", source=Path(sys.argv[2]), format="csv", actor="bench")
services.close()
if report.change_id is None:
    sys.exit(f"nothing was imported: {report.errors[:1]}")
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
sys.stdout.write(str(int(peak[1]) // 1024))
"""
"""A process that holds what is ours and what we depend on, and nothing of these tests' tools."""


def lines() -> Iterator[dict[str, Any]]:
    """Measure a first import, the same list with one price in a hundred changed, and memory."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        lists = _list(here / "first.csv", 0), _list(here / "second.csv", 1)
        yield from _on_sqlite(here, *lists)
        if programs() is not None:
            yield from _on_postgresql(here, *lists)


def _on_sqlite(here: Path, first: Path, second: Path) -> Iterator[dict[str, Any]]:
    rounds = []
    for number in range(ROUNDS):
        folder = here / str(number)
        folder.mkdir()
        rounds.append((_raw(folder / "raw.db"), *_round(folder, first, second)))
    yield from _beside("raw-executemany", "import-sqlite", "import-1-percent", rounds)
    yield _memory(here / "apart", first, "memory-mb")


def _on_postgresql(here: Path, first: Path, second: Path) -> Iterator[dict[str, Any]]:
    rounds = []
    with server(_LARGE) as running:
        for _ in range(ROUNDS):
            with running.database() as url, pytest.MonkeyPatch.context() as environment:
                environment.setenv("EDGE_SHELF_DATABASE_URL", url)
                rounds.append((_raw_copy(url), *_round(here, first, second)))
        names = ("import-postgresql", "import-1-percent-postgresql")
        yield from _beside("raw-copy", *names, rounds)
        with running.database() as url, pytest.MonkeyPatch.context() as environment:
            environment.setenv("EDGE_SHELF_DATABASE_URL", url)
            yield _memory(here / "apart", first, "memory-mb-postgresql")


_LARGE = {"shared_buffers": "256MB", "max_wal_size": "4GB"}
"""What any server of this size is given; it is as careful as it is by default."""


def _beside(
    comparator: str, whole: str, touched: str, rounds: Sequence[tuple[float, float, float]]
) -> Iterator[dict[str, Any]]:
    raw, first, second = (ROWS / min(seconds) for seconds in zip(*rounds, strict=True))
    for name, value in ((whole, first), (touched, second)):
        yield {
            "name": name,
            "value": round(value),
            "unit": "rows/s",
            "beside": {comparator: round(raw)},
            "ratio": {comparator: round(value / raw, 3)},
        }


def _round(folder: Path, first: Path, second: Path) -> tuple[float, float]:
    """Return the seconds of a first import and of one with few changes."""
    services = open_book(folder, rows=())
    seconds = _import(services, first), _import(services, second)
    services.close()
    return seconds


def _memory(apart: Path, path: Path, name: str) -> dict[str, Any]:
    """Return the most memory that a process held in which a list was imported into a new book."""
    apart.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _MEMORY, str(apart), str(path)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return {"name": name, "value": int(ended.stdout), "unit": "MB", "beside": {}, "ratio": {}}


def _import(services: Services, path: Path) -> float:
    start = time.perf_counter()
    report = services.import_prices(store="0204", source=path, format="csv", actor="bench")
    if report.change_id is None:
        raise RuntimeError(f"nothing was imported: {report.errors[:1]}")
    return time.perf_counter() - start


def _list(path: Path, edition: int) -> Path:
    """Write a list; another edition has one price in a hundred changed."""
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEADER)
        for number in range(ROWS):
            file.write(_row(number, edition))
    return path


def _row(number: int, edition: int) -> str:
    body = f"4{number:011}"
    cents = 49 + number * 7919 % 9_900 + (edition if number % 100 == 0 else 0)
    return (
        f"{number:08},{body}{check_digit(body)},Product number {number % 5000},Brand {number % 97},"
        f"{number % 40 + 1} oz,ea,Category {number % 12},{cents // 100}.{cents % 100:02}\n"
    )


def _raw(path: Path) -> float:
    rows = [_tuple(number) for number in range(ROWS)]
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    columns = ", ".join(f'"{name}"' for name in StagedRow._fields)
    database.execute(f"CREATE TABLE prices ({columns}, PRIMARY KEY (sku)) WITHOUT ROWID")
    marks = ", ".join("?" * len(StagedRow._fields))
    start = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.executemany(f"INSERT INTO prices VALUES ({marks})", rows)  # noqa: S608 - our own names
    database.execute("COMMIT")
    seconds = time.perf_counter() - start
    database.close()
    return seconds


def _raw_copy(url: str) -> float:
    rows = [_tuple(number) for number in range(ROWS)]
    kinds = {int: "bigint", bool: "boolean"}
    columns = ", ".join(
        f'"{name}" {kinds.get(hint, "bigint" if hint == int | None else "varchar")}'
        for name, hint in get_type_hints(StagedRow).items()
    )
    with psycopg.connect(url) as database, database.cursor() as cursor:
        cursor.execute(SQL(f"CREATE UNLOGGED TABLE raw ({columns})"))
        database.commit()
        start = time.perf_counter()
        with cursor.copy("COPY raw FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        database.commit()
        return time.perf_counter() - start


def _tuple(number: int) -> tuple[object, ...]:
    name, brand = f"Product number {number % 5000}", f"Brand {number % 97}"
    nothing = [None] * 8
    facts = (number + 2, f"{number:08}", f"4{number:012}", name, brand, "16 oz", 16_000, "oz")
    return (*facts, "Category", False, f"{name} {brand}".lower(), 199, *nothing, False, None, None)
