"""Changes, what they would do, and what was done to them."""

from datetime import datetime
from typing import Any, Self

from cloud_service.accounts.audit import Deed
from cloud_service.api.money import Money, money
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.services.views.changes import (
    ChangeAction,
    ChangeKind,
    ChangeState,
    DifferenceView,
    DraftView,
    OutlookView,
)


class ChangeResource(Resource):
    """A change; `possible` is what the caller may do with it now."""

    id: str
    kind: ChangeKind
    store_id: str
    own: bool
    state: ChangeState
    version: int
    author: str
    note: str
    at: datetime | None
    effective_from: datetime | None
    effective_until: datetime | None
    needs_approval: bool
    approved_by: str | None
    restores: str | None
    revision: int | None
    products: int
    tiles: int
    possible: tuple[ChangeAction, ...]

    @classmethod
    def of(cls, view: DraftView) -> Self:
        """Show a change."""
        instants = ("at", "effective_from", "effective_until")
        same = {name: getattr(view, name) for name in cls.model_fields if name not in instants}
        return cls(**same, **{name: instant(getattr(view, name)) for name in instants})


class DifferenceResource(Resource):
    """One product's price in one store, before and after, and the tiles that change."""

    store_id: str
    sku: str
    name: str
    old: Money | None
    new: Money | None
    percent: int | None
    old_reason: str | None
    new_reason: str | None
    positions: tuple[str, ...]

    @classmethod
    def of(cls, view: DifferenceView) -> Self:
        """Show a difference."""
        same = {
            name: getattr(view, name) for name in cls.model_fields if name not in {"old", "new"}
        }
        old, new = money(view.old, view.currency), money(view.new, view.currency)
        return cls(**same, old=old, new=new)


class FindingResource(Resource):
    """What a guard rail says."""

    level: str
    code: str
    reason: str
    sku: str | None


class TallyResource(Resource):
    """Products by how their price moves; `other`: only what is told beside it."""

    raised: int
    lowered: int
    new: int
    ended: int
    other: int


class SpreadResource(Resource):
    """How much changes in one store."""

    store_id: str
    products: int
    tiles: int


class OutlookResource(Resource):
    """What a change would do at an instant, or did; counts of stores, products and tiles.

    `differences` are all of them; of a price list those with the largest steps.
    """

    at: datetime | None
    stores: int
    products: int
    tiles: int
    tally: TallyResource
    by_store: tuple[SpreadResource, ...]
    differences: tuple[DifferenceResource, ...]
    findings: tuple[FindingResource, ...]

    @classmethod
    def of(cls, view: OutlookView) -> Self:
        """Show what a change would do."""
        return cls(
            at=instant(view.at),
            stores=len(view.stores),
            products=view.tally.products,
            tiles=view.tiles,
            tally=TallyResource(
                **{name: getattr(view.tally, name) for name in TallyResource.model_fields}
            ),
            by_store=tuple(SpreadResource(**vars(one)) for one in view.stores),
            differences=tuple(DifferenceResource.of(one) for one in view.differences),
            findings=tuple(FindingResource(**vars(one)) for one in view.findings),
        )


class DeedResource(Resource):
    """One thing that somebody did."""

    at: datetime | None
    actor: str
    action: str
    subject: str
    why: str
    data: dict[str, Any]

    @classmethod
    def of(cls, deed: Deed) -> Self:
        """Show a deed."""
        return cls(**{**vars(deed), "at": instant(deed.at), "data": dict(deed.data)})
