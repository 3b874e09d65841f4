"""What only SQLite must be told, and what only its files can be."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from cloud_service.errors import Unavailable
from cloud_service.storage import Storage

pytestmark = pytest.mark.integration


def test_what_is_acknowledged_is_on_the_disk(tmp_path: Path) -> None:
    with closing(Storage(f"sqlite:///{tmp_path / 'book.db'}")) as storage, storage.read() as unit:
        assert unit.scalar(text("PRAGMA journal_mode")) == "wal"
        assert unit.scalar(text("PRAGMA synchronous")) == 2
        assert unit.scalar(text("PRAGMA foreign_keys")) == 1


def test_a_new_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'new' / 'edge-shelf.db'}")
    with storage.begin() as unit:
        unit.execute(text("CREATE TABLE shelves (id INTEGER)"))
    files = list((tmp_path / "new").iterdir())
    assert {file.suffix for file in files} >= {".db", ".db-wal"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    storage.close()


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "book.db").mkdir()
    storage = Storage(f"sqlite:///{tmp_path / 'book.db'}")
    with pytest.raises(Unavailable, match="unable to open"), storage.read() as unit:
        unit.scalar(text("SELECT 1"))
    storage.close()
