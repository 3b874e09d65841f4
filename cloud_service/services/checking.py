"""Checks of tiles as the doors show them: a store's, page by page, and what a list brought."""

from collections.abc import Iterable
from dataclasses import dataclass

from cloud_service.catalog.planogram import page_of_positions
from cloud_service.catalog.stores import find_store
from cloud_service.services.views.checks import CheckedTile, CheckPage
from cloud_service.shelves.inspection import Inspected, Inspector
from cloud_service.shelves.plan import read_shelf
from cloud_service.storage import Unit

LISTED_UNFIT = 1000


@dataclass(frozen=True)
class Part:
    """Which positions are meant: of one bay or of all, `limit` of them after one, exclusive."""

    bay: int | None
    after: str | None
    limit: int


@dataclass(frozen=True)
class Unfit:
    """The tiles that must not hang: how many, and the first thousand of them."""

    count: int = 0
    tiles: tuple[CheckedTile, ...] = ()


def check_page(unit: Unit, store_id: str, part: Part, inspector: Inspector, now: int) -> CheckPage:
    """Return what is found on some tiles of a store, as they are and as they will be."""
    store = find_store(unit, store_id)
    positions = page_of_positions(unit, store.id, part.bay, part.after, part.limit + 1)
    here = positions[: part.limit]
    found = inspector.walk(read_shelf(unit, here, now), now)
    return CheckPage(
        tiles=tuple(_tile(one) for one in found if one.findings),
        checked=len(here),
        next=here[-1].position if len(positions) > part.limit else None,
    )


def listed(unfit: Iterable[Inspected]) -> Unfit:
    """Count tiles that must not hang, and list them, with why, while there is room."""
    found = list(unfit)
    tiles = (_tile(one, errors_only=True) for one in found[:LISTED_UNFIT])
    return Unfit(len(found), tuple(tiles))


def _tile(found: Inspected, *, errors_only: bool = False) -> CheckedTile:
    position = found.position
    return CheckedTile(
        store_id=position.store_id,
        position=position.position,
        panel=position.panel,
        sku=position.sku,
        template=found.tpl,
        since=found.since,
        findings=found.errors if errors_only else found.findings,
    )
