"""Price zones: where prices are kept that several stores share. Every store is in one."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from cloud_service.catalog.tables import StoreRow, ZoneRow
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import ContractError
from label_templates.contract.money import parse_currency

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,31}")
"""Never with @ in front, which begins a store's own scope."""


@dataclass(frozen=True)
class Zone:
    """A price zone. Its stores all sell in its currency."""

    id: str
    name: str
    currency: str


def add_zone(unit: Unit, zone: Zone) -> None:
    """Add a zone; raise Invalid naming the field, or Conflict where its id is taken."""
    _check(zone)
    if unit.get(ZoneRow, zone.id) is not None:
        raise Conflict(f"There is a price zone {zone.id} already.")
    unit.add(ZoneRow(id=zone.id, name=zone.name, currency=zone.currency))
    unit.flush()


def find_zone(unit: Unit, zone_id: str) -> Zone:
    """Return a zone; raise NotFound naming those there are."""
    row = unit.get(ZoneRow, zone_id)
    if row is None:
        known = ", ".join(unit.scalars(select(ZoneRow.id).order_by(ZoneRow.id).limit(20)))
        raise NotFound(f"There is no price zone {zone_id!r}; known are: {known or 'none yet'}.")
    return Zone(row.id, row.name, row.currency)


def all_zones(unit: Unit) -> list[Zone]:
    """Return all zones by id."""
    rows = unit.scalars(select(ZoneRow).order_by(ZoneRow.id))
    return [Zone(row.id, row.name, row.currency) for row in rows]


def stores_by_zone(unit: Unit) -> dict[str, list[str]]:
    """Return the stores of each zone that has any."""
    found: dict[str, list[str]] = {}
    for zone, store in unit.execute(select(StoreRow.zone, StoreRow.id).order_by(StoreRow.id)):
        found.setdefault(zone, []).append(store)
    return found


def check_zone(unit: Unit, zone_id: str, currency: str) -> None:
    """Raise NotFound or Invalid where a store that sells in a currency cannot be in a zone."""
    zone = find_zone(unit, zone_id)
    if zone.currency != currency:
        reason = f"prices of zone {zone.id} are in {zone.currency}, the store sells in {currency}"
        raise Invalid("zone", reason)


def _check(zone: Zone) -> None:
    if not _ID.fullmatch(zone.id):
        made_of = "1 to 32 letters without accents, digits and -, no sign first"
        raise Invalid("id", f"{zone.id!r} is no price zone; it is {made_of}")
    if not zone.name.strip():
        raise Invalid("name", "a price zone needs a name")
    try:
        parse_currency(zone.currency)
    except ContractError as error:
        raise Invalid("currency", str(error)) from error
