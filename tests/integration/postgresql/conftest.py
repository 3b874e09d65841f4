"""A fresh database for each test, named where an operator names it: in the environment."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

from tests.postgresql import Server

NAMED_BY = "EDGE_SHELF_DATABASE_URL"


@pytest.fixture(scope="module", autouse=True)
def _database_of_the_module(postgresql: Server) -> Iterator[None]:
    """Give what a whole module shares a database of its own."""
    with postgresql.database() as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv(NAMED_BY, url)
        yield


@pytest.fixture(autouse=True)
def database(
    postgresql: Server, _database_of_the_module: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Give each test a database, as the migrations leave it; its URL."""
    with postgresql.database() as url:
        monkeypatch.setenv(NAMED_BY, url)
        yield url


@pytest.fixture(scope="module", autouse=True)
def _nothing_but_postgresql() -> Iterator[None]:
    """Break a test that finds its way to another database."""

    def check(connection: Any, _record: object) -> None:
        assert isinstance(connection, psycopg.Connection), "this is not PostgreSQL"

    event.listen(Engine, "connect", check)
    yield
    event.remove(Engine, "connect", check)
