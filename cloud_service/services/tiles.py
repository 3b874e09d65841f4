"""Tiles, bays and devices as the doors show them: what should hang beside what does."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cloud_service.catalog.fixtures import WHOLE_BAY, names_in
from cloud_service.catalog.planogram import (
    Position,
    find_position,
    positions_of_bay,
    positions_where,
)
from cloud_service.catalog.stores import find_store
from cloud_service.catalog.tables import PositionRow
from cloud_service.delivery.queries import (
    Choice,
    TileStanding,
    attention,
    chosen,
    count_chosen,
    device_standings,
    tallies,
    tile_standings,
)
from cloud_service.errors import NotFound
from cloud_service.services.stores import store_view
from cloud_service.services.views.shelves import (
    BayView,
    DeviceView,
    LaggingTile,
    ShelfView,
    Standing,
    Status,
    TileView,
)
from cloud_service.shelves.plan import Shelf, read_shelf
from cloud_service.shelves.preview import Pictures
from cloud_service.storage import Unit
from label_templates.contract.tile import Showing
from label_templates.layout.errors import RenderError

log = logging.getLogger(__name__)

_ATTENTION = 50


@dataclass(frozen=True)
class Hung:
    """One position with all that is known about it."""

    position: Position
    shelf: Shelf
    standing: TileStanding
    wanted: Showing | None
    """What it should show now; None: no product or no price."""


def tile_view(unit: Unit, store_id: str, position: str, pictures: Pictures, now: int) -> TileView:
    """Return one tile; raise NotFound."""
    return _tile(hung_at(unit, store_id, position, now), pictures)


def hung_at(unit: Unit, store_id: str, position: str, now: int) -> Hung:
    """Return what is known about one position; raise NotFound."""
    store = find_store(unit, store_id)
    found = find_position(unit, store.id, position)
    if found is None:
        raise NotFound(f"There is no position {position!r} in store {store.id}.")
    return _hung(unit, [found], now)[0]


def bay_view(unit: Unit, store_id: str, number: int, pictures: Pictures, now: int) -> BayView:
    """Return a bay with its shelves, top to bottom; raise NotFound."""
    store = store_view(unit, store_id, now)
    positions = positions_of_bay(unit, store_id, number)
    if not positions:
        raise NotFound(f"There is no bay {number} in store {store_id}.")
    levels: dict[int, list[TileView]] = {}
    for hung in _hung(unit, positions, now):
        levels.setdefault(hung.position.place[1], []).append(_tile(hung, pictures))
    names = names_in(unit, store_id, number)
    shelves = tuple(
        _shelf(level, tiles, names.get((number, level))) for level, tiles in sorted(levels.items())
    )
    return BayView(store, number, shelves, names.get((number, WHOLE_BAY)))


def status_of(unit: Unit, store_id: str | None, pictures: Pictures, now: int) -> Status:
    """Return how far the shelves of a store, or of all, have followed."""
    store_ids = [find_store(unit, store_id).id] if store_id else None
    counted = tallies(unit, store_ids, now).values()
    places = attention(unit, store_ids, now, _ATTENTION)
    views = _views_of(unit, places, pictures, now)
    return Status(
        devices=sum(tally.devices for tally in counted),
        connected=sum(tally.connected for tally in counted),
        shown=sum(tally.shown for tally in counted),
        pending=sum(tally.pending for tally in counted),
        failed=sum(tally.failed for tally in counted),
        attention=tuple(sorted(views, key=lambda view: view.state != "failed")),
    )


def chosen_views(
    unit: Unit, store_id: str, choice: Choice, pictures: Pictures, now: int
) -> list[TileView]:
    """Return the tiles of a store that are meant, in the order of their positions' names."""
    names = chosen(unit, find_store(unit, store_id).id, choice, now)
    views = _views_of(unit, [(store_id, name) for name in names], pictures, now)
    return sorted(views, key=lambda view: view.position)


def standing_of(unit: Unit, store_id: str, skus: Collection[str], now: int) -> Standing:
    """Return how far the tiles of some SKUs have followed, without drawing any."""
    store = find_store(unit, store_id)
    counts = count_chosen(unit, store.id, Choice(skus=skus), now)
    return Standing(
        shown=counts.get("shown", 0),
        pending=counts.get("pending", 0),
        failed=counts.get("failed", 0),
        lagging=_lagging(unit, store.id, skus, now),
    )


def _lagging(unit: Unit, store_id: str, skus: Collection[str], now: int) -> tuple[LaggingTile, ...]:
    choice = Choice(states=("failed", "pending"), skus=skus, limit=_ATTENTION)
    names = chosen(unit, store_id, choice, now)
    here = (PositionRow.store_id == store_id, PositionRow.position.in_(names))
    positions = positions_where(unit, *here)
    standings = tile_standings(unit, positions, now)
    return tuple(
        LaggingTile(
            position=position.position,
            device_id=position.device_id,
            sku=position.sku,
            state=(found := standings[store_id, position.position]).state,
            why=found.why,
        )
        for position in positions
    )


def device_views(unit: Unit, store_id: str | None, now: int) -> list[DeviceView]:
    """Return the devices of a store, or of all."""
    store_ids = [find_store(unit, store_id).id] if store_id else None
    return [
        DeviceView(
            id=device.id,
            store_id=device.store_id,
            connected=device.connected,
            seen_at=device.seen_at,
            stale=device.stale,
            refused=device.refused,
            bundle=device.bundle,
            lacks=device.lacks,
            tiles=device.tiles,
        )
        for device in device_standings(unit, store_ids, now)
    ]


def _views_of(
    unit: Unit, places: Sequence[tuple[str, str]], pictures: Pictures, now: int
) -> list[TileView]:
    by_store: dict[str, list[str]] = {}
    for store_id, position in places:
        by_store.setdefault(store_id, []).append(position)
    views: list[TileView] = []
    for store_id, names in by_store.items():
        here = (PositionRow.store_id == store_id, PositionRow.position.in_(names))
        positions = positions_where(unit, *here)
        views += [_tile(hung, pictures) for hung in _hung(unit, positions, now)]
    return views


def _hung(unit: Unit, positions: list[Position], now: int) -> list[Hung]:
    shelf = read_shelf(unit, positions, now)
    standings = tile_standings(unit, positions, now)
    return [
        Hung(
            position,
            shelf,
            standings[position.store_id, position.position],
            shelf.showing_now(position, now),
        )
        for position in positions
    ]


def _shelf(level: int, tiles: Sequence[TileView], name: str | None) -> ShelfView:
    devices = dict.fromkeys(tile.device_id for tile in tiles if tile.device_id is not None)
    return ShelfView(level, tuple(devices), tuple(tiles), name)


def _tile(hung: Hung, pictures: Pictures) -> TileView:
    position, standing = hung.position, hung.standing
    product = hung.shelf.product(position)
    bay, shelf, place = position.place
    return TileView(
        store_id=position.store_id,
        position=position.position,
        bay=bay,
        shelf=shelf,
        place=place,
        device_id=position.device_id,
        panel=position.panel,
        sku=position.sku,
        name=product.name if product else None,
        state=standing.state,
        why=standing.why,
        connected=standing.connected,
        wanted_price=hung.wanted.content.price if hung.wanted else None,
        shown_price=standing.shown_price,
        wanted_rev=standing.wanted_rev,
        shown_rev=standing.shown_rev,
        shown_at=standing.shown_at,
        proved=standing.proved,
        image=standing.frame,
        wanted_image=_drawable_tag(hung, pictures),
    )


def _drawable_tag(hung: Hung, pictures: Pictures) -> str | None:
    """Return the tag of what a tile should show; None where it cannot be drawn.

    One tile that cannot be drawn hides no other; its own page and its shelf say why it cannot.
    """
    try:
        return wanted_tag(hung, pictures)
    except RenderError as error:
        log.info("%s %s: %s", hung.position.store_id, hung.position.position, error)
        return None


def wanted_tag(hung: Hung, pictures: Pictures) -> str | None:
    """Return the tag of what a tile should show; drawn only where it does not hang already."""
    if hung.wanted is None:
        return None
    if hung.standing.state == "shown" and hung.standing.frame is not None:
        return hung.standing.frame
    store = hung.shelf.stores[hung.position.store_id]
    return pictures.tag(hung.wanted, hung.position.panel, store)
