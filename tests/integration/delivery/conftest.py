"""A chain for each test, and how its database is backed up."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.integration.delivery.chain import Backup, Chain, chain_at


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """A store with one device of two tiles, nothing pushed yet."""
    with chain_at(tmp_path) as opened:
        yield opened


@pytest.fixture
def backup(tmp_path: Path) -> Backup:
    live, backup = tmp_path / "edge-shelf.db", tmp_path / "backup.db"

    def copy(source: Path, target: Path) -> None:
        """Copy a database as SQLite does, with what its log holds."""
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
            one.backup(other)

    return Backup(lambda: copy(live, backup), lambda: copy(backup, live))
