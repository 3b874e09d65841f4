"""Template bundles as the chain keeps them: added once, never changed, named by their content.

The bundle that came with this installation is kept among them, so that every process, old or new,
can serve and draw what any other has named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from cloud_service.errors import Invalid, NotFound
from cloud_service.shelves.tables import BlobRow, BundleRow
from cloud_service.storage.engine import Unit
from cloud_service.storage.inserting import insert_into
from label_templates.bundles import Bundle, StoredBundle, installed_bundle
from label_templates.bundles.manifest import Manifest
from label_templates.bundles.media import TEMPLATE_TYPE

INSTALLED = "installed"
"""Names the bundle that came with the installation, whatever its digest."""
WITH_EDGE_SHELF = "edge-shelf"
_LEAST = 6
"""How many hex digits of a digest must be given at least."""
_CHUNK = 400


@dataclass(frozen=True)
class KeptBundle:
    """A bundle with when and by whom it was added, UTC seconds."""

    digest: str
    manifest: Manifest
    added_at: int
    added_by: str


def keep_bundle(unit: Unit, bundle: Bundle | StoredBundle, actor: str, now: int) -> bool:
    """Keep a bundle whose parts were checked; False where it is kept already."""
    if unit.get(BundleRow, bundle.digest) is not None:
        return False
    manifest = bundle.manifest
    kinds = {part.sha256: part.type for part in manifest.files.values()}
    # Another process may be keeping the same ones; they are the same bytes.
    keep = insert_into(unit, BlobRow).on_conflict_do_nothing()
    for sha256 in sorted(manifest.parts.keys() - _kept_blobs(unit, manifest.parts)):
        kind = kinds.get(sha256, TEMPLATE_TYPE)
        blob = {"sha256": sha256, "media_type": kind, "content": bundle.blob(sha256)}
        unit.execute(keep, blob)  # one at a time: photos are not held in memory together
    row = {
        "digest": bundle.digest,
        "manifest": manifest.canonical.decode(),
        "added_at": now,
        "added_by": actor,
    }
    unit.execute(insert_into(unit, BundleRow).on_conflict_do_nothing(), row)
    return True


def keep_installed(unit: Unit, now: int) -> None:
    """Keep the bundle that came with this installation."""
    keep_bundle(unit, installed_bundle(), WITH_EDGE_SHELF, now)


def all_bundles(unit: Unit) -> list[KeptBundle]:
    """Return all bundles, the newest first."""
    rows = unit.scalars(select(BundleRow).order_by(BundleRow.added_at.desc(), BundleRow.digest))
    return [_kept(row) for row in rows]


def find_bundle(unit: Unit, name: str) -> KeptBundle:
    """Return a bundle by its digest, the beginning of it, or `installed`.

    Raises NotFound, or Invalid where what was given fits several or is no digest.
    """
    wanted = installed_bundle().digest if name == INSTALLED else name
    digits = wanted.removeprefix("sha256:")
    if len(digits) < _LEAST or not set(digits) <= set("0123456789abcdef"):
        raise Invalid("bundle", f"{name!r} is no digest, nor {_LEAST} or more hex digits of one")
    query = select(BundleRow).where(BundleRow.digest.startswith(f"sha256:{digits}")).limit(2)
    rows = unit.scalars(query).all()
    if not rows:
        raise NotFound(f"There is no bundle {name}; edge-shelf bundles list names those there are.")
    if len(rows) > 1:
        raise Invalid("bundle", f"{name} begins the digests of several bundles")
    return _kept(rows[0])


def stored_manifest(unit: Unit, digest: str) -> Manifest | None:
    """Return a bundle's manifest, or None."""
    row = unit.get(BundleRow, digest)
    return Manifest.read(row.manifest.encode()) if row else None


def stored_blob(unit: Unit, sha256: str) -> tuple[bytes, str] | None:
    """Return a blob with its media type, or None."""
    row = unit.get(BlobRow, sha256)
    return (row.content, row.media_type) if row else None


def _kept_blobs(unit: Unit, names: Iterable[str]) -> set[str]:
    wanted = sorted(names)
    query = select(BlobRow.sha256)
    return {
        name
        for start in range(0, len(wanted), _CHUNK)
        for name in unit.scalars(query.where(BlobRow.sha256.in_(wanted[start : start + _CHUNK])))
    }


def _kept(row: BundleRow) -> KeptBundle:
    manifest = Manifest.read(row.manifest.encode())
    return KeptBundle(row.digest, manifest, row.added_at, row.added_by)
