"""After a database was restored from a backup: making its word the newest again.

A shelf refuses whatever is older than what it shows. A restored database has forgotten what was
pushed after its backup, so what it says next would be refused; a higher epoch makes every revision
of it newer than any before.
"""

from dataclasses import dataclass

from cloud_service.catalog.devices import mark_all
from cloud_service.delivery.pushed import current_epoch, raise_epoch
from cloud_service.errors import NotFound
from cloud_service.storage import Storage
from cloud_service.storage.events import append_event


@dataclass(frozen=True)
class Restored:
    """What was done: the epoch before and now, and how many devices are written anew."""

    before: int
    epoch: int
    devices: int


def mark_restored(storage: Storage, now: int) -> Restored:
    """Raise the epoch and have every device written anew; raise NotFound where there is none."""
    with storage.alone() as unit:
        before = current_epoch(unit)
        done = Restored(before, raise_epoch(unit, now), mark_all(unit, now))
        if not done.devices:
            reason = "there is no device in this database, so it is none that was restored"
            raise NotFound(f"{reason}; EDGE_SHELF_DATABASE_URL or EDGE_SHELF_DATA_DIR name it")
        append_event(unit, now, "database.restored", {"epoch": done.epoch})
    return done
