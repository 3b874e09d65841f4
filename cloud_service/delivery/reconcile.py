"""What must be written into a device's desired twin so that its shelf follows the price book.

Pure: given what was pushed, what the shelf must show from now on and what the device said, it
answers with the next write, or with None when there is nothing to send. Only the last state counts,
so ten edits are one write, and a crash is mended by asking again.

A device that cannot get the template bundle it should draw with is sealed for one that it has,
until it can: a bundle holds up no price.

A tile keeps its revision as long as it says the same: flips that pass are no change, the shelf
carries them out by itself. Once a day a write renews the lease and draws in the flips of the days
to come.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from label_templates.contract import wire
from label_templates.contract.tile import MAX_FLIPS, Showing, Tile, TileContent
from label_templates.contract.twin import Desired, KeyList, Seal, StoreWords
from label_templates.contract.wire import Document

Order: TypeAlias = tuple[int, int]
"""(epoch, rev), as seals and tiles are ordered."""

HOUR, DAY = 3600, 86_400


@dataclass(frozen=True)
class Terms:
    """How far ahead a device is told and how long it may be silent. Seconds."""

    horizon: int = 96 * HOUR
    """Flips within it are sent along; shortened where they would not fit."""
    lease: int = 72 * HOUR
    """After it without a word the shelf says that it is stale."""
    earliest_renewal: int = 12 * HOUR
    """A renewal waits at least so long; the next daily slot after it is taken."""


TERMS = Terms()


@dataclass(frozen=True)
class Wanted:
    """What a device must show: for each position its showings from now on, the first for now."""

    store: StoreWords
    bundle: str
    showings: Mapping[str, Sequence[Showing]]


@dataclass(frozen=True)
class Pushed:
    """What was last stored to be pushed."""

    desired: Desired
    covers_until: int
    """Up to this instant `desired` tells what happens; later flips were not sent."""
    due_at: int
    """When it must be renewed."""
    believed: bool
    """The hub took it and nobody else wrote since."""


@dataclass(frozen=True)
class Heard:
    """What the device said of itself."""

    order: Order = (0, 0)
    """The newest seal it took."""
    refused_rev: int | None = None
    """The revision it refuses, while it does."""
    bundle: str | None = None
    """A template bundle that it can draw with now."""
    lacks: str | None = None
    """A template bundle that it was sealed for and cannot get so far."""


@dataclass(frozen=True)
class Sealer:
    """Seals for one device: the key list it is sent and the signature, which is handed in."""

    keys: KeyList
    seal: Callable[[Order, int, str, StoreWords, Mapping[str, Tile]], Seal]
    """(order, until, bundle, store, tiles) -> seal"""


@dataclass(frozen=True)
class Write:
    """One write of a desired section."""

    desired: Desired
    patch: Document | None
    """The merge patch that brings it there; None: the whole section is replaced."""
    covers_until: int
    due_at: int
    changed: frozenset[str] = field(default_factory=frozenset)
    """Positions whose tile got this revision, or vanished."""

    @property
    def order(self) -> Order:
        """The revision of this write."""
        return self.desired.seal.order


@dataclass(frozen=True)
class Situation:
    """All that decides about a device's next write."""

    device: str
    wanted: Wanted
    pushed: Pushed | None
    heard: Heard
    epoch: int
    """The database's; it rises when a database is restored."""
    now: int
    sealer: Sealer
    terms: Terms = TERMS

    @property
    def order(self) -> Order:
        """The revision of the next write: above all that was stored, or taken by the device.

        A device may be ahead of a restored database; its own word, checked by seals, counts.
        """
        known = self.pushed.desired.seal.order if self.pushed else (0, 0)
        newest = max(known, self.heard.order)
        return max(self.epoch, newest[0]), max(known[1], self.heard.order[1]) + 1

    @property
    def bundle(self) -> str:
        """The template bundle to draw with: the wanted one, or one that the device has instead."""
        if self.heard.lacks == self.wanted.bundle and self.heard.bundle is not None:
            return self.heard.bundle
        return self.wanted.bundle

    @property
    def trusted(self) -> Pushed | None:
        """What was pushed, unless the device refuses it or is ahead of it."""
        if self.pushed is None:
            return None
        seal = self.pushed.desired.seal
        refused = self.heard.refused_rev == seal.rev
        return None if refused or self.heard.order > seal.order else self.pushed


@dataclass(frozen=True)
class _Drawn:
    """Tiles before they have a revision, and how far they tell."""

    showings: Mapping[str, list[Showing]]
    covers_until: int


def reconcile(case: Situation) -> Write | None:
    """Return the next write for a device, or None when it has all it needs.

    Raises TwinError when the tiles do not fit into a twin even with one flip each.
    """
    pushed = case.trusted
    if pushed is None or not _still_right(pushed, case):
        return _write(case, _fitted(case))
    return None if pushed.believed else _resend(pushed)


def renewal_at(device: str, now: int, terms: Terms = TERMS) -> int:
    """Return the device's next daily slot; slots are spread over the day by the device's name."""
    digest = hashlib.blake2b(device.encode(), digest_size=4).digest()
    slot = int.from_bytes(digest, "big") % DAY
    earliest = now + terms.earliest_renewal
    return earliest + (slot - earliest) % DAY


def timeline(
    showings: Sequence[Showing], start: int, end: int
) -> list[tuple[int, str, TileContent]]:
    """Return what is shown within [start, end) in turn; showings that change nothing are left out.

    Each entry is (from when, template, content), the first from `start`.
    """
    seen: list[tuple[int, str, TileContent]] = []
    for showing in showings:
        since = showing.since if showing.since is not None else start
        if since <= start:
            seen = [(start, showing.tpl, showing.content)]
        elif since < end and seen[-1][1:] != (showing.tpl, showing.content):
            seen.append((since, showing.tpl, showing.content))
    return seen


def _still_right(pushed: Pushed, case: Situation) -> bool:
    desired, wanted = pushed.desired, case.wanted
    return (
        case.now < pushed.due_at
        and desired.seal.epoch >= case.epoch
        and (desired.store, desired.bundle, desired.keys)
        == (wanted.store, case.bundle, case.sealer.keys)
        and desired.tiles.keys() == wanted.showings.keys()
        and all(
            _says(desired.tiles[position], showings, case.now, pushed.covers_until)
            for position, showings in wanted.showings.items()
        )
    )


def _says(tile: Tile, showings: Sequence[Showing], start: int, end: int) -> bool:
    return timeline(tile.showings(), start, end) == timeline(showings, start, end)


def _resend(pushed: Pushed) -> Write:
    """Send once more what may not have arrived: same revision, same words, the whole section."""
    return Write(pushed.desired, None, pushed.covers_until, pushed.due_at)


def _write(case: Situation, drawn: _Drawn) -> Write:
    wanted, order, pushed = case.wanted, case.order, case.trusted
    tiles = _tiles(case, drawn)
    desired = Desired(
        store=wanted.store,
        bundle=case.bundle,
        keys=case.sealer.keys,
        tiles=tiles,
        seal=case.sealer.seal(order, case.now + case.terms.lease, case.bundle, wanted.store, tiles),
    )
    document = wire.write_desired(desired)
    known = wire.words(pushed.desired) if pushed is not None and pushed.believed else None
    return Write(
        desired,
        wire.difference(known, document) if known is not None else None,
        drawn.covers_until,
        _due_at(case, drawn.covers_until),
        _changed(case, tiles),
    )


def _tiles(case: Situation, drawn: _Drawn) -> dict[str, Tile]:
    """Give each tile its revision: the old one while it says the same, else that of this write."""
    before = _comparable(case)
    tiles = {}
    for position, showings in drawn.showings.items():
        old = before.get(position)
        keeps = old is not None and _says(old, showings, case.now, _FAR)
        tiles[position] = old if old and keeps else Tile.of(*case.order, showings)
    return tiles


def _comparable(case: Situation) -> Mapping[str, Tile]:
    """Return the pushed tiles whose revisions may stay.

    None may when the database was restored or the device is ahead: it may have seen newer ones.
    None does when all are drawn anew, so that the shelf confirms each.
    """
    if case.trusted is None:
        return {}
    desired = case.trusted.desired
    same = (desired.seal.epoch, desired.bundle, desired.store)
    if same != (case.order[0], case.bundle, case.wanted.store):
        return {}
    renews = case.now >= case.trusted.due_at
    return {
        position: tile
        for position, tile in desired.tiles.items()
        if not (renews and _passed(tile, case.now))
    }


def _passed(tile: Tile, now: int) -> bool:
    """Tell whether a flip lies behind; a renewal folds it in, so that tiles do not grow."""
    return any(flip.at <= now for flip in tile.next.values())


def _changed(case: Situation, tiles: Mapping[str, Tile]) -> frozenset[str]:
    before = case.pushed.desired.tiles.keys() if case.pushed else frozenset[str]()
    fresh = {position for position, tile in tiles.items() if (tile.epoch, tile.rev) == case.order}
    return frozenset(fresh | (before - tiles.keys()))


def _fitted(case: Situation) -> _Drawn:
    """Draw in as many flips as fit; at least the one that ends what is shown."""
    drawn = _drawn(case, MAX_FLIPS)
    for flips in range(MAX_FLIPS - 1, 0, -1):
        if _size(drawn) <= _ROOM:
            break
        drawn = _drawn(case, flips)
    return drawn


def _size(drawn: _Drawn) -> int:
    return sum(
        len(position) + wire.twin_size(wire.words(Tile.of(0, 1, showings)))
        for position, showings in drawn.showings.items()
    )


def _drawn(case: Situation, flips: int) -> _Drawn:
    covers_until = case.now + case.terms.horizon
    tiles = {}
    for position, showings in sorted(case.wanted.showings.items()):
        ahead = _ahead(showings, case.now)
        near = sum(s.since is None or s.since < case.now + case.terms.horizon for s in ahead)
        taken = max(2, min(near, flips + 1))
        tiles[position] = ahead[:taken]
        left_out = [s.since for s in ahead[taken:] if s.since is not None]
        covers_until = min([covers_until, *left_out])
    return _Drawn(tiles, covers_until)


def _ahead(showings: Sequence[Showing], now: int) -> list[Showing]:
    return [
        Showing(since=since if since > now else None, tpl=tpl, content=content)
        for since, tpl, content in timeline(showings, now, _FAR)
    ]


def _due_at(case: Situation, covers_until: int) -> int:
    """Renew in the daily slot, or early where flips did not fit: before the first left out."""
    early = min(HOUR, (covers_until - case.now + 1) // 2)
    return min(renewal_at(case.device, case.now, case.terms), covers_until - early)


_FAR = 2**40
_ROOM = wire.MAX_SECTION_BYTES - 2048
"""What tiles may take beside store, bundle, keys and seal."""
