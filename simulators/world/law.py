"""What must hold at every step of a world, whatever happens in it.

The law watches from outside: it knows what was ever sealed and sees each glass, and believes
neither the dispatcher nor the agents.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from cloud_service.delivery.reconcile import Order
from label_templates.contract.tile import Showing, Tile, TileContent
from label_templates.contract.twin import Desired, Reported
from simulators.world.book import Place


class Violation(Exception):
    """Something that must never happen has happened."""


@dataclass(frozen=True)
class Hung:
    """What hangs on a glass; without content, bare white."""

    order: Order
    since: int | None
    content: TileContent | None
    tpl: str | None
    frame: str
    bundle: str
    """The template bundle it was drawn with."""


@dataclass
class Law:
    """The invariants."""

    sealed: dict[tuple[str, Order], Desired] = field(default_factory=dict)
    tiles: dict[tuple[Place, Order], Tile] = field(default_factory=dict)
    bundles: dict[tuple[Place, Order], set[str]] = field(default_factory=dict)
    newest: dict[Place, Order] = field(default_factory=dict)

    def on_sealed(self, device: str, desired: Desired) -> None:
        """A revision means one thing for ever, for the device and for each of its tiles."""
        known = self.sealed.setdefault((device, desired.seal.order), desired)
        if (known.bundle, known.tiles) != (desired.bundle, desired.tiles):
            raise Violation(f"{device}: seal {desired.seal.order} was given twice")
        for position, tile in desired.tiles.items():
            order = (tile.epoch, tile.rev)
            first = self.tiles.setdefault(((device, position), order), tile)
            if first != tile:
                raise Violation(f"{device} {position}: revision {order} was given twice")
            self.bundles.setdefault(((device, position), order), set()).add(desired.bundle)

    def any_sealed(self, device: str, rng: Random) -> Desired | None:
        """Return something that was once sealed for a device."""
        theirs = [desired for (owner, _), desired in self.sealed.items() if owner == device]
        return rng.choice(theirs) if theirs else None

    def on_hung(self, place: Place, hung: Hung) -> None:
        """A glass shows only what was sealed for it, and never goes back."""
        if hung.content is None:
            return
        if hung.order < self.newest.get(place, (0, 0)):
            raise Violation(f"{place}: went back from {self.newest[place]} to {hung.order}")
        self.newest[place] = hung.order
        tile = self.tiles.get((place, hung.order))
        if tile is None or (hung.tpl, hung.content) not in _pictures(tile):
            raise Violation(f"{place}: shows what was never sealed for it, {hung.order}")
        if hung.bundle not in self.bundles[place, hung.order]:
            raise Violation(f"{place}: drawn with a bundle it was not sealed for, {hung.order}")

    def on_reported(
        self, device: str, reported: Reported, glasses: Mapping[str, Hung | None]
    ) -> None:
        """A device says `shown` only of what hangs."""
        for position, ack in reported.tiles.items():
            hung = glasses.get(position)
            if ack.state == "shown" and (
                hung is None or (ack.epoch, ack.rev, ack.frame) != (*hung.order, hung.frame)
            ):
                raise Violation(f"{device} {position}: reported {ack}, there hangs {hung}")

    def check_expired(self, place: Place, hung: Hung, since: int) -> None:
        """A running agent leaves no picture whose flip has passed; `since`: with all patience."""
        tile = self.tiles.get((place, hung.order))
        if tile is None or not tile.next or hung.content is None:
            return
        due = tile.showing_at(since)
        if due.since is not None and (hung.since is None or hung.since < due.since):
            shows = hung.content.price
            raise Violation(f"{place}: shows {shows}, which was over at {due.since}")

    def check_settled(
        self, place: Place, hung: Hung | None, truth: Showing | None, bundle: str | None
    ) -> None:
        """When all is calm, each glass shows what price resolution says, drawn as it should be.

        No bundle: the store's is not to be had, and prices must come right without it.
        """
        shows = (hung.tpl, hung.content) if hung and hung.content else None
        wanted = (truth.tpl, truth.content) if truth else None
        if shows != wanted:
            raise Violation(f"{place}: shows {_price(shows)}, resolution says {_price(wanted)}")
        if bundle and hung and hung.content and hung.bundle != bundle:
            raise Violation(f"{place}: drawn with {hung.bundle[:9]}, the store uses {bundle[:9]}")


def _pictures(tile: Tile) -> list[tuple[str, TileContent]]:
    return [(showing.tpl, showing.content) for showing in tile.showings()]


def _price(shows: tuple[str | None, TileContent] | None) -> str:
    return "nothing" if shows is None else f"{shows[0]} at {shows[1].price}"
