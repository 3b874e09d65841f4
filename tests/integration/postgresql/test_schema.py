"""Migrations, both ways, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from cloud_service.services.schema import metadata
from cloud_service.storage import Storage
from cloud_service.storage.schema import migrate
from tests.integration.postgresql.conftest import NAMED_BY
from tests.integration.storage.test_schema import *  # noqa: F403 - the same tests
from tests.postgresql import Server

_OTHERWISE = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'character')
  AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'
"""


@pytest.fixture(autouse=True)
def database(postgresql: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give each test a database without a table; its URL."""
    with postgresql.empty() as url:
        monkeypatch.setenv(NAMED_BY, url)
        yield url


def test_every_text_compares_byte_by_byte(storage: Storage) -> None:
    migrate(storage, metadata)
    with storage.engine.connect() as connection:
        assert connection.execute(text(_OTHERWISE)).all() == []
