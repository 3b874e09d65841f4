"""How far the shelves have followed: each tile's and device's standing, and their tallies.

A tile is shown when its device follows the revision that the position must follow, the glass shows
the pushed revision of the tile, and no flip was made that is not due, or is due and was not
confirmed. A position without a device has paper, which nobody waits for. The rule stands once, as
SQL, so that counting a chain and showing one tile cannot disagree; the words come from the facts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, tuple_

from cloud_service.catalog.planogram import Position
from cloud_service.catalog.tables import DeviceRow, PositionRow
from cloud_service.delivery.pushed import TileWords, tile_words
from cloud_service.delivery.tables import DeliveredTileRow, DeliveryRow
from cloud_service.delivery.words import TileState, why
from cloud_service.storage import Unit
from label_templates.contract.tile import Showing

_CHUNK = 400
"""Positions asked for at once; databases bound the number of parameters."""


@dataclass(frozen=True)
class Tally:
    """Counts of a store."""

    devices: int = 0
    connected: int = 0
    shown: int = 0
    pending: int = 0
    failed: int = 0
    paper: int = 0


@dataclass(frozen=True)
class TileStanding:
    """What a tile shows and whether that is what it should. Prices in minor units."""

    state: TileState
    why: str | None
    connected: bool
    wanted_rev: int | None
    shown_rev: int | None
    shown_price: int | None
    shown_at: int | None
    proved: bool
    frame: str | None
    """Digest of the frame that hangs there, as last confirmed."""
    shown: Showing | None
    """What hangs there; None where its words are not known."""
    bundle: str | None
    """The template bundle that was drawn with; None: the installed one."""


@dataclass(frozen=True)
class Choice:
    """Which tiles of a store are meant; None leaves it open. `after` is a position, exclusive."""

    states: Collection[TileState] | None = None
    skus: Collection[str] | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True)
class DeviceStanding:
    """A device as the hub and its own reports have it. Instants are UTC seconds."""

    id: str
    store_id: str
    connected: bool
    seen_at: int | None
    stale: bool
    refused: str | None
    bundle: str | None
    """A template bundle that it can draw with."""
    lacks: str | None
    """A template bundle that it was told to draw with and cannot get so far."""
    tiles: int


def tallies(unit: Unit, store_ids: Collection[str] | None, now: int) -> dict[str, Tally]:
    """Return the counts of some stores, or of all, by store."""
    tiles = _tile_counts(unit, store_ids, now)
    devices = _device_counts(unit, store_ids)
    return {
        store: Tally(*devices.get(store, (0, 0)), **tiles.get(store, {}))
        for store in sorted(tiles.keys() | devices.keys())
    }


def attention(
    unit: Unit, store_ids: Collection[str] | None, now: int, limit: int
) -> list[tuple[str, str]]:
    """Return (store, position) of tiles that are not shown, failed ones first."""
    state = _state(now)
    query = (
        _joined(select(PositionRow.store_id, PositionRow.position))
        .where(state.in_(("failed", "pending")), *_of_stores(PositionRow.store_id, store_ids))
        .order_by(state, PositionRow.store_id, PositionRow.position)  # failed before pending
        .limit(limit)
    )
    return [(store, position) for store, position in unit.execute(query)]


def chosen(unit: Unit, store_id: str, choice: Choice, now: int) -> list[str]:
    """Return the positions of the tiles that are meant, in the order of their names."""
    query = (
        _joined(select(PositionRow.position))
        .where(PositionRow.store_id == store_id, *_meant(choice, now))
        .order_by(PositionRow.position)
        .limit(choice.limit)
    )
    return list(unit.scalars(query))


def count_chosen(unit: Unit, store_id: str, choice: Choice, now: int) -> dict[TileState, int]:
    """Return how many of the tiles that are meant are in each state."""
    state = _state(now).label("state")
    query = _joined(select(state, func.count()))
    query = query.where(PositionRow.store_id == store_id, *_meant(choice, now))
    return {row[0]: row[1] for row in unit.execute(query.group_by(state))}


def tile_standings(
    unit: Unit, positions: Sequence[Position], now: int
) -> dict[tuple[str, str], TileStanding]:
    """Return the standing of each position by (store, position)."""
    rows = [
        row
        for start in range(0, len(positions), _CHUNK)
        for row in _rows(unit, positions[start : start + _CHUNK], now)
    ]
    acked = [row for row in rows if row.DeliveredTileRow and row.DeliveredTileRow.rev is not None]
    words = tile_words(unit, ((r.device_id, r.position, _order(r)) for r in acked))
    return {
        (row.store_id, row.position): _standing(row, words.get((row.device_id, row.position)), now)
        for row in rows
    }


def device_standings(
    unit: Unit, store_ids: Collection[str] | None, now: int
) -> list[DeviceStanding]:
    """Return the devices of some stores, or of all, in the order of their names."""
    counted = (
        select(PositionRow.device_id, func.count().label("tiles"))
        .group_by(PositionRow.device_id)
        .subquery()
    )
    query = (
        select(DeviceRow.id, DeviceRow.store_id, DeliveryRow, counted.c.tiles)
        .outerjoin(DeliveryRow, DeliveryRow.device_id == DeviceRow.id)
        .outerjoin(counted, counted.c.device_id == DeviceRow.id)
        .where(*_of_stores(DeviceRow.store_id, store_ids))
        .order_by(DeviceRow.store_id, DeviceRow.id)
    )
    return [_device(row, now) for row in unit.execute(query)]


def _device(row: Row[Any], now: int) -> DeviceStanding:
    heard: DeliveryRow | None = row.DeliveryRow
    return DeviceStanding(
        id=row.id,
        store_id=row.store_id,
        connected=heard.connected if heard else False,
        seen_at=heard.seen_at if heard else None,
        stale=_is_stale(heard, now),
        refused=heard.refused if heard else None,
        bundle=heard.bundle if heard else None,
        lacks=heard.lacks if heard else None,
        tiles=row.tiles or 0,
    )


def _is_stale(heard: DeliveryRow | None, now: int) -> bool:
    """A device says so itself; one that is silent past its lease cannot say it any more."""
    if heard is None:
        return False
    return heard.stale or bool(heard.lease_until and heard.lease_until < now)


def _tile_counts(
    unit: Unit, store_ids: Collection[str] | None, now: int
) -> dict[str, dict[str, int]]:
    state = _state(now).label("state")
    query = _joined(select(PositionRow.store_id, state, func.count()))
    query = query.where(*_of_stores(PositionRow.store_id, store_ids))
    counts: dict[str, dict[str, int]] = {}
    for store, tile_state, count in unit.execute(query.group_by(PositionRow.store_id, state)):
        counts.setdefault(store, {})[tile_state] = count
    return counts


def _device_counts(unit: Unit, store_ids: Collection[str] | None) -> dict[str, tuple[int, int]]:
    connected = func.coalesce(func.sum(case((DeliveryRow.connected, 1), else_=0)), 0)
    query = (
        select(DeviceRow.store_id, func.count(), connected)
        .outerjoin(DeliveryRow, DeliveryRow.device_id == DeviceRow.id)
        .where(*_of_stores(DeviceRow.store_id, store_ids))
        .group_by(DeviceRow.store_id)
    )
    return {store: (count, linked) for store, count, linked in unit.execute(query)}


def _rows(unit: Unit, positions: Sequence[Position], now: int) -> Sequence[Row[Any]]:
    places = [(position.store_id, position.position) for position in positions]
    query = _joined(
        select(
            PositionRow.store_id, PositionRow.position, PositionRow.device_id, PositionRow.sku,
            PositionRow.wanted_revision, DeliveryRow, DeliveredTileRow, _state(now).label("state"),
        )
    )  # fmt: skip
    key = tuple_(PositionRow.store_id, PositionRow.position)
    return unit.execute(query.where(key.in_(places))).all()


def _standing(row: Row[Any], words: TileWords | None, now: int) -> TileStanding:
    tile: DeliveredTileRow = row.DeliveredTileRow or DeliveredTileRow()
    device: DeliveryRow | None = row.DeliveryRow
    return TileStanding(
        state=row.state,
        why=None
        if row.state in {"shown", "paper"}
        else why(row.sku, row.wanted_revision, device, tile, now),
        connected=device.connected if device else False,
        wanted_rev=tile.pushed_rev,
        shown_rev=tile.rev,
        shown_price=tile.price,
        shown_at=tile.at,
        proved=bool(tile.proved),
        frame=tile.frame,
        shown=_showing(words, tile.since),
        bundle=words.bundle if words else None,
    )


def _showing(words: TileWords | None, since: int | None) -> Showing | None:
    if words is None:
        return None
    return next((shown for shown in words.tile.showings() if shown.since == since), None)


def _order(row: Row[Any]) -> tuple[int, int]:
    return row.DeliveredTileRow.epoch, row.DeliveredTileRow.rev


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    same_tile = and_(
        DeliveredTileRow.device_id == PositionRow.device_id,
        DeliveredTileRow.position == PositionRow.position,
    )
    return (
        query.select_from(PositionRow)
        .outerjoin(DeliveryRow, DeliveryRow.device_id == PositionRow.device_id)
        .outerjoin(DeliveredTileRow, same_tile)
    )


def _state(now: int) -> ColumnElement[str]:
    tile = DeliveredTileRow
    followed = DeliveryRow.revision >= PositionRow.wanted_revision
    hangs = and_(
        tile.epoch == tile.pushed_epoch,
        tile.rev == tile.pushed_rev,
        tile.state == "shown",
        tile.misdrawn.is_(False),
        or_(tile.holds_until.is_(None), tile.holds_until > now),
        or_(tile.since.is_(None), tile.since <= now),
    )
    bare = and_(PositionRow.sku.is_(None), tile.pushed_rev.is_(None), tile.rev.is_(None))
    early = tile.since > now  # the device's clock is ahead of ours
    broken = or_(
        tile.state == "failed", tile.misdrawn, early,
        DeliveryRow.refused.is_not(None), DeliveryRow.grave,
    )  # fmt: skip
    return case(
        (PositionRow.device_id.is_(None), "paper"),
        (and_(followed, or_(hangs, bare)), "shown"),
        (broken, "failed"),
        else_="pending",
    )


def _meant(choice: Choice, now: int) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if choice.states is not None:
        conditions.append(_state(now).in_(choice.states))
    if choice.skus is not None:
        conditions.append(PositionRow.sku.in_(choice.skus))
    if choice.after is not None:
        conditions.append(PositionRow.position > choice.after)
    return conditions


def _of_stores(column: Any, store_ids: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if store_ids is None else [column.in_(store_ids)]
