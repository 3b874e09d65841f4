"""Pictures of tiles, drawn by the one renderer: what a tile would look like, before it hangs."""

import hashlib
from collections import OrderedDict
from threading import Lock

from cloud_service.catalog.stores import Store
from cloud_service.shelves.renderers import Renderers
from label_templates.bundles import installed_bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing
from label_templates.drawing.frame import Frame

_KEPT = 20_000
"""Tags kept, a hundred bytes each: the tiles of a few large stores."""


class Pictures:
    """Draws tiles, and remembers the tags of what it drew. Serves several threads."""

    def __init__(self, renderers: Renderers) -> None:
        self._renderers = renderers
        self._tags: OrderedDict[bytes, str] = OrderedDict()
        self._lock = Lock()

    def frame(self, showing: Showing, panel: str, store: Store) -> Frame:
        """Draw a tile on a panel, with the store's bundle."""
        return self.frame_with(store.bundle, showing, panel, store)

    def frame_with(self, bundle: str | None, showing: Showing, panel: str, store: Store) -> Frame:
        """Draw a tile on a panel with another bundle; None: the installed one.

        Raises NotFound where that is not known here.
        """
        renderer = self._renderers.of(bundle)
        return renderer.render(showing.tpl, showing.content, panel_spec(panel), store.words)

    def tag(self, showing: Showing, panel: str, store: Store) -> str:
        """Return the tag of a picture, its frame's digest: equal tags are equal pictures."""
        key = _key(showing, panel, store)
        with self._lock:
            known = self._tags.get(key)
        return known or self._keep(key, self.frame(showing, panel, store).digest())

    def _keep(self, key: bytes, tag: str) -> str:
        with self._lock:
            self._tags[key] = tag
            if len(self._tags) > _KEPT:
                self._tags.popitem(last=False)
        return tag


def _key(showing: Showing, panel: str, store: Store) -> bytes:
    bundle = store.bundle or installed_bundle().digest
    words = store.words.model_dump_json()
    parts = (showing.tpl, showing.content.model_dump_json(), panel, words, bundle)
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).digest()
