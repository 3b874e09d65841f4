"""Which picture hangs on a glass: the frame that a device acks, against the one drawn here.

Frames compare only between equal renderers. Where they do, the frame says which of a tile's
showings hangs, whatever the device's clock says, and a frame that is none of them is not what was
sent. Where they do not, price and instant must do, and the tile is shown but unproved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from label_templates.contract.tile import Showing, Tile
from label_templates.contract.twin import TileAck

Draw = Callable[[Showing], str | None]
"""Draws a showing on the tile's panel and returns its frame's digest; None: it cannot be drawn."""


@dataclass(frozen=True)
class Verdict:
    """What an ack means."""

    proved: bool
    since: int | None
    """The flip that began what hangs there; None: what the revision began with."""
    holds_until: int | None
    """The flip that will change the picture."""
    misdrawn: bool = False
    """The picture is none of the tile's."""


def judge(tile: Tile | None, ack: TileAck, draw: Draw | None) -> Verdict:
    """Say what hangs, by the tile's words at the acked revision.

    No words: they are not known here any more. No draw: the device draws with another renderer.
    """
    if tile is None:
        return Verdict(proved=False, since=None, holds_until=None)
    showings = tile.showings()
    if draw is None:
        place = _by_price(tile, showings, ack)
        return Verdict(False, showings[place].since, _next_flip(showings, place))
    return _by_frame(tile, showings, ack, draw)


def _by_frame(tile: Tile, showings: Sequence[Showing], ack: TileAck, draw: Draw) -> Verdict:
    likely = showings.index(tile.showing_at(ack.at))
    order = sorted(range(len(showings)), key=lambda place: (place != likely, place))
    matching = next((place for place in order if draw(showings[place]) == ack.frame), None)
    if matching is None:
        return Verdict(False, showings[likely].since, _next_flip(showings, likely), misdrawn=True)
    later = (s for s in showings[matching + 1 :] if draw(s) != ack.frame)
    return Verdict(True, showings[matching].since, next((s.since for s in later), None))


def _by_price(tile: Tile, showings: Sequence[Showing], ack: TileAck) -> int:
    likely = showings.index(tile.showing_at(ack.at))
    if showings[likely].content.price == ack.price:
        return likely
    same = (place for place, s in enumerate(showings) if s.content.price == ack.price)
    return next(same, likely)


def _next_flip(showings: Sequence[Showing], place: int) -> int | None:
    return showings[place + 1].since if place + 1 < len(showings) else None
