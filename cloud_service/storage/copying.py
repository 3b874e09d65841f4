"""COPY: many rows into a table by PostgreSQL's own quick way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Copy = Callable[[Iterable[Sequence[object]]], None]
"""Takes rows of plain values, as often as there are any."""


@contextmanager
def copying_into(connection: Connection, table: str, columns: Sequence[str]) -> Iterator[Copy]:
    """Begin to copy into some columns of a table; the rows are there when the context ends.

    Nothing else can be done on the connection meanwhile. All rows are copied, or none.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{table}" ({named}) FROM STDIN'
    driver = connection.dialect.import_dbapi()
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]

            def add(rows: Iterable[Sequence[object]]) -> None:
                for row in rows:
                    copy.write_row(row)

            yield add
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error
