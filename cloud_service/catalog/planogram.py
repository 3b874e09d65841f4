"""The planogram: which product stands where, on which device and panel, now and in the past.

A position without a device has paper for a panel: nobody is sent anything for it, and it is never
waited for.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, delete, func, insert, select

from cloud_service.catalog.tables import DeviceRow, HungRow, PositionRow
from cloud_service.errors import Invalid
from cloud_service.storage.engine import Unit
from cloud_service.storage.inserting import insert_into
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import (
    parse_device_id,
    parse_position_id,
    parse_sku,
    position_parts,
)
from label_templates.contract.panel import panel_spec
from label_templates.contract.twin import MAX_TILES

MAX_FACINGS = 99


@dataclass(frozen=True)
class Position:
    """A planogram place. `wanted_revision` is the newest revision its tile must follow."""

    store_id: str
    position: str
    device_id: str | None
    """None: its panel is paper."""
    panel: str
    sku: str | None
    wanted_revision: int
    facings: int = 1

    @property
    def place(self) -> tuple[int, int, int]:
        """Bay, shelf and place, each from 1: the order in which positions are walked."""
        return position_parts(self.position)

    def hangs_as(self, other: "Position") -> bool:
        """Tell whether the same hangs there, whatever it must follow."""
        return replace(self, wanted_revision=other.wanted_revision) == other


def positions_where(unit: Unit, *conditions: ColumnElement[bool]) -> list[Position]:
    """Return the positions that fulfil all conditions over PositionRow, in walking order."""
    rows = unit.scalars(select(PositionRow).where(*conditions))
    found = [
        Position(r.store_id, r.position, r.device_id, r.panel, r.sku, r.wanted_revision, r.facings)
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


def page_of_positions(
    unit: Unit, store_id: str, bay: int | None, after: str | None, limit: int
) -> list[Position]:
    """Return positions of a store, or of one of its bays, by their names: those after one."""
    query = select(PositionRow.position).where(PositionRow.store_id == store_id)
    if bay is not None:
        query = query.where(PositionRow.position.startswith(f"b{bay:02}-"))
    if after is not None:
        query = query.where(PositionRow.position > after)
    names = list(unit.scalars(query.order_by(PositionRow.position).limit(limit)))
    found = positions_where(unit, PositionRow.store_id == store_id, PositionRow.position.in_(names))
    return sorted(found, key=lambda position: position.position)


def positions_of_devices(unit: Unit, device_ids: Collection[str]) -> list[Position]:
    """Return the positions that some devices drive."""
    return positions_where(unit, PositionRow.device_id.in_(device_ids))


def by_device(positions: Iterable[Position]) -> dict[str, list[Position]]:
    """Return positions by the device that drives them; paper is left out."""
    grouped: dict[str, list[Position]] = {}
    for position in positions:
        if position.device_id is not None:
            grouped.setdefault(position.device_id, []).append(position)
    return grouped


def find_position(unit: Unit, store_id: str, position: str) -> Position | None:
    """Return one position, or None."""
    found = positions_where(
        unit, PositionRow.store_id == store_id, PositionRow.position == position
    )
    return found[0] if found else None


def positions_at(unit: Unit, store_id: str, revision: int) -> list[Position]:
    """Return what hung in a store as of a revision, in walking order."""
    newest = (
        select(HungRow.position, func.max(HungRow.revision).label("revision"))
        .where(HungRow.store_id == store_id, HungRow.revision <= revision)
        .group_by(HungRow.position)
        .subquery()
    )
    rows = unit.scalars(
        select(HungRow)
        .join(newest, HungRow.position == newest.c.position)
        .where(
            HungRow.store_id == store_id,
            HungRow.revision == newest.c.revision,
            HungRow.panel.is_not(None),
        )
    )
    found = [
        Position(r.store_id, r.position, r.device_id, r.panel or "", r.sku, r.revision, r.facings)
        for r in rows
    ]
    return sorted(found, key=lambda position: position.place)


def check_positions(positions: Sequence[Position]) -> None:
    """Raise Invalid naming the position whose device, panel, SKU or facings cannot be."""
    for position in positions:
        _check(position)
    _check_once(positions)


def hang_positions(unit: Unit, positions: Sequence[Position], revision: int) -> set[str]:
    """Put positions into the planogram, in place of what stood there; add devices that are new.

    The positions were checked, see check_positions. Returns the devices that lost a position.
    Raises Invalid naming a device that cannot be; the unit must then be undone.
    """
    _check_devices(unit, positions)
    _add_devices(unit, positions)
    losing = _devices_at(unit, positions)
    _upsert(unit, positions)
    _remember(unit, (asdict(position) for position in positions), revision)
    hanging = {device for p in positions if (device := p.device_id) is not None}
    _check_sizes(unit, hanging)
    return losing - hanging


def take_down(unit: Unit, positions: Sequence[Position], revision: int) -> set[str]:
    """Take positions out of the planogram; return the devices that drove them."""
    for position in positions:
        unit.execute(
            delete(PositionRow).where(
                PositionRow.store_id == position.store_id,
                PositionRow.position == position.position,
            )
        )
    bare = {"device_id": None, "panel": None, "sku": None, "facings": 0}
    _remember(unit, ({**asdict(position), **bare} for position in positions), revision)
    return {device for p in positions if (device := p.device_id) is not None}


def _remember(unit: Unit, rows: Iterable[dict[str, object]], revision: int) -> None:
    names = ("store_id", "position", "device_id", "panel", "sku", "facings")
    entries = [{**{name: row[name] for name in names}, "revision": revision} for row in rows]
    if entries:
        unit.execute(insert(HungRow), entries)


def _devices_at(unit: Unit, positions: Iterable[Position]) -> set[str]:
    """Return the devices that drive these places now."""
    places = {(position.store_id, position.position) for position in positions}
    stores = {store_id for store_id, _ in places}
    rows = unit.execute(
        select(PositionRow.store_id, PositionRow.position, PositionRow.device_id).where(
            PositionRow.store_id.in_(stores), PositionRow.device_id.is_not(None)
        )
    )
    return {
        device for store_id, position, device in rows if device and (store_id, position) in places
    }


def _check(position: Position) -> None:
    try:
        parse_position_id(position.position)
        paper = panel_spec(position.panel).kind == "paper"
        if position.device_id is not None:
            parse_device_id(position.device_id)
        if position.sku is not None:
            parse_sku(position.sku)
    except ContractError as error:
        raise Invalid(f"position {position.position}", str(error)) from error
    if paper and position.device_id is not None:
        reason = f"{position.panel} is paper, which no device drives"
        raise Invalid(f"position {position.position}", reason)
    if not paper and position.device_id is None:
        reason = f"panel {position.panel} needs a device; only paper hangs without one"
        raise Invalid(f"position {position.position}", reason)
    if not 1 <= position.facings <= MAX_FACINGS:
        reason = f"{position.facings} facings; 1 to {MAX_FACINGS} are possible"
        raise Invalid(f"position {position.position}", reason)


def _check_once(positions: Sequence[Position]) -> None:
    seen: set[tuple[str, str]] = set()
    for position in positions:
        key = (position.store_id, position.position)
        if key in seen:
            raise Invalid(f"position {position.position}", "it is given twice")
        seen.add(key)


def _check_devices(unit: Unit, positions: Iterable[Position]) -> None:
    """A device stands in one store."""
    theirs = _homes(positions)
    rows = unit.execute(select(DeviceRow.id, DeviceRow.store_id).where(DeviceRow.id.in_(theirs)))
    for device_id, store_id in rows:
        if theirs[device_id] != store_id:
            raise Invalid(f"device {device_id}", f"it stands in store {store_id} already")


def _homes(positions: Iterable[Position]) -> dict[str, str]:
    return {p.device_id: p.store_id for p in positions if p.device_id is not None}


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
    theirs = _homes(positions)
    rows = [{"id": device, "store_id": store} for device, store in sorted(theirs.items())]
    if rows:
        statement = insert_into(unit, DeviceRow).on_conflict_do_nothing(index_elements=["id"])
        unit.execute(statement, rows)


def _upsert(unit: Unit, positions: Sequence[Position]) -> None:
    if not positions:
        return
    statement = insert_into(unit, PositionRow)
    statement = statement.on_conflict_do_update(
        index_elements=["store_id", "position"],
        set_={
            name: statement.excluded[name]
            for name in ("device_id", "panel", "sku", "wanted_revision", "facings")
        },
    )
    unit.execute(statement, [vars(position) for position in positions])
