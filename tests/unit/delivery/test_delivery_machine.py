"""One device's delivery through any order of edits, crashes, meddling, refusals and restores."""

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cloud_service.delivery.reconcile import HOUR, Heard, Order, Wanted, Write
from label_templates.contract import wire
from tests.unit.delivery.words import BUNDLE, POSITIONS, STORE, Delivery, showing

if TYPE_CHECKING:
    from label_templates.contract.tile import Tile
    from label_templates.contract.wire import Document


class DeliveryMachine(RuleBasedStateMachine):
    """The dispatcher's steps by hand: decide and store, send, settle; the twin is a document."""

    @initialize()
    def begin(self) -> None:
        self.delivery = Delivery()
        self.wish = Wanted(STORE, BUNDLE, {})
        self.twin: Document = {}
        self.shelf: Order = (0, 0)
        """The newest seal that the shelf took."""
        self.stored: Write | None = None
        """Stored, but not sent or not known to have arrived."""
        self.given: dict[tuple[str, Order], Tile] = {}
        self.seals: dict[Order, Document] = {}

    @rule(place=st.sampled_from(POSITIONS), price=st.integers(1, 3), flip=st.integers(0, 120))
    def edit(self, place: str, price: int, flip: int) -> None:
        now = self.delivery.now
        later = [showing(price + 1, now + flip * HOUR)] if flip else []
        tiles = {**self.wish.showings, place: [showing(price), *later]}
        self.wish = replace(self.wish, showings=tiles)

    @rule(place=st.sampled_from(POSITIONS))
    def take_away(self, place: str) -> None:
        tiles = {
            position: what for position, what in self.wish.showings.items() if position != place
        }
        self.wish = replace(self.wish, showings=tiles)

    @rule(hours=st.integers(1, 60))
    def pass_time(self, hours: int) -> None:
        self.delivery.now += hours * HOUR

    @rule()
    def decide_and_store(self) -> None:
        write = self.delivery.plan(self.wish)
        if write is None:
            return
        self._give(write)
        before = self.delivery.pushed
        if write.patch is not None:
            assert before is not None
            assert before.believed
            assert wire.merged(self.twin, write.patch) == wire.words(write.desired)
        self.stored = self.delivery.take(write, believed=False)

    @precondition(lambda self: self.stored is not None)
    @rule(answered=st.booleans())
    def send(self, answered: bool) -> None:
        assert self.stored is not None
        self.twin = wire.words(self.stored.desired)
        if answered:
            self.delivery.take(self.stored)
            self.stored = None

    @precondition(lambda self: self.twin != {})
    @rule()
    def shelf_takes(self) -> None:
        self.shelf = max(self.shelf, wire.read_desired(self.twin).seal.order)
        self.delivery.heard = Heard(self.shelf)

    @precondition(lambda self: self.delivery.pushed is not None)
    @rule()
    def shelf_refuses(self) -> None:
        assert self.delivery.pushed is not None
        rev = self.delivery.pushed.desired.seal.rev
        self.delivery.heard = Heard(self.shelf, refused_rev=rev)

    @precondition(lambda self: self.delivery.pushed is not None)
    @rule()
    def somebody_meddles(self) -> None:
        """The etag shows it, so nothing is believed any more."""
        self.twin = {}
        self.delivery.doubt()

    @rule()
    def restore(self) -> None:
        """The database forgets; its epoch is raised."""
        self.delivery.pushed = None
        self.delivery.heard = Heard()
        self.stored = None
        self.delivery.epoch += 1

    @invariant()
    def a_calm_round_converges(self) -> None:
        calm = replace(self.delivery)
        if (write := calm.plan(self.wish)) is not None:
            calm.take(write)
            assert write.order > self.shelf or write.desired.seal.order in self.seals
        assert calm.plan(self.wish) is None
        assert calm.pushed is not None
        for position, showings in self.wish.showings.items():
            shown = calm.pushed.desired.tiles[position].showing_at(calm.now)
            wanted = [s for s in showings if s.since is None or s.since <= calm.now][-1]
            assert shown.content == wanted.content

    def _give(self, write: Write) -> None:
        """A revision means one thing, for the device and for each of its tiles."""
        words = wire.words(write.desired)
        assert self.seals.setdefault(write.order, words) == words
        for position, tile in write.desired.tiles.items():
            key = position, (tile.epoch, tile.rev)
            assert self.given.setdefault(key, tile) == tile


TestDelivery = DeliveryMachine.TestCase
