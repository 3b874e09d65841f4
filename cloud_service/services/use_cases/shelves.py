"""Shelves: what should hang, what does, and how far the tiles have followed."""

from collections.abc import Collection

from cloud_service.delivery.queries import Choice
from cloud_service.services import checking, tiles
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.checks import CheckPage
from cloud_service.services.views.shelves import (
    BayView,
    DeviceView,
    Standing,
    Status,
    TileState,
    TileView,
)


class Shelves(Ground):
    """Shelves: what should hang, what does, and how far the tiles have followed."""

    def bay(self, *, store: str, number: int) -> BayView:
        """Return a bay with its shelves and tiles."""
        with self.storage.read() as unit:
            return tiles.bay_view(unit, store, number, self._pictures, self.clock.now())

    def tile(self, *, store: str, position: str) -> TileView:
        """Return one tile."""
        with self.storage.read() as unit:
            return tiles.tile_view(unit, store, position, self._pictures, self.clock.now())

    def tiles(
        self,
        *,
        store: str,
        states: Collection[TileState] | None = None,
        skus: Collection[str] | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[TileView]:
        """Return a store's tiles in the order of their positions' names, from after one on."""
        choice = Choice(states, skus, after, limit)
        with self.storage.read() as unit:
            now = self.clock.now()
            return tiles.chosen_views(unit, store, choice, self._pictures, now)

    def standing(self, *, store: str, skus: Collection[str]) -> Standing:
        """Return how far the tiles of some SKUs have followed; cheap, to be asked often."""
        with self.storage.read() as unit:
            return tiles.standing_of(unit, store, skus, self.clock.now())

    def check_tiles(
        self, *, store: str, bay: int | None = None, after: str | None = None, limit: int = 500
    ) -> CheckPage:
        """Check a store's tiles, as they are and as they will be, in the order of positions."""
        with self.storage.read() as unit:
            part = checking.Part(bay, after, limit)
            return checking.check_page(unit, store, part, self._inspector, self.clock.now())

    def devices(self, *, store: str | None = None) -> list[DeviceView]:
        """Return the devices of a store, or of all."""
        with self.storage.read() as unit:
            return tiles.device_views(unit, store, self.clock.now())

    def status(self, *, store: str | None = None) -> Status:
        """Return how far the shelves of a store, or of all, have followed."""
        with self.storage.read() as unit:
            return tiles.status_of(unit, store, self._pictures, self.clock.now())
