"""COPY brings every value over as it was given."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, text

from cloud_service.storage.copying import copying_into

pytestmark = pytest.mark.integration

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
AWKWARD = st.sampled_from(["\\N", "\\.", "\\", "\t", "a\nb", "\r\n", "", "NULL", "\\\\t", "“x”"])
ROWS = st.lists(
    st.tuples(
        TEXTS | AWKWARD | st.none(),
        st.integers(-(2**63), 2**63 - 1) | st.none(),
        st.booleans() | st.none(),
    ),
    min_size=1,
    max_size=20,
)


@pytest.fixture
def connection(database: str) -> Iterator[Connection]:
    engine = create_engine(database.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@given(lots=st.lists(ROWS, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_what_is_copied_reads_as_it_was_given(
    connection: Connection, lots: list[list[tuple[str | None, int | None, bool | None]]]
) -> None:
    with connection.begin():
        connection.execute(text("DROP TABLE IF EXISTS copied"))
        connection.execute(
            text(
                "CREATE TEMPORARY TABLE copied (place serial, name text, number bigint, flag bool)"
            )
        )
        with copying_into(connection, "copied", ("name", "number", "flag")) as copy:
            for lot in lots:
                copy(list(zip(*lot, strict=True)))
        found = connection.execute(text("SELECT name, number, flag FROM copied ORDER BY place"))
        assert [tuple(row) for row in found] == [row for lot in lots for row in lot]
