"""The staging table: a file's good rows, each SKU once, beside the database.

It is temporary and lies on disk where it is large, so memory stays bounded, and it keeps nobody
waiting while a long file is read. SQLite is given row by row, by the SKU; PostgreSQL takes all by
COPY, and looks for SKUs that stand twice when it has them.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    cast,
    delete,
    false,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from cloud_service.pricing.imports.rows import Lot, StagedRow
from cloud_service.storage.copying import Columns, copying_into
from cloud_service.storage.inserting import dialect_of, insert_into

_NUMBERS = BigInteger().with_variant(Integer(), "sqlite")
_TEXTS = ("sku", "gtin", "name", "brand", "size", "net_measure", "category", "folded",
          "reference_date")  # fmt: skip
_FLAGS = ("weighed", "multi_must_buy")
_BYTEWISE = String().with_variant(String(collation="C"), "postgresql")


def _column(name: str) -> Column[object]:
    if name in _TEXTS:
        return Column(name, _BYTEWISE)
    if name in _FLAGS:
        return Column(name, Boolean(), server_default=false(), nullable=False)
    return Column(name, _NUMBERS)


STAGED = Table(
    "staged_prices",
    MetaData(),
    *(_column(name) for name in StagedRow._fields),
    Column("repeats", String(), comment="lines on which the SKU stands again"),
    prefixes=["TEMPORARY"],
)

Repeated = tuple[int, str, int]
"""A line whose SKU stood before it: (line, SKU, first line)."""


class Staging:
    """The staging table on one connection; `drop` it, because connections are used again.

    It is a context, in which rows are added and nothing else is done on the connection.
    `columns` are those that the list can fill: binding the others costs more than all the rest.
    """

    def __init__(self, desk: Connection, columns: Collection[str]) -> None:
        self._desk = desk
        self._given = [name for name in StagedRow._fields if name in columns]
        self._places = [StagedRow._fields.index(name) for name in self._given]
        self._copied = dialect_of(desk) == "postgresql"
        self._adding = ExitStack()

    def __enter__(self) -> Self:
        STAGED.create(self._desk, checkfirst=False)
        if self._copied:
            # One COPY for the whole list: the server takes rows while the next are read.
            copying = copying_into(self._desk, STAGED.name, self._given)
            self._add = self._adding.enter_context(copying)
        else:
            self._desk.execute(_KEY)
            self._add = partial(_insert, self._desk, _insertion(self._desk, self._given))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._adding.__exit__(kind, error, trace)

    def add(self, lot: Lot) -> None:
        """Add rows. Of those with one SKU the first holds."""
        if lot:
            self._add([lot[place] for place in self._places])

    def repeated(self) -> Iterator[Repeated]:
        """Yield (line, SKU, first line) of each row whose SKU stood before it; take all of them."""
        return _copied_again(self._desk) if self._copied else _inserted_again(self._desk)

    def count(self) -> int:
        """Return how many SKUs are staged."""
        return self._desk.scalar(select(func.count()).select_from(STAGED)) or 0

    @staticmethod
    def drop(desk: Connection) -> None:
        """Clear the desk."""
        STAGED.drop(desk, checkfirst=False)


def _insert(desk: Connection, statement: str, columns: Columns) -> None:
    desk.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _inserted_again(desk: Connection) -> Iterator[Repeated]:
    """Yield what was noted, when it was inserted, at the first row of its SKU."""
    query = select(STAGED.c.repeats, STAGED.c.sku, STAGED.c.row)
    for lines, sku, first in desk.execute(query.where(STAGED.c.repeats.is_not(None))):
        for line in lines.split():
            yield int(line), sku, first


def _copied_again(desk: Connection) -> Iterator[Repeated]:
    """Find what stands twice now that all is there, and take it out again."""
    if not _each_once(desk):
        yield from _again(desk)
        desk.execute(
            delete(STAGED).where(STAGED.c.sku == _FIRST.c.sku, STAGED.c.row > _FIRST.c.row)
        )
        desk.execute(_KEY)
    # Without it the planner takes a million rows for a few.
    desk.execute(text("ANALYZE staged_prices (sku)"))


def _each_once(desk: Connection) -> bool:
    """Tell whether no SKU stands twice; then its index stands."""
    try:
        with desk.begin_nested():
            desk.execute(_KEY)
    except IntegrityError:
        return False
    return True


def _again(desk: Connection) -> Iterator[Repeated]:
    query = (
        select(STAGED.c.row, STAGED.c.sku, _FIRST.c.row)
        .join(_FIRST, STAGED.c.sku == _FIRST.c.sku)
        .where(STAGED.c.row > _FIRST.c.row)
    )
    with desk.execute(query.execution_options(stream_results=True)) as found:
        yield from (tuple(row) for row in found)


_KEY = text("CREATE UNIQUE INDEX staged_sku ON staged_prices (sku)")
_FIRST = (
    select(STAGED.c.sku, func.min(STAGED.c.row).label("row"))
    .group_by(STAGED.c.sku)
    .having(func.count() > 1)
    .subquery("firsts")
)


def _insertion(desk: Connection, columns: Sequence[str]) -> str:
    """Return the statement that adds a row, in the database's own words.

    Handed straight to the driver with plain tuples, it runs four times as fast as by way of dicts.
    """
    statement = insert_into(desk, STAGED).values(dict.fromkeys(columns))
    # The texts are literal, so that the parameters are the row's cells and nothing else.
    space = literal_column("' '", String)
    nothing = literal_column("''", String)
    again = func.coalesce(STAGED.c.repeats + space, nothing) + cast(statement.excluded.row, String)
    statement = statement.on_conflict_do_update(index_elements=["sku"], set_={"repeats": again})
    return str(statement.compile(dialect=desk.dialect))
