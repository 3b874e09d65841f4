"""What only PostgreSQL is: writers beside each other, and a server that may go."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cloud_service.catalog.devices import claim_devices, mark_again
from cloud_service.delivery.pushed import held_delivery
from cloud_service.errors import Conflict, Invalid, Unavailable
from cloud_service.services import Services
from cloud_service.storage import Storage
from tests.book import NOON, open_book

pytestmark = pytest.mark.integration


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    for number in range(1, 5):
        services.add_planogram(
            store="0204",
            positions=[(f"b{number:02}-s1-p01", f"d{number}", "epd-2.9-bw", "4711")],
            actor="ana",
        )
    yield services
    services.close()


@pytest.fixture
def impatient(database: str) -> Iterator[Storage]:
    """The same database for somebody who waits for no lock."""
    with closing(Storage(f"{database}&options=-c%20lock_timeout%3D50")) as storage:
        yield storage


def test_two_dispatchers_at_once_claim_devices_of_their_own(book: Services) -> None:
    with book.storage.begin() as one, book.storage.begin() as other:
        first = claim_devices(one, NOON, 2, "a")
        second = claim_devices(other, NOON, 10, "b")
    assert sorted(claim.device_id for claim in (*first, *second)) == ["d1", "d2", "d3", "d4"]
    assert len(first) == 2


def test_a_claim_waits_for_nobody_who_publishes(book: Services, impatient: Storage) -> None:
    with book.storage.alone() as publishing:
        mark_again(publishing, ["d1"], NOON)
        with impatient.begin() as unit:
            claims = claim_devices(unit, NOON, 10, "a")
    assert [claim.device_id for claim in claims] == ["d2", "d3", "d4"]


def test_one_publishes_at_a_time(book: Services, impatient: Storage) -> None:
    with (
        book.storage.alone(),
        pytest.raises(Unavailable, match="lock timeout"),
        impatient.alone(),
    ):
        pytest.fail("two publish at once")


def test_one_at_a_time_writes_a_devices_delivery(book: Services, impatient: Storage) -> None:
    with book.storage.begin() as unit:
        held_delivery(unit, "d1").etag = "1"
        with impatient.begin() as other:
            held_delivery(other, "d2").etag = "1"
        with pytest.raises(Unavailable, match="lock timeout"), impatient.begin() as other:
            held_delivery(other, "d1")


def test_who_reads_can_write_nothing(book: Services) -> None:
    with pytest.raises(Exception, match="read-only transaction"), book.storage.read() as unit:
        unit.execute(text("DELETE FROM stores"))


def test_who_adds_what_another_just_added_is_told(book: Services) -> None:
    with pytest.raises(Conflict, match="at the same moment"), book.storage.begin() as unit:
        unit.execute(text("INSERT INTO stores SELECT * FROM stores"))


def test_a_text_that_no_database_holds_is_refused(book: Services) -> None:
    with pytest.raises(Invalid, match="NUL"):
        book.search(text="\0")


def test_a_server_that_is_not_there_is_named_without_its_address_and_password() -> None:
    url = "postgresql://shelf:secret@127.0.0.1:9/prices?connect_timeout=5"
    with closing(Storage(url)) as storage:
        with pytest.raises(Unavailable) as refused, storage.read() as unit:
            unit.scalar(select(1))
        assert "secret" not in str(refused.value)
        assert "does not take this now" in str(refused.value)


def test_a_server_that_comes_back_is_used_again(book: Services) -> None:
    storage = book.storage
    with pytest.raises(Unavailable), storage.begin() as unit:
        unit.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with storage.read() as unit:
        assert unit.scalar(text("SELECT count(*) FROM stores")) == 1


_TESTS = """
import sys
from tests.postgresql import CARELESS, server
with server(CARELESS) as running:
    print(running.folder, flush=True)
    sys.stdin.read()
"""


def test_a_server_ends_with_tests_that_are_killed() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", _TESTS], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as tests:
        assert tests.stdout
        assert tests.stderr
        folder = Path(tests.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        tests.kill()
        assert "Error" not in tests.stderr.read()  # to the end of the keeper, who has it as well
    assert not folder.exists()
