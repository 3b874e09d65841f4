"""Template bundles on disk: blobs and manifests under their hashes, believed by their bytes alone.

`blobs/ab/ab12...` and `manifests/ab12....json`; a manifest is written last, so that one that is
there says that all its blobs were. Everything is written beside its place, synced and renamed:
after a power cut a file is whole or not there. A blob whose bytes are not those it is named after
is deleted when it is read, and must be fetched anew.
"""

import contextlib
import logging
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from label_templates.bundles import Bundle, StoredBundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import Manifest, Part, checked_blob, checked_manifest, short
from shelf_agent.bundles.room import to_drop
from shelf_agent.errors import BundleFault

log = logging.getLogger(__name__)

_NEW = ".new"


class BundleStore:
    """The folder where one device keeps its bundles, within a budget of bytes."""

    def __init__(self, folder: Path, budget: int) -> None:
        self._folder, self._budget = folder, budget
        self._blobs, self._manifests = folder / "blobs", folder / "manifests"

    def prepare(self, installed: Bundle) -> None:
        """Make the folder, clear what a power cut left half written, and keep what is installed.

        The installed bundle is kept as well: after an update without network the shelf can still
        draw what it was last sent. Raises BundleFault where the disk does not take it.
        """
        with _on_disk(self._folder):
            for folder in (self._blobs, self._manifests):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                for torn in folder.rglob(f"*{_NEW}"):
                    torn.unlink()
        if not self.is_whole(installed.digest):
            for part in self.missing(installed.manifest):
                self.keep_blob(part, installed.blob(part.sha256))
            self.keep_manifest(installed.manifest)

    def whole(self) -> frozenset[str]:
        """Return the bundles that are here with all their blobs, going by their sizes."""
        return frozenset(digest for digest, _ in self._listed() if self.is_whole(digest))

    def is_whole(self, digest: str) -> bool:
        """Tell whether a bundle is here with all its blobs, going by their sizes."""
        manifest = self._manifest(digest)
        return manifest is not None and not self.missing(manifest)

    def open(self, digest: str) -> StoredBundle:
        """Return a bundle to draw with; BundleFault where it is not here, or once it is broken."""
        manifest = self._manifest(digest)
        if manifest is None:
            raise BundleFault(digest, f"the template bundle {short(digest)} is not on this device")
        with contextlib.suppress(OSError):  # only the order in which bundles are dropped
            os.utime(self._manifest_path(digest))
        return self.over(manifest)

    def over(self, manifest: Manifest) -> StoredBundle:
        """Return the bundle of a manifest over the blobs that are here."""
        return StoredBundle(manifest, lambda sha256: self._blob(manifest, sha256))

    def missing(self, manifest: Manifest) -> list[Part]:
        """Return the blobs of a manifest that are not here."""
        return [part for part in manifest.parts.values() if not self._has(part)]

    def keep_blob(self, part: Part, data: bytes) -> None:
        """Keep a blob; BundleError where it is another, BundleFault where the disk is full."""
        self._write(self._blob_path(part.sha256), checked_blob(part, data))

    def keep_manifest(self, manifest: Manifest) -> None:
        """Keep a manifest whose blobs are all here; BundleFault where the disk is full."""
        self._write(self._manifest_path(manifest.digest), manifest.canonical)

    def trim(self, keep: Collection[str]) -> None:
        """Drop bundles beyond the budget, and every blob that no bundle has any more."""
        listed = self._listed()
        dropped = set(to_drop(listed, keep, self._budget))
        for digest in dropped:
            log.info("the template bundle %s is dropped to make room", short(digest))
            self._manifest_path(digest).unlink(missing_ok=True)
        named = {name for digest, found in listed if digest not in dropped for name in found.parts}
        with _on_disk(self._folder):
            for path in self._blobs.glob("*/*"):
                if path.name not in named:
                    path.unlink(missing_ok=True)

    def _listed(self) -> list[tuple[str, Manifest]]:
        """Return all bundles, the one that was used last first."""
        with _on_disk(self._folder):
            paths = sorted(self._manifests.glob("*.json"), key=lambda path: -path.stat().st_mtime)
        found = ((f"sha256:{path.stem}", self._manifest(f"sha256:{path.stem}")) for path in paths)
        return [(digest, manifest) for digest, manifest in found if manifest is not None]

    def _manifest(self, digest: str) -> Manifest | None:
        path = self._manifest_path(digest)
        try:
            return checked_manifest(digest, path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, BundleError) as error:
            log.warning("%s cannot be used: %s", path, error)
            return None

    def _blob(self, manifest: Manifest, sha256: str) -> bytes:
        path = self._blob_path(sha256)
        try:
            return checked_blob(manifest.parts[sha256], path.read_bytes())
        except (OSError, BundleError) as error:
            with contextlib.suppress(OSError):  # gone, or a disk that takes nothing: fetched anyway
                path.unlink()
            bundle = f"the template bundle {short(manifest.digest)} is broken on this device"
            raise BundleFault(manifest.digest, f"{bundle}: {error}") from error

    def _has(self, part: Part) -> bool:
        try:
            return self._blob_path(part.sha256).stat().st_size == part.size
        except OSError:
            return False

    def _blob_path(self, sha256: str) -> Path:
        return self._blobs / sha256[:2] / sha256

    def _manifest_path(self, digest: str) -> Path:
        return self._manifests / f"{digest.removeprefix('sha256:')}.json"

    def _write(self, path: Path, data: bytes) -> None:
        beside = path.with_name(path.name + _NEW)
        with _on_disk(path):
            path.parent.mkdir(exist_ok=True, mode=0o700)
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            _sync(path.parent)


@contextlib.contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BundleFault("", f"{error.filename or path}: {error.strerror}") from error


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
