"""An import that is killed, wherever it is, leaves the old book or the new one, whole."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud_service.clock import FixedClock
from cloud_service.errors import NotFound
from cloud_service.services import Services, open_services
from tests.book import NOON, hang, open_book, settings_in, take

pytestmark = pytest.mark.integration

ROWS = 5000
OLD = tuple({"sku": str(n), "name": f"Product {n}", "price": "1.00"} for n in range(0, ROWS, 2))
NEW = "sku,name,price\n" + "".join(f"{n},New product {n},2.00\n" for n in range(ROWS))
COUNTED = {
    "products": "SELECT count(*) FROM products",
    "renamed": "SELECT count(*) FROM products WHERE name LIKE 'New%'",
    "prices": "SELECT count(*) FROM price_entries",
    "revisions": "SELECT count(*) FROM revisions",
    "changes": "SELECT count(*) FROM changes",
    "marks": "SELECT sum(marks) FROM devices",
    "events": "SELECT count(*) FROM events",
    "arrivals": "SELECT count(*) FROM arrivals",
}
WRITTEN = {
    "products": ROWS // 2, "renamed": ROWS, "prices": ROWS, "revisions": 1, "changes": 1,
    "marks": 1, "events": 2, "arrivals": 1,
}  # fmt: skip
"""What the new list adds to each."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book with half of the products, two of which hang, and a list of all."""
    with closing(open_book(tmp_path, rows=OLD)) as services:
        hang(services, "0204", "0", "2")
    (tmp_path / "night.csv").write_text(NEW)
    return tmp_path


@contextmanager
def _opened(book: Path) -> Iterator[Services]:
    with closing(open_services(settings_in(book), FixedClock(NOON))) as services:
        yield services


def _killed(book: Path, point: str) -> None:
    program = [sys.executable, "-m", "tests.integration.storage.crash"]
    command = [*program, str(book), str(book / "night.csv"), point]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, f"{point} was never reached\n{ended.stderr}"


def _state(services: Services) -> dict[str, int]:
    """All that an import changes, in short."""
    with services.storage.read() as unit:
        return {name: int(unit.scalar(text(query)) or 0) for name, query in COUNTED.items()}


def _check_sound(services: Services) -> None:
    if services.storage.dialect == "sqlite":
        with services.storage.read() as unit:
            assert unit.scalar(text("PRAGMA integrity_check")) == "ok"
            assert list(unit.execute(text("PRAGMA foreign_key_check"))) == []


@pytest.mark.parametrize(
    ("point", "taken"),
    [
        ("reading", False),
        ("staging", False),
        ("INSERT INTO revisions", False),
        ("INSERT INTO products", False),
        ("INSERT INTO price_entries", False),
        ("UPDATE positions", False),
        ("UPDATE devices", False),
        ("INSERT INTO changes", False),
        ("INSERT INTO events", False),
        ("INSERT INTO arrivals", False),
        ("before commit", False),
        ("after commit", True),
    ],
)
def test_an_import_that_is_killed_leaves_the_old_book_or_the_new_one(
    book: Path, point: str, taken: bool
) -> None:
    with _opened(book) as services:
        before = _state(services)
    _killed(book, point)
    with _opened(book) as services:
        written = {name: count - before[name] for name, count in _state(services).items()}
        assert written == (WRITTEN if taken else dict.fromkeys(WRITTEN, 0))
        _check_sound(services)
        # Nothing is left that is in the way of others, and what was cut short is taken now.
        services.set_price(store="0204", sku="0", amount_minor=150, actor="ana")
        report = take(services, "0204", [{"sku": "1", "name": "New product 1", "price": "2.00"}])
        assert (report.new, report.unchanged) == ((0, 1) if taken else (1, 0))


def test_a_list_is_remembered_as_taken_where_the_crash_came_after_it_was(book: Path) -> None:
    _killed(book, "before commit")
    with _opened(book) as services, pytest.raises(NotFound):
        services.arrival(store="0204", name="night.csv")
    _killed(book, "after commit")
    with _opened(book) as services:
        assert services.arrival(store="0204", name="night.csv").change_id is not None
