"""Template bundles."""

from pathlib import Path

from cloud_service.changes.publishing import Author
from cloud_service.services import bundles
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.bundles import BundleAdded, BundleUsed, BundleView


class Bundles(Ground):
    """Template bundles."""

    def bundles(self) -> list[BundleView]:
        """Return all template bundles, the newest first, with the stores that use them."""
        with self.storage.read() as unit:
            return bundles.bundle_views(unit)

    def bundle(self, *, bundle: str) -> BundleView:
        """Return a bundle by its digest, the beginning of it, or `installed`."""
        with self.storage.read() as unit:
            return bundles.bundle_view(unit, bundle)

    def add_bundle(self, *, source: Path, actor: str) -> BundleAdded:
        """Take in a packed bundle; every template and file of it is tried first."""
        return bundles.add_bundle(self.storage, source, actor, self.clock.now())

    def use_bundle(self, *, store: str, bundle: str, actor: str, note: str = "") -> BundleUsed:
        """Have all tiles of a store drawn with a bundle, named as `bundle` names it.

        Raises Invalid, naming positions, where tiles that may hang now must not then.
        """
        author = Author(actor, note, self.clock.now())
        return bundles.use_bundle(self.storage, self._inspector, store, bundle, author)

    def bundle_manifest(self, *, digest: str) -> bytes:
        """Return the manifest of a bundle, as its digest is over it."""
        with self.storage.read() as unit:
            return bundles.manifest_of(unit, digest)

    def blob(self, *, sha256: str) -> tuple[bytes, str]:
        """Return a template or file of any bundle, with its media type."""
        with self.storage.read() as unit:
            return bundles.blob_of(unit, sha256)
