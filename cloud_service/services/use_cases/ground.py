"""What all use cases stand on."""

from cloud_service.changes.drafting import Guard
from cloud_service.changes.guards import Rails
from cloud_service.clock import Clock
from cloud_service.shelves.inspection import Inspector
from cloud_service.shelves.preview import Pictures
from cloud_service.shelves.renderers import Renderers
from cloud_service.storage import Storage


class Ground:
    """The database, the clock, what draws and looks at tiles, and the guard rails."""

    def __init__(self, storage: Storage, clock: Clock, rails: Rails | None = None) -> None:
        self.storage = storage
        self.clock = clock
        renderers = Renderers(storage)
        self._pictures = Pictures(renderers)
        self._inspector = Inspector(renderers)
        self.guard = Guard(rails or Rails(), self._inspector)
