"""Changes of how tiles look: which template bundle a store uses."""

from cloud_service.catalog.stores import Store, use_bundle
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.publishing import Author, Published, close_change, open_change
from cloud_service.storage.engine import Unit


def publish_bundle(unit: Unit, store: Store, bundle: str | None, author: Author) -> Published:
    """Have all tiles of a store drawn with a bundle, None: the installed one, as one change."""
    change = open_change(unit, "bundle", store, author)
    use_bundle(unit, store, bundle)
    touched = PositionRow.store_id == store.id
    return close_change(unit, change, touched, 0, {"bundle": bundle or "installed"})
