"""A PostgreSQL for tests; the fixture `simulated_hub` comes from the project's own plugin."""

from collections.abc import Iterator

import pytest

from tests.postgresql import CARELESS, Server, programs, server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL; each worker of xdist has one of its own."""
    if programs() is None:
        pytest.skip("PostgreSQL is not on this machine; infra/test-needs.sh brings it")
    with server(CARELESS) as running:
        yield running
