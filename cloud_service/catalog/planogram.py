"""The planogram: which product stands where, on which device and panel."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite

from cloud_service.catalog.tables import DeviceRow, PositionRow
from cloud_service.errors import Invalid
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import (
    parse_device_id,
    parse_position_id,
    parse_sku,
    position_parts,
)
from label_templates.contract.panel import panel_spec
from label_templates.contract.twin import MAX_TILES


@dataclass(frozen=True)
class Position:
    """A planogram place. `wanted_revision` is the newest revision its tile must follow."""

    store_id: str
    position: str
    device_id: str
    panel: str
    sku: str | None
    wanted_revision: int

    @property
    def place(self) -> tuple[int, int, int]:
        """Bay, shelf and place, each from 1: the order in which positions are walked."""
        return position_parts(self.position)


def positions_where(unit: Unit, *conditions: ColumnElement[bool]) -> list[Position]:
    """Return the positions that fulfil all conditions over PositionRow, in walking order."""
    rows = unit.scalars(select(PositionRow).where(*conditions))
    found = [
        Position(r.store_id, r.position, r.device_id, r.panel, r.sku, r.wanted_revision)
        for r in rows
    ]
    return sorted(found, key=lambda position: (position.store_id, position.place))


def positions_of_store(unit: Unit, store_id: str) -> list[Position]:
    """Return a store's positions in walking order."""
    return positions_where(unit, PositionRow.store_id == store_id)


def positions_of_bay(unit: Unit, store_id: str, bay: int) -> list[Position]:
    """Return a bay's positions in walking order."""
    prefix = f"b{bay:02}-"
    return positions_where(
        unit, PositionRow.store_id == store_id, PositionRow.position.startswith(prefix)
    )


def positions_of_devices(unit: Unit, device_ids: Collection[str]) -> list[Position]:
    """Return the positions that some devices drive."""
    return positions_where(unit, PositionRow.device_id.in_(device_ids))


def find_position(unit: Unit, store_id: str, position: str) -> Position | None:
    """Return one position, or None."""
    found = positions_where(
        unit, PositionRow.store_id == store_id, PositionRow.position == position
    )
    return found[0] if found else None


def hang_positions(unit: Unit, positions: Sequence[Position]) -> set[str]:
    """Put positions into the planogram, in place of what stood there; add devices that are new.

    Returns the devices concerned, those that lost a position among them. Raises Invalid naming
    the position whose device, panel or SKU cannot be; the unit must then be undone.
    """
    for position in positions:
        _check(position)
    _check_devices(unit, positions)
    _add_devices(unit, positions)
    losing = _devices_at(unit, positions)
    _upsert(unit, positions)
    hanging = {position.device_id for position in positions}
    _check_sizes(unit, hanging)
    return hanging | losing


def _devices_at(unit: Unit, positions: Iterable[Position]) -> set[str]:
    """Return the devices that drive these places now."""
    places = {(position.store_id, position.position) for position in positions}
    stores = {store_id for store_id, _ in places}
    rows = unit.execute(
        select(PositionRow.store_id, PositionRow.position, PositionRow.device_id).where(
            PositionRow.store_id.in_(stores)
        )
    )
    return {device_id for store_id, position, device_id in rows if (store_id, position) in places}


def _check(position: Position) -> None:
    try:
        parse_position_id(position.position)
        parse_device_id(position.device_id)
        panel_spec(position.panel)
        if position.sku is not None:
            parse_sku(position.sku)
    except ContractError as error:
        raise Invalid(f"position {position.position}", str(error)) from error


def _check_devices(unit: Unit, positions: Iterable[Position]) -> None:
    """A device stands in one store."""
    theirs = {position.device_id: position.store_id for position in positions}
    rows = unit.execute(select(DeviceRow.id, DeviceRow.store_id).where(DeviceRow.id.in_(theirs)))
    for device_id, store_id in rows:
        if theirs[device_id] != store_id:
            raise Invalid(f"device {device_id}", f"it stands in store {store_id} already")


def _check_sizes(unit: Unit, device_ids: Collection[str]) -> None:
    """A device drives as many tiles as its twin can hold."""
    counts = (
        select(PositionRow.device_id, func.count())
        .where(PositionRow.device_id.in_(device_ids))
        .group_by(PositionRow.device_id)
        .having(func.count() > MAX_TILES)
    )
    for device_id, tiles in unit.execute(counts):
        raise Invalid(f"device {device_id}", f"{tiles} tiles; a device drives {MAX_TILES} at most")


def _add_devices(unit: Unit, positions: Iterable[Position]) -> None:
    theirs = {position.device_id: position.store_id for position in positions}
    rows = [{"id": device, "store_id": store} for device, store in sorted(theirs.items())]
    if rows:
        statement = _insert(unit, DeviceRow).on_conflict_do_nothing(index_elements=["id"])
        unit.execute(statement, rows)


def _upsert(unit: Unit, positions: Sequence[Position]) -> None:
    if not positions:
        return
    statement = _insert(unit, PositionRow)
    statement = statement.on_conflict_do_update(
        index_elements=["store_id", "position"],
        set_={
            name: statement.excluded[name]
            for name in ("device_id", "panel", "sku", "wanted_revision")
        },
    )
    unit.execute(statement, [vars(position) for position in positions])


def _insert(unit: Unit, table: type[DeviceRow | PositionRow]) -> sqlite.Insert:
    """Return the database's own insert that knows ON CONFLICT; both kinds read alike."""
    if unit.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)  # type: ignore[return-value]
    return sqlite.insert(table)
