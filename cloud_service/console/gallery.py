"""Pictures already drawn, kept by their tag: the same tag is the same picture for ever."""

from collections import OrderedDict
from threading import Lock

MOST_BYTES = 16 * 2**20
"""About 16,000 pictures of small panels."""


class Gallery:
    """Keeps the pictures that were asked for last, up to a number of bytes. Serves threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def find(self, key: str) -> bytes | None:
        """Return the picture kept under a key, if it is still kept."""
        with self._lock:
            picture = self._kept.get(key)
            if picture is not None:
                self._kept.move_to_end(key)
            return picture

    def keep(self, key: str, picture: bytes) -> None:
        """Keep a picture, and let go of those that nobody asked for in a while."""
        with self._lock:
            self._held += len(picture) - len(self._kept.pop(key, b""))
            self._kept[key] = picture
            while self._held > self._most:
                self._held -= len(self._kept.popitem(last=False)[1])
