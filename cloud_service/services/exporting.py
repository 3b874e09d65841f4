"""Writing a store's price list into a file."""

from typing import BinaryIO

from cloud_service.catalog.stores import find_store
from cloud_service.pricing.exports.files import FileKind, write_file
from cloud_service.pricing.exports.rows import HEADER, exported_rows
from cloud_service.pricing.imports.rows import Place
from cloud_service.storage import Unit


def export_list(unit: Unit, store_id: str, kind: FileKind, target: BinaryIO, now: int) -> int:
    """Write what the book says of a store's zone now; return how many products there are."""
    store = find_store(unit, store_id)
    rows = exported_rows(unit, store.zone, Place(store.currency, store.tz), now)
    return write_file(kind, target, HEADER, rows)
