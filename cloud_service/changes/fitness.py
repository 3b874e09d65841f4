"""Tiles that must not hang: which of those that a change touches cannot be drawn or break the law.

What somebody sets by hand is refused for them; of a list, which says what registers charge already,
they are named (ADR 33).
"""

from collections.abc import Iterator

from sqlalchemy import ColumnElement

from cloud_service.catalog.planogram import positions_where
from cloud_service.errors import Invalid
from cloud_service.shelves.inspection import Inspected, Inspector
from cloud_service.shelves.plan import read_shelf
from cloud_service.storage.engine import Unit

_CHUNK = 2000


def unfit_tiles(
    unit: Unit, touched: ColumnElement[bool], inspector: Inspector, now: int
) -> Iterator[Inspected]:
    """Yield the tiles, of positions that fulfil `touched`, that must not hang."""
    positions = positions_where(unit, touched)
    for start in range(0, len(positions), _CHUNK):
        shelf = read_shelf(unit, positions[start : start + _CHUNK], now)
        yield from (found for found in inspector.walk(shelf, now) if found.errors)


def check_fitness(unit: Unit, touched: ColumnElement[bool], inspector: Inspector, now: int) -> None:
    """Raise Invalid, naming position, node and reason, where a tile must not hang."""
    unfit = list(unfit_tiles(unit, touched, inspector, now))
    if not unfit:
        return
    first = unfit[0].position
    more = len({(one.position.store_id, one.position.position) for one in unfit}) - 1
    rest = f"; nor can {more} other {'tile' if more == 1 else 'tiles'}" if more else ""
    raise Invalid(
        f"position {first.position} in store {first.store_id}",
        f"the tile of {first.sku} cannot hang: template {unfit[0].tpl}, {unfit[0].errors[0]}{rest}",
    )
