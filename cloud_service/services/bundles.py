"""Template bundles: brought in, tried on what hangs, and used."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cloud_service.catalog.planogram import positions_of_store
from cloud_service.catalog.stores import Store, find_store, stores_using
from cloud_service.changes.publishing import Author
from cloud_service.changes.templates import publish_bundle
from cloud_service.errors import Invalid, NotFound
from cloud_service.services.views.bundles import BundleAdded, BundleUsed, BundleView
from cloud_service.shelves.bundles import (
    KeptBundle,
    all_bundles,
    find_bundle,
    keep_bundle,
    stored_blob,
    stored_manifest,
)
from cloud_service.shelves.composition import TEMPLATES
from cloud_service.shelves.inspection import Inspector
from cloud_service.shelves.plan import Shelf, read_shelf
from cloud_service.storage import Storage, Unit
from cloud_service.storage.events import append_event
from label_templates.bundles import installed_bundle
from label_templates.bundles.checking import broken_parts
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import MAX_BUNDLE_BYTES, short
from label_templates.bundles.packing import check_blobs, open_archive

MOST_ARCHIVE_BYTES = MAX_BUNDLE_BYTES + 16 * 2**20
"""A packed bundle: its blobs, and what a zip says of each."""
_NAMED = 5


def bundle_views(unit: Unit) -> list[BundleView]:
    """Return all bundles, the newest first, with the stores that use them."""
    using = stores_using(unit)
    return [_view(kept, using) for kept in all_bundles(unit)]


def bundle_view(unit: Unit, name: str) -> BundleView:
    """Return one bundle by its digest, the beginning of it, or `installed`; raise NotFound."""
    return _view(find_bundle(unit, name), stores_using(unit))


def add_bundle(storage: Storage, source: Path, actor: str, now: int) -> BundleAdded:
    """Take in a packed bundle; raise Invalid where it is none, or nobody should draw with it."""
    _check_archive(source)
    with open_archive(source) as bundle, storage.alone() as unit:
        new = keep_bundle(unit, bundle, actor, now)
        if new:
            append_event(unit, now, "bundle.added", {"bundle": bundle.digest, "actor": actor})
        return BundleAdded(bundle_view(unit, bundle.digest), new)


def use_bundle(
    storage: Storage, inspector: Inspector, store: str, name: str, author: Author
) -> BundleUsed:
    """Have a store's tiles drawn with a bundle; raise Invalid where some must not hang then."""
    with storage.read() as unit:
        kept, found = find_bundle(unit, name), find_store(unit, store)
        shelf = read_shelf(unit, positions_of_store(unit, store), author.at)
    digest = kept.digest
    chosen = None if digest == installed_bundle().digest else digest
    if chosen == found.bundle:
        return BundleUsed(None, None, store, digest, 0)
    _check_templates(kept)
    _check_tiles(inspector, shelf, replace(found, bundle=chosen), author.at)
    with storage.alone() as unit:
        done = publish_bundle(unit, find_store(unit, store), chosen, author)
    return BundleUsed(done.id, done.revision, store, digest, done.tiles)


def manifest_of(unit: Unit, digest: str) -> bytes:
    """Return a bundle's manifest, as its digest is over it; raise NotFound."""
    manifest = stored_manifest(unit, digest)
    if manifest is None:
        raise NotFound(f"There is no bundle {digest}.")
    return manifest.canonical


def blob_of(unit: Unit, sha256: str) -> tuple[bytes, str]:
    """Return a template or file of any bundle, with its media type; raise NotFound."""
    found = stored_blob(unit, sha256)
    if found is None:
        raise NotFound(f"There is no file {sha256} in any bundle.")
    return found


def _check_archive(source: Path) -> None:
    """Raise Invalid naming all that is wrong with a packed bundle."""
    try:
        with open_archive(source) as bundle:
            check_blobs(bundle)
            faults = list(broken_parts(bundle))
    except BundleError as error:
        raise Invalid("bundle", str(error)) from error
    if faults:
        raise Invalid("bundle", _some(faults))


def _check_templates(kept: KeptBundle) -> None:
    """Raise Invalid where a bundle lacks a template that tiles are composed with."""
    missing = sorted(set(TEMPLATES) - kept.manifest.templates.keys())
    if missing:
        raise Invalid("bundle", f"{short(kept.digest)} has no template {', '.join(missing)}")


def _check_tiles(inspector: Inspector, shelf: Shelf, changed: Store, now: int) -> None:
    """Raise Invalid where tiles that may hang with the bundle in use must not with another.

    Now and at the flips to come: one that cannot be drawn would keep an old price.
    """
    lost: dict[str, str] = {}
    other = replace(shelf, stores={**shelf.stores, changed.id: changed})
    walks = zip(inspector.walk(other, now), inspector.walk(shelf, now), strict=True)
    for new, present in walks:
        if new.errors and not present.errors:
            why = f"{new.position.position}: template {new.tpl}, {new.errors[0]}"
            lost.setdefault(new.position.position, why)
    if lost:
        count = f"{len(lost)} of {len(shelf.positions)} tiles of store {changed.id}"
        raise Invalid("bundle", f"{count} could not hang with it: {_some(list(lost.values()))}")


def _some(reasons: Sequence[str]) -> str:
    more = f" (and {len(reasons) - _NAMED} more)" if len(reasons) > _NAMED else ""
    return "; ".join(reasons[:_NAMED]) + more


def _view(kept: KeptBundle, using: Mapping[str | None, list[str]]) -> BundleView:
    installed = kept.digest == installed_bundle().digest
    stores = using.get(kept.digest, []) + (using.get(None, []) if installed else [])
    return BundleView(
        digest=kept.digest,
        templates=tuple(sorted(kept.manifest.templates)),
        files=len(kept.manifest.files),
        size=kept.manifest.size,
        added_at=kept.added_at,
        added_by=kept.added_by,
        installed=installed,
        stores=tuple(sorted(stores)),
    )
