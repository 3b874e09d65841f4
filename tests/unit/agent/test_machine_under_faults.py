"""Whatever the network, the power, the panels and the clock do, a shelf ends where it must.

At every step: no glass goes back to an older revision (the rig asserts it), none shows a price
that was never sealed for that position, or drawn with another template bundle. When the faults
stop, every tile shows what the twin says for that instant, and the hub knows it.
"""

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from label_templates.contract import wire
from shelf_agent.machine import events as on
from tests.unit.agent.cloud import BUNDLE, FIRST, SECOND, THIRD, Twin, device, sealed, tile
from tests.unit.agent.rig import Rig

if TYPE_CHECKING:
    from label_templates.contract.tile import Tile
    from label_templates.contract.wire import Document

PANELS = {FIRST: "epd-2.9-bw", SECOND: "epd-2.9-bwr", THIRD: "lcd-st7789"}
PRICES = st.integers(1, 999)
POSITIONS = st.sampled_from(sorted(PANELS))
BUNDLES = (BUNDLE, "sha256:" + "1" * 64, "sha256:" + "2" * 64)


class ShelfUnderFaults(RuleBasedStateMachine):
    """A cloud that pushes, and everything that may go wrong between it and the glass."""

    @initialize()
    def begin(self) -> None:
        self.rig = Rig(Twin(), device(PANELS))
        self.rev = 0
        self.drawn_with = BUNDLE
        self.tiles: dict[str, Tile] = {}
        self.sealed: dict[str, set[tuple[int, str]]] = {name: set() for name in PANELS}
        self.held_back: list[Document] = []
        self.heard: list[Document] = []
        self.rig.connect()

    @rule(position=POSITIONS, price=PRICES, flips=st.dictionaries(
        st.integers(1, 20_000), PRICES, max_size=2), arrives=st.booleans())  # fmt: skip
    def push(self, position: str, price: int, flips: dict[int, int], arrives: bool) -> None:
        self.rev += 1
        later = {int(self.rig.time) + after: other for after, other in flips.items()}
        self.tiles = {**self.tiles, position: tile(price, self.rev, later)}
        self._send(arrives)

    @rule(bundle=st.sampled_from(BUNDLES), arrives=st.booleans())
    def use_a_bundle(self, bundle: str, arrives: bool) -> None:
        self.rev += 1
        self.drawn_with = bundle
        anew = {"rev": self.rev}
        self.tiles = {name: shown.model_copy(update=anew) for name, shown in self.tiles.items()}
        self._send(arrives)

    @rule(bundle=st.sampled_from(BUNDLES[1:]), good=st.booleans(), seconds=st.floats(0, 100))
    def serve_a_bundle_or_not(self, bundle: str, good: bool, seconds: float) -> None:
        self.rig.served[bundle] = None if good else "its bytes are not those it is named after"
        self.rig.fetch_s = seconds

    @rule(bundle=st.sampled_from(BUNDLES[1:]))
    def break_a_bundle_on_the_disk(self, bundle: str) -> None:
        self.rig.bundles.discard(bundle)

    @precondition(lambda self: self.tiles)
    @rule(data=st.data(), arrives=st.booleans())
    def take_away(self, data: st.DataObject, arrives: bool) -> None:
        position = data.draw(st.sampled_from(sorted(self.tiles)))
        self.rev += 1
        self.tiles = {name: kept for name, kept in self.tiles.items() if name != position}
        self._send(arrives)

    @rule(data=st.data())
    def deliver_what_was_held_back(self, data: st.DataObject) -> None:
        for patch in data.draw(st.permutations(self.held_back)):
            self._hear(patch)
        self.held_back = []

    @precondition(lambda self: self.heard)
    @rule(data=st.data())
    def deliver_again(self, data: st.DataObject) -> None:
        self._hear(data.draw(st.sampled_from(self.heard)))

    @rule()
    def connect(self) -> None:
        if not self.rig.connected:
            self.held_back = []
            self.rig.connect()

    @rule()
    def lose_the_network(self) -> None:
        if self.rig.connected:
            self.rig.cut()

    @rule(seconds=st.floats(0, 20_000))
    def wait(self, seconds: float) -> None:
        self.rig.run(seconds)

    @rule(seconds=st.floats(0, 3))
    def wait_a_moment(self, seconds: float) -> None:
        self.rig.run(seconds)

    @rule(glass_finishes=st.booleans(), bare=st.frozensets(POSITIONS))
    def cut_the_power(self, glass_finishes: bool, bare: frozenset[str]) -> None:
        self.rig.start(bare, glass_finishes=glass_finishes)

    @rule(effects=st.integers(1, 12))
    def cut_the_power_after_so_many_effects(self, effects: int) -> None:
        self.rig.fuse = effects

    @rule(position=POSITIONS, works=st.booleans())
    def break_or_mend_a_panel(self, position: str, works: bool) -> None:
        self.rig.broken.pop(position, None)
        if not works:
            self.rig.broken[position] = "broken"

    @rule(deaf=st.booleans())
    def deafen_the_hub(self, deaf: bool) -> None:
        self.rig.hub_deaf = deaf

    @rule(seconds=st.sampled_from([-100_000.0, -10.0, 0.0]))
    def set_the_clock_back(self, seconds: float) -> None:
        self.rig.clock_error = seconds

    @rule(position=st.none() | POSITIONS)
    def redraw(self, position: str | None) -> None:
        self.rig.feed(on.RedrawAsked(position))

    @invariant()
    def nothing_unsealed_hangs(self) -> None:
        for position, glass in self.rig.glass.items():
            assert glass.price is None or (glass.price, glass.bundle) in self.sealed[position]

    @override
    def teardown(self) -> None:
        """Stop all faults, let everything settle, and look."""
        rig = self.rig
        rig.fuse = None
        rig.broken.clear()
        rig.hub_deaf = False
        rig.clock_error = 0.0
        rig.served = dict.fromkeys(BUNDLES)
        if self.held_back and rig.connected:
            rig.cut()  # a patch is lost only with its connection
        if not rig.connected:
            rig.connect()
        rig.run(8000)
        wanted = {name: shown.showing_at(int(rig.time)) for name, shown in self.tiles.items()}
        prices = {name: showing.content.price for name, showing in wanted.items()}
        hanging = {name: price for name, price in rig.prices().items() if price is not None}
        assert hanging == prices
        assert {rig.glass[name].bundle for name in hanging} <= {self.drawn_with}
        if self.rev:
            reported = wire.read_reported(rig.twin.reported)
            assert reported.seal.rev == self.rev
            assert (reported.seal.refused, reported.seal.lacks) == (None, None)
            assert reported.seal.bundle == self.drawn_with
            assert {ack.state for ack in reported.tiles.values()} <= {"shown"}
            assert {name: ack.price for name, ack in reported.tiles.items()} == prices

    def _send(self, arrives: bool) -> None:
        until = int(self.rig.time) + 72 * 3600
        state = sealed(self.tiles, self.rev, until=until, bundle=self.drawn_with)
        for position, shown in self.tiles.items():
            prices = {showing.content.price for showing in shown.showings()}
            self.sealed[position] |= {(price, self.drawn_with) for price in prices}
        patch = self.rig.twin.push(state)
        if arrives:
            self._hear(patch)
        else:
            self.held_back.append(patch)

    def _hear(self, patch: "Document") -> None:
        if self.rig.connected:
            self.heard.append(patch)
            self.rig.feed(on.PatchReceived(patch))


def test_a_shelf_converges_after_any_faults_and_never_shows_what_it_must_not() -> None:
    run_state_machine_as_test(
        ShelfUnderFaults, settings=settings(max_examples=60, stateful_step_count=40)
    )
