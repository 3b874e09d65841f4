"""Rows per second of a whole import into SQLite, from file to commit, beside raw executemany.

The comparator is the least that could be done: the same rows, checked and parsed already, put into
one keyed table by the standard library. Both write to disk with WAL and synchronous=FULL. They take
turns, and of each the best round counts.
"""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cloud_service.pricing.imports.rows import StagedRow
from cloud_service.services import Services
from label_templates.contract.identifiers import check_digit
from tests.book import open_book

PART = "import"
ROWS, ROUNDS = 200_000, 3
_HEADER = "sku,gtin,name,brand,size,unit,category,price\n"
_MEMORY = """
import re, sys
from pathlib import Path
from tests.benchmarks.imports import imported
imported(Path(sys.argv[1]), Path(sys.argv[2]))
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
sys.stdout.write(str(int(peak[1]) // 1024))
"""


def lines() -> Iterator[dict[str, Any]]:
    """Measure a first import, the same list with one price in a hundred changed, and memory."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        first, second = _list(here / "first.csv", 0), _list(here / "second.csv", 1)
        rounds = [_round(here / str(number), first, second) for number in range(ROUNDS)]
        raw, whole, touched = (ROWS / min(seconds) for seconds in zip(*rounds, strict=True))
        yield _line("import-sqlite", whole, raw)
        yield _line("import-1-percent", touched, raw)
        yield _memory(here, first)


def _round(here: Path, first: Path, second: Path) -> tuple[float, float, float]:
    """Return the seconds of raw executemany, of a first import and of one with few changes."""
    here.mkdir()
    raw = _raw(here / "raw.db")
    services = open_book(here, rows=())
    seconds = raw, _import(services, first), _import(services, second)
    services.close()
    return seconds


def imported(folder: Path, path: Path) -> None:
    """Import a list into a new book."""
    services = open_book(folder, rows=())
    _import(services, path)
    services.close()


def _line(name: str, value: float, raw: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value),
        "unit": "rows/s",
        "beside": {"raw-executemany": round(raw)},
        "ratio": {"raw-executemany": round(value / raw, 3)},
    }


def _memory(here: Path, path: Path) -> dict[str, Any]:
    apart = here / "apart"
    apart.mkdir()
    command = [sys.executable, "-c", _MEMORY, str(apart), str(path)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return {
        "name": "memory-mb",
        "value": int(ended.stdout),
        "unit": "MB",
        "beside": {},
        "ratio": {},
    }


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


def _tuple(number: int) -> tuple[object, ...]:
    name, brand = f"Product number {number % 5000}", f"Brand {number % 97}"
    nothing = [None] * 8
    facts = (number + 2, f"{number:08}", f"4{number:012}", name, brand, "16 oz", 16_000, "oz")
    return (*facts, "Category", False, f"{name} {brand}".lower(), 199, *nothing, False, None, None)
