"""Rolling back: the entries that make a product cost what it would without a revision.

Pure. The book is append-only, so nothing is taken out: newer entries go before what a revision
wrote, just for the spans in which it made a difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.offering import NOTHING, Record, newest
from cloud_service.pricing.window import Window


@dataclass(frozen=True, slots=True)
class Restored:
    """What counts in a span of time without the revision that is rolled back."""

    window: Window
    entry: PriceEntry


def restoring(records: Sequence[Record], revision: int, now: int) -> list[Restored]:
    """Return what must be written, from `now` on, so that a revision no longer counts.

    `records` are those of one product in one scope. What others wrote since stays as it is.
    """
    without = [record for record in records if record.revision != revision]
    spans = _spans(records, now)
    found = [
        Restored(window, _counting(without, window))
        for window in spans
        if _counting(without, window) != _counting(records, window)
    ]
    return _joined(found)


def _spans(records: Sequence[Record], now: int) -> list[Window]:
    """Split the time from `now` on at every instant at which another record may count."""
    edges = {edge for record in records for edge in record.window.edges if edge > now}
    starts = [now, *sorted(edges)]
    ends: list[int | None] = [*starts[1:], None]
    return [Window(since, until) for since, until in zip(starts, ends, strict=True)]


def _counting(records: Sequence[Record], span: Window) -> PriceEntry:
    found = newest(records, span.since or 0)
    return found.entry if found is not None else NOTHING


def _joined(pieces: list[Restored]) -> list[Restored]:
    """Join pieces that follow each other with the same entry."""
    joined: list[Restored] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and last.entry == piece.entry and last.window.until == piece.window.since:
            joined[-1] = Restored(Window(last.window.since, piece.window.until), piece.entry)
        else:
            joined.append(piece)
    return joined
