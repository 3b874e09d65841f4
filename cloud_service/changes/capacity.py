"""Twins that would be too large are refused when a change is published, naming the device.

IoT Hub keeps 32 KB of desired state. A bound over all tiles of a device, worked out in the
database, clears nearly all devices; only those near the limit are composed in earnest.
"""

from sqlalchemy import ColumnElement, case, func, literal, select

from cloud_service.catalog.tables import PositionRow, ProductRow
from cloud_service.errors import Invalid
from cloud_service.shelves.plan import DevicePlan, plan_devices
from cloud_service.storage.engine import Unit
from label_templates.contract.tile import Tile
from label_templates.contract.wire import MAX_SECTION_BYTES, twin_size, words

RESERVE_BYTES = 2048
"""Store, bundle, key list and seal."""
_WITHOUT_TEXT_BYTES = 740
"""All fields of a tile and of one flip, keys included, without what is counted one by one."""
_TEXTS = (ProductRow.name, ProductRow.brand, ProductRow.size, ProductRow.origin)
_WHERE_GIVEN = (
    (ProductRow.origin, 12),
    (ProductRow.plu, 16),
    (ProductRow.image, 80),
    (ProductRow.facts, 80),
    (ProductRow.on_sale_since, 40),
)
"""Bytes that a product's field takes in a tile, its key included, without texts."""
_CHUNK = 200


def check_capacity(unit: Unit, touched: ColumnElement[bool], now: int) -> None:
    """Raise Invalid where a device with a position that fulfils `touched` could not hold its twin.

    Counted is what can not be shortened: what each tile shows now, and the flip that ends it.
    """
    suspects = _near_the_limit(unit, touched)
    for start in range(0, len(suspects), _CHUNK):
        for plan in plan_devices(unit, suspects[start : start + _CHUNK], now).values():
            _check(plan)


def _near_the_limit(unit: Unit, touched: ColumnElement[bool]) -> list[str]:
    # A character takes at most four bytes, and each text may be in the tile once.
    texts = [4 * func.coalesce(func.length(column), 0) for column in _TEXTS]
    others = [case((column.is_not(None), size), else_=0) for column, size in _WHERE_GIVEN]
    bound = func.sum(sum((*texts, *others), start=literal(_WITHOUT_TEXT_BYTES)))
    theirs = select(PositionRow.device_id).where(touched)
    query = (
        select(PositionRow.device_id)
        .join(ProductRow, ProductRow.sku == PositionRow.sku)
        .where(PositionRow.device_id.in_(theirs))
        .group_by(PositionRow.device_id)
        .having(bound > MAX_SECTION_BYTES - RESERVE_BYTES)
        .order_by(PositionRow.device_id)
    )
    return list(unit.scalars(query))


def _check(plan: DevicePlan) -> None:
    size = RESERVE_BYTES + tiles_size(plan)
    if size > MAX_SECTION_BYTES:
        raise Invalid(
            f"device {plan.device_id}",
            f"its {len(plan.tiles)} tiles would need {size} bytes; a twin holds "
            f"{MAX_SECTION_BYTES}. Hang fewer tiles on it or shorten their names",
        )


def tiles_size(plan: DevicePlan) -> int:
    """Return the bytes that a plan's tiles take, each with the flip that ends what it shows."""
    return sum(
        len(position) + twin_size(words(Tile.of(0, 1, showings[:2])))
        for position, showings in plan.tiles.items()
    )
