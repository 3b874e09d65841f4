"""What was pushed to each device, kept so that a crash at any point leads to the same words again.

A write is stored before it is sent, and is believed (`etag` set) only when the hub has taken it.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, insert, select, tuple_, update

from cloud_service.delivery.reconcile import Heard, Order, Pushed, Write
from cloud_service.delivery.tables import DeliveredTileRow, DeliveryRow, EpochRow, TileWordsRow
from cloud_service.storage.engine import Unit
from cloud_service.storage.inserting import insert_into
from label_templates.contract import wire
from label_templates.contract.tile import Tile

BACKOFF_S = (2, 5, 15, 60, 300, 900, 3600)
"""How long a device is left alone after so many failures, or refusals, in a row."""


@dataclass(frozen=True)
class Delivered:
    """A device's delivery as it is stored."""

    device: str
    pushed: Pushed | None
    etag: str | None
    heard: Heard
    keys: int
    """The version of the key list that the device holds; 0: it has said nothing yet."""
    revision: int
    """The price book revision that was followed last."""
    failures: int


@dataclass(frozen=True)
class TileWords:
    """What a tile said at a revision."""

    tile: Tile
    bundle: str | None
    """The template bundle it is drawn with; None: the installed one."""


def backoff(failures: int) -> int:
    """Return the seconds to wait after so many failures in a row, at least one."""
    return BACKOFF_S[min(failures, len(BACKOFF_S)) - 1]


def current_epoch(unit: Unit) -> int:
    """Return the database's epoch."""
    row = unit.get(EpochRow, 1)
    return row.epoch if row else 0


def raise_epoch(unit: Unit, now: int) -> int:
    """Make every revision of this database newer than any before; for after a restore.

    The new epoch is the instant, so that restoring one copy twice never gives one epoch twice.
    """
    epoch = max(current_epoch(unit) + 1, now)
    unit.merge(EpochRow(id=1, epoch=epoch))
    return epoch


def delivered(unit: Unit, devices: Collection[str]) -> dict[str, Delivered]:
    """Return the stored deliveries of some devices; a device without one gets an empty one."""
    rows = unit.scalars(select(DeliveryRow).where(DeliveryRow.device_id.in_(devices)))
    known = {row.device_id: _delivered(row) for row in rows}
    return {device: known.get(device) or _nothing(device) for device in devices}


def _delivered(row: DeliveryRow) -> Delivered:
    pushed = None
    if row.desired is not None:
        desired = wire.read_desired(json.loads(row.desired))
        pushed = Pushed(desired, row.covers_until, row.due_at, believed=row.etag is not None)
    heard = Heard((row.heard_epoch, row.heard_rev), row.refused_rev, row.bundle, row.lacks)
    return Delivered(
        row.device_id, pushed, row.etag, heard, row.heard_keys, row.revision, row.failures
    )


def _nothing(device: str) -> Delivered:
    return Delivered(device, None, None, Heard(), 0, 0, 0)


def store_write(unit: Unit, device: str, write: Write, revision: int) -> None:
    """Keep what is about to be sent; until the hub has taken it, nothing is believed."""
    row = held_delivery(unit, device)
    row.epoch, row.rev = write.order
    row.desired = json.dumps(wire.words(write.desired), separators=(",", ":"))
    row.etag = None
    row.covers_until, row.due_at, row.revision = write.covers_until, write.due_at, revision
    row.lease_until = write.desired.seal.until
    tiles, bundle = write.desired.tiles, write.desired.bundle
    _point(unit, device, write.changed, tiles)
    fresh = {place: tiles[place] for place in write.changed if place in tiles}
    _keep_words(unit, device, fresh, bundle)
    unit.flush()


def held_delivery(unit: Unit, device: str) -> DeliveryRow:
    """Return a device's delivery, a new one where there is none; others wait until the unit ends.

    Who holds several takes them in the order of their names.
    """
    query = select(DeliveryRow).where(DeliveryRow.device_id == device).with_for_update()
    row = unit.scalar(query)
    if row is None:
        new = insert_into(unit, DeliveryRow).values(device_id=device)
        unit.execute(new.on_conflict_do_nothing(index_elements=["device_id"]))
        row = unit.scalars(query).one()
    return row


def _point(unit: Unit, device: str, positions: Iterable[str], tiles: Mapping[str, Tile]) -> None:
    """Note which revisions of its tiles the glass must come to show."""
    rows = unit.scalars(select(DeliveredTileRow).where(DeliveredTileRow.device_id == device))
    known = {row.position: row for row in rows}
    for position in sorted(positions):
        row = known.get(position) or DeliveredTileRow(device_id=device, position=position)
        tile = tiles.get(position)
        row.pushed_epoch, row.pushed_rev = (tile.epoch, tile.rev) if tile else (None, None)
        unit.add(row)


def _keep_words(unit: Unit, device: str, tiles: Mapping[str, Tile], bundle: str) -> None:
    rows = [
        {
            "device_id": device,
            "position": position,
            "epoch": tile.epoch,
            "rev": tile.rev,
            "words": json.dumps(wire.words(tile), separators=(",", ":")),
            "bundle": bundle,
        }
        for position, tile in sorted(tiles.items())
    ]
    if not rows:
        return
    places = [(row["position"], row["epoch"], row["rev"]) for row in rows]
    key = tuple_(TileWordsRow.position, TileWordsRow.epoch, TileWordsRow.rev)
    # A resend finds its words stored already; they are the same.
    unit.execute(delete(TileWordsRow).where(TileWordsRow.device_id == device, key.in_(places)))
    unit.execute(insert(TileWordsRow), rows)


def forget_words(unit: Unit, device: str, position: str, before: Order) -> None:
    """Drop what a tile said at revisions that its glass has gone past."""
    key = tuple_(TileWordsRow.epoch, TileWordsRow.rev)
    unit.execute(
        delete(TileWordsRow).where(
            TileWordsRow.device_id == device, TileWordsRow.position == position, key < before
        )
    )


def tile_words(
    unit: Unit, places: Iterable[tuple[str, str, Order]]
) -> dict[tuple[str, str], TileWords]:
    """Return the tiles at (device, position, order), by device and position; unknown ones lack."""
    wanted = {(device, position, *order) for device, position, order in places}
    devices = {device for device, *_ in wanted}
    rows = unit.scalars(select(TileWordsRow).where(TileWordsRow.device_id.in_(devices)))
    return {
        (row.device_id, row.position): TileWords(Tile.model_validate_json(row.words), row.bundle)
        for row in rows
        if (row.device_id, row.position, row.epoch, row.rev) in wanted
    }


def follow(unit: Unit, device: str, revision: int) -> None:
    """Note that a device follows a revision that changes nothing it shows."""
    held_delivery(unit, device).revision = revision
    unit.flush()


def believe(unit: Unit, device: str, order: Order, etag: str, now: int) -> bool:
    """Note that the hub took a write; False where another write was stored since."""
    values = {"etag": etag, "sent_at": now, "failure": None, "failures": 0, "grave": False,
              "look_at": now}  # fmt: skip
    return _update(unit, device, values, DeliveryRow.epoch == order[0], DeliveryRow.rev == order[1])


def fail(unit: Unit, device: str, why: str, failures: int, *, grave: bool) -> None:
    """Note why a write did not succeed; grave: it is the device's own and will not pass."""
    row = held_delivery(unit, device)
    row.failure, row.failures, row.grave = why, failures, grave
    unit.flush()


def recover(unit: Unit, device: str) -> None:
    """Forget why an earlier write failed: what stands is right without another."""
    _update(unit, device, {"failure": None, "failures": 0, "grave": False})


def ahead(unit: Unit, device: str, order: Order) -> None:
    """Note that a newer seal of ours is known to exist: the next write goes above it."""
    row = held_delivery(unit, device)
    row.heard_epoch, row.heard_rev = max((row.heard_epoch, row.heard_rev), order)
    row.etag = None
    unit.flush()


def _update(
    unit: Unit, device: str, values: Mapping[str, object], *conditions: ColumnElement[bool]
) -> bool:
    statement = update(DeliveryRow).where(DeliveryRow.device_id == device, *conditions)
    changed = unit.scalars(statement.values(**values).returning(DeliveryRow.device_id))
    return changed.one_or_none() is not None
