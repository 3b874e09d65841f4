"""Edits of what is known of products and stores: at once, for every tile that prints it.

They have a revision, so that shelves follow them, and stand in the audit trail; they are no
changes of prices, and so are neither drafted nor rolled back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from cloud_service.accounts.audit import Deed, record
from cloud_service.catalog.devices import Marked, mark_devices
from cloud_service.catalog.tables import PositionRow
from cloud_service.changes.capacity import check_capacity
from cloud_service.changes.fitness import check_fitness
from cloud_service.changes.publishing import Author, pending_events
from cloud_service.pricing.book import new_revision
from cloud_service.shelves.inspection import Inspector
from cloud_service.storage.engine import Unit
from cloud_service.storage.events import append_event, append_events

CATALOGUE = ""
"""The scope of the catalogue's revisions: no prices are kept there."""


@dataclass(frozen=True)
class Edit:
    """An edit: what was done to what, in the audit trail's words, and what tells it to others."""

    action: str
    subject: str
    """`product 4711`, `store 0204`."""
    event: str
    """The kind of its event, `product.changed`."""
    data: Mapping[str, Any]
    author: Author


def open_edit(unit: Unit, author: Author) -> int:
    """Return the revision under which an edit is written."""
    return new_revision(unit, CATALOGUE, author.at, author.name, author.note)


def close_edit(
    unit: Unit, revision: int, edit: Edit, touched: ColumnElement[bool], inspector: Inspector
) -> Marked:
    """Mark the positions that fulfil `touched`, and record and tell the edit.

    Raises Invalid naming a device whose twin would grow too large, or a tile that must not hang.
    """
    now = edit.author.at
    marked = mark_devices(unit, touched, revision, now)
    follows = PositionRow.wanted_revision == revision
    check_capacity(unit, follows, now)
    check_fitness(unit, follows, inspector, now)
    note_edit(unit, edit)
    append_events(unit, now, pending_events(unit, revision))
    return marked


def note_edit(unit: Unit, edit: Edit) -> None:
    """Record and tell an edit that no tile prints."""
    author, data = edit.author, dict(edit.data)
    record(unit, Deed(author.at, author.name, edit.action, edit.subject, author.note, data))
    append_event(unit, author.at, edit.event, {"actor": author.name, **data})
