"""Devices that must be looked at: marked by what was published, or due by the clock.

Marking counts up, and a dispatcher that has followed says how far: a mark that comes while it
works is never lost. A claim is a lease of seconds, so the work of a killed dispatcher is taken up
by another; a claim that ran out can no longer be released.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Update, and_, func, or_, select, true, update
from sqlalchemy.engine import CursorResult

from cloud_service.catalog.tables import DeviceRow, PositionRow
from cloud_service.storage.engine import Unit

LEASE_S = 30
"""How long a claim holds: several times what a push of 200 devices takes."""


@dataclass(frozen=True)
class Claim:
    """A device that a dispatcher holds until `until`; `marks` is what it saw when it took it."""

    device_id: str
    store_id: str
    marks: int
    marks_done: int
    until: int
    owner: str

    @property
    def marked(self) -> bool:
        """Tell whether something was published for it; otherwise it is only due."""
        return self.marks > self.marks_done


@dataclass(frozen=True)
class Marked:
    """How much must follow what was published; paper follows nothing by itself."""

    tiles: int
    devices: int


def mark_devices(unit: Unit, touched: ColumnElement[bool], revision: int, now: int) -> Marked:
    """Make the positions that fulfil `touched` follow a revision, and mark their devices.

    Set-based, in the transaction that publishes: a condition over PositionRow's columns.
    """
    older = and_(touched, PositionRow.wanted_revision < revision)
    tiles = _follow(unit, and_(older, PositionRow.device_id.is_not(None)), revision)
    _follow(unit, and_(older, PositionRow.device_id.is_(None)), revision)
    theirs = select(PositionRow.device_id).where(PositionRow.wanted_revision == revision)
    return Marked(tiles, _mark(unit, DeviceRow.id.in_(theirs), now) if tiles else 0)


def _follow(unit: Unit, which: ColumnElement[bool], revision: int) -> int:
    return _count(
        unit.execute(
            update(PositionRow)
            .where(which)
            .values(wanted_revision=revision)
            .execution_options(synchronize_session=False)
        )
    )


def mark_again(unit: Unit, device_ids: Collection[str], now: int) -> int:
    """Mark devices for another look, though nothing new was published; return how many."""
    return _mark(unit, DeviceRow.id.in_(device_ids), now)


def mark_all(unit: Unit, now: int) -> int:
    """Mark every device for another look; return how many there are."""
    return _mark(unit, true(), now)


def stores_of_devices(unit: Unit, device_ids: Collection[str]) -> dict[str, str]:
    """Return in which store each device stands; one that is not known is absent."""
    query = select(DeviceRow.id, DeviceRow.store_id).where(DeviceRow.id.in_(device_ids))
    return {row.id: row.store_id for row in unit.execute(query)}


def wake_device(unit: Unit, device_id: str, at: int) -> None:
    """Have a device looked at by an instant, though nothing new was published."""
    later = or_(DeviceRow.due_at.is_(None), DeviceRow.due_at > at)
    unit.execute(
        update(DeviceRow)
        .where(DeviceRow.id == device_id, later)
        .values(due_at=at)
        .execution_options(synchronize_session=False)
    )


def claim_devices(
    unit: Unit, now: int, limit: int, owner: str, lease_s: int = LEASE_S
) -> list[Claim]:
    """Take up to `limit` marked or due devices that nobody holds, longest waiting first."""
    chosen = (
        select(DeviceRow.id)
        .where(_waits(now))
        .order_by(func.coalesce(DeviceRow.marked_at, DeviceRow.due_at), DeviceRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("chosen")  # run once: a subquery might be run again, and claim more
    )
    rows = unit.execute(
        update(DeviceRow)
        .where(DeviceRow.id.in_(select(chosen.c.id)))
        .values(claimed_until=now + lease_s, claimed_by=owner)
        .returning(DeviceRow.id, DeviceRow.store_id, DeviceRow.marks, DeviceRow.marks_done)
        .execution_options(synchronize_session=False)
    )
    taken = [Claim(*row, until=now + lease_s, owner=owner) for row in rows]
    return sorted(taken, key=lambda claim: claim.device_id)


def extend_claims(unit: Unit, claims: Sequence[Claim], now: int, lease_s: int = LEASE_S) -> None:
    """Hold claims longer, where they still hold."""
    for claim in claims:
        unit.execute(_held(claim).values(claimed_until=now + lease_s))


def release_device(unit: Unit, claim: Claim, due_at: int | None) -> bool:
    """Say that a device was brought as far as its claim saw; `due_at` wakes it again.

    Marks that came meanwhile stay. Returns False where the claim had run out and another holds it.
    """
    done = {"marks_done": claim.marks, "due_at": due_at}
    return _count(unit.execute(_held(claim).values(**done, **_FREE))) == 1


def defer_device(unit: Unit, claim: Claim, until: int) -> bool:
    """Give a device back undone: nobody takes it before `until`, then it is marked as before."""
    return _count(unit.execute(_held(claim).values(claimed_until=until, claimed_by=None))) == 1


def work_waits(unit: Unit, now: int) -> bool:
    """Tell whether a claim would find a device; cheap enough to be asked several times a second."""
    return unit.scalar(select(DeviceRow.id).where(_waits(now)).limit(1)) is not None


def claim_owners(unit: Unit) -> set[str]:
    """Return who holds claims, run out or not."""
    owners = select(DeviceRow.claimed_by).where(DeviceRow.claimed_by.is_not(None)).distinct()
    return {owner for owner in unit.scalars(owners) if owner is not None}


def release_owner(unit: Unit, owner: str) -> int:
    """Give back, undone, all that somebody holds who is known to be gone; return how many."""
    held = update(DeviceRow).where(_in_order(DeviceRow.claimed_by == owner)).values(**_FREE)
    return _count(unit.execute(held.execution_options(synchronize_session=False)))


_FREE = {"claimed_until": None, "claimed_by": None}


def _waits(now: int) -> ColumnElement[bool]:
    free = or_(DeviceRow.claimed_until.is_(None), DeviceRow.claimed_until <= now)
    return and_(or_(DeviceRow.marks > DeviceRow.marks_done, DeviceRow.due_at <= now), free)


def _held(claim: Claim) -> Update:
    return (
        update(DeviceRow)
        .where(DeviceRow.id == claim.device_id, DeviceRow.claimed_by == claim.owner)
        .execution_options(synchronize_session=False)
    )


def _in_order(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Have rows locked in one order, or two units might wait for each other."""
    rows = select(DeviceRow.id).where(which).order_by(DeviceRow.id).with_for_update()
    return DeviceRow.id.in_(rows)


def _mark(unit: Unit, which: ColumnElement[bool], now: int) -> int:
    return _count(
        unit.execute(
            update(DeviceRow)
            .where(_in_order(which))
            .values(marks=DeviceRow.marks + 1, marked_at=now)
            .execution_options(synchronize_session=False)
        )
    )


def _count(result: object) -> int:
    if not isinstance(result, CursorResult):
        raise TypeError(f"{type(result).__name__} counts no rows")
    return result.rowcount
