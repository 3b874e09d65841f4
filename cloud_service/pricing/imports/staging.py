"""The staging table: a file's good rows, each SKU once, beside the database.

It is temporary and lies on disk where it is large, so memory stays bounded, and it keeps nobody
waiting while a long file is read.
"""

from collections.abc import Iterator, Sequence

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
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from cloud_service.pricing.imports.rows import StagedRow

_NUMBERS = BigInteger().with_variant(Integer(), "sqlite")
_TEXTS = ("sku", "gtin", "name", "brand", "size", "net_measure", "category", "folded",
          "reference_date")  # fmt: skip
_FLAGS = ("weighed", "multi_must_buy")


def _column(name: str) -> Column[object]:
    if name in _TEXTS:
        return Column(name, String(), primary_key=name == "sku")
    return Column(name, Boolean() if name in _FLAGS else _NUMBERS)


STAGED = Table(
    "staged_prices",
    MetaData(),
    *(_column(name) for name in StagedRow._fields),
    Column("repeats", String(), comment="lines on which the SKU stands again"),
    prefixes=["TEMPORARY"],
)


class Staging:
    """The staging table on one connection; `drop` it, because connections are used again."""

    def __init__(self, desk: Connection) -> None:
        self._desk = desk
        self._insert = _insert(desk)
        STAGED.create(desk, checkfirst=False)

    def add(self, rows: Sequence[StagedRow]) -> None:
        """Add rows. A SKU that stands already is noted as repeated; its first row holds."""
        if rows:
            self._desk.exec_driver_sql(self._insert, list(rows))

    def repeated(self) -> Iterator[tuple[int, str, int]]:
        """Yield (line, SKU, first line) of each row whose SKU stood before it."""
        query = select(STAGED.c.repeats, STAGED.c.sku, STAGED.c.row)
        for lines, sku, first in self._desk.execute(query.where(STAGED.c.repeats.is_not(None))):
            for line in lines.split():
                yield int(line), sku, first

    def count(self) -> int:
        """Return how many SKUs are staged."""
        return self._desk.scalar(select(func.count()).select_from(STAGED)) or 0

    @staticmethod
    def drop(desk: Connection) -> None:
        """Clear the desk."""
        STAGED.drop(desk, checkfirst=False)


def _insert(desk: Connection) -> str:
    """Return the statement that adds a row, in the database's own words.

    Handed straight to the driver with plain tuples, it runs four times as fast as by way of dicts.
    """
    insert = postgresql.insert if desk.dialect.name == "postgresql" else sqlite.insert
    statement = insert(STAGED).values(dict.fromkeys(StagedRow._fields))
    # The texts are literal, so that the parameters are the row's cells and nothing else.
    space = literal_column("' '", String)
    nothing = literal_column("''", String)
    again = func.coalesce(STAGED.c.repeats + space, nothing) + cast(statement.excluded.row, String)
    statement = statement.on_conflict_do_update(index_elements=["sku"], set_={"repeats": again})
    return str(statement.compile(dialect=desk.dialect))
