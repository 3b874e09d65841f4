"""What changes would do, as the doors show it."""

from collections.abc import Sequence
from dataclasses import astuple

from cloud_service.changes.difference import Difference, Outlook
from cloud_service.changes.guards import Finding
from cloud_service.changes.moves import Tally
from cloud_service.services.views.changes import (
    DifferenceView,
    FindingView,
    OutlookView,
    StoreSpread,
    TallyView,
)


def outlook_view(seen: Outlook) -> OutlookView:
    """Show what a change would do."""
    return OutlookView(
        at=seen.at,
        differences=tuple(_difference_view(one) for one in seen.differences),
        findings=finding_views(seen.findings),
        tally=_tally_view(seen.tally),
        stores=tuple(StoreSpread(*astuple(one)) for one in seen.spread),
        tiles=seen.tiles,
    )


def _difference_view(one: Difference) -> DifferenceView:
    move = one.move
    return DifferenceView(
        store_id=one.store_id,
        currency=one.currency,
        sku=one.sku,
        name=one.name,
        old=one.old.effective if one.old else None,
        new=one.new.effective if one.new else None,
        percent=move.percent if move is not None else None,
        old_reason=one.old.reason if one.old else None,
        new_reason=one.new.reason if one.new else None,
        positions=one.positions,
    )


def finding_views(found: Sequence[Finding]) -> tuple[FindingView, ...]:
    """Show what the guard rails say."""
    return tuple(FindingView(one.level, one.code, one.reason, one.sku) for one in found)


def _tally_view(tally: Tally) -> TallyView:
    return TallyView(
        tally.products, tally.raised, tally.lowered, tally.new, tally.ended, tally.other
    )
