"""COPY: many rows into a table by PostgreSQL's own quick way.

They are written as its text format, whole columns at a time: handing the driver row after row takes
as long as reading the list does. https://www.postgresql.org/docs/current/sql-copy.html
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

Columns = Sequence[Sequence[str | int | bool | None]]
"""The same number of plain values in each."""

Copy = Callable[[Columns], None]
"""Takes some rows, column by column, as often as there are any."""

_NULL: Final = "\\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@contextmanager
def copying_into(connection: Connection, table: str, columns: Sequence[str]) -> Iterator[Copy]:
    """Begin to copy into some columns of a table; the rows are there when the context ends.

    The table must have been made in the same transaction: its rows are written as those of a
    transaction that is over, so that reading them need not mark them so. Nothing else can be done
    on the connection meanwhile. All rows are copied, or none.
    """
    named = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{table}" ({named}) FROM STDIN WITH (FREEZE)'
    driver = connection.dialect.import_dbapi()
    try:
        with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[attr-defined]
            yield lambda rows: copy.write(copied_text(rows))
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error


def copied_text(columns: Columns) -> str:
    """Write rows, given column by column, as COPY reads them."""
    rows = zip(*map(_cells, columns), strict=True)
    return "\n".join([*map("\t".join, rows), ""])


def _cells(column: Sequence[str | int | bool | None]) -> Iterable[str]:
    """Write a column's values: most columns hold one kind of them, with nothing to escape."""
    kinds = set(map(type, column))
    if kinds == {str}:
        return _escaped(column)  # type: ignore[arg-type]  # the kinds say so
    if kinds == {int}:
        return map(str, column)
    return map(_cell, column)


def _escaped(texts: Sequence[str]) -> Sequence[str]:
    together = "".join(texts)
    if any(special in together for special in "\\\t\n\r"):
        return [text.translate(_ESCAPES) for text in texts]
    return texts


def _cell(value: str | int | bool | None) -> str:
    if value is None:
        return _NULL
    return value.translate(_ESCAPES) if isinstance(value, str) else str(value)
