"""Renderers, one for each template bundle in use, shared by the threads of a process."""

from collections import OrderedDict
from threading import Lock

from cloud_service.errors import NotFound
from cloud_service.shelves.bundles import stored_blob, stored_manifest
from cloud_service.storage import Storage
from label_templates.bundles import StoredBundle, installed_bundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import Part, checked_blob, short
from label_templates.render import Renderer

MOST = 4
"""Stores of a chain mostly use one or two bundles."""


class Renderers:
    """Gives the renderer of a bundle; bundles come from the database when they are needed."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._kept: OrderedDict[str, Renderer] = OrderedDict()
        self._lock = Lock()

    def of(self, digest: str | None) -> Renderer:
        """Return the renderer of a bundle, None: the installed one; NotFound for an unknown one."""
        digest = digest or installed_bundle().digest
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
                return found
        return self._keep(digest, self._opened(digest))

    def bundle(self, digest: str) -> StoredBundle:
        """Return a bundle over the database; NotFound where it is unknown."""
        with self._storage.read() as unit:
            manifest = stored_manifest(unit, digest)
        if manifest is None:
            raise NotFound(f"There is no bundle {short(digest)}.")
        return StoredBundle(manifest, lambda sha256: self._blob(manifest.parts[sha256]))

    def _opened(self, digest: str) -> Renderer:
        if digest == installed_bundle().digest:
            return Renderer(installed_bundle())
        return Renderer(self.bundle(digest))

    def _keep(self, digest: str, renderer: Renderer) -> Renderer:
        with self._lock:
            kept = self._kept.setdefault(digest, renderer)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return kept

    def _blob(self, part: Part) -> bytes:
        with self._storage.read() as unit:
            found = stored_blob(unit, part.sha256)
        if found is None:
            raise BundleError(f"file {part.sha256[:12]} is gone from the database")
        return checked_blob(part, found[0])
