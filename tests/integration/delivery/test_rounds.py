"""The dispatcher's rounds on a real database: crashes between steps, others who write, outages."""

from collections.abc import Iterator

import pytest
from typing_extensions import override

from cloud_service.catalog.devices import mark_again
from cloud_service.delivery import pushed
from cloud_service.delivery.dispatcher import Dispatcher
from cloud_service.delivery.errors import HubUnreachable
from cloud_service.delivery.reconcile import DAY, HOUR
from cloud_service.delivery.tables import DeliveryRow
from cloud_service.delivery.twins import DeviceTwin, TwinHead
from label_templates.contract.wire import Document
from simulators.world.network import ServiceLine
from tests.integration.delivery.chain import DEVICE, OTHER, P1, P2, STORE, Chain


class Silent(ServiceLine):
    """A hub whose answers to writes are lost on the way back."""

    @override
    def patch(self, device: str, patch: Document, etag: str) -> str:
        super().patch(device, patch, etag)
        raise HubUnreachable("no answer")

    @override
    def replace(self, twin: DeviceTwin, desired: Document) -> str:
        super().replace(twin, desired)
        raise HubUnreachable("no answer")


def test_a_planned_device_gets_its_tiles(chain: Chain) -> None:
    assert chain.rounds.run_once() == 1
    assert chain.prices() == {P1: 499, P2: 249}
    assert chain.rounds.run_once() == 0


def test_ten_edits_become_one_write(chain: Chain) -> None:
    chain.rounds.run_once()
    before = chain.twins.read(DEVICE).head
    for amount in range(100, 110):
        chain.set_price("1001", amount)
    chain.rounds.run_once()
    assert chain.prices()[P1] == 109
    assert chain.desired().seal.rev == 2
    assert chain.twins.read(DEVICE).head.version == before.version + 1


def test_an_edit_that_changes_no_tile_sends_nothing(chain: Chain) -> None:
    chain.rounds.run_once()
    chain.confirm()
    chain.look()
    etag = chain.twins.read(DEVICE).head.etag
    chain.set_price("1001", 500)
    chain.set_price("1001", 499)
    assert chain.states()[P1] == "pending"
    assert chain.rounds.run_once() == 1
    assert chain.twins.read(DEVICE).head.etag == etag
    assert chain.states() == {P1: "shown", P2: "shown"}


def test_a_crash_after_claiming_leaves_the_device_to_the_next_when_the_lease_ends(
    chain: Chain,
) -> None:
    chain.rounds.claim()
    other = chain.new_rounds()
    assert other.run_once() == 0
    chain.pass_time(31)
    assert other.run_once() == 1
    assert chain.prices() == {P1: 499, P2: 249}
    other.close()


def test_a_crash_between_storing_and_sending_leads_to_the_same_words_again(chain: Chain) -> None:
    jobs = chain.rounds.prepare(chain.rounds.claim())
    chain.pass_time(31)
    chain.rounds.run_once()
    assert jobs[0].write is not None
    assert chain.desired() == jobs[0].write.desired


def test_an_edit_after_such_a_crash_never_reuses_the_revision(chain: Chain) -> None:
    chain.rounds.prepare(chain.rounds.claim())
    chain.set_price("1001", 333)
    chain.pass_time(31)
    chain.rounds.run_once()
    assert chain.desired().seal.rev == 2
    assert chain.desired().tiles[P1].rev == 2


def test_a_crash_between_sending_and_settling_writes_nothing_twice(chain: Chain) -> None:
    chain.rounds.send(chain.rounds.prepare(chain.rounds.claim()))
    before = chain.twins.read(DEVICE)
    chain.pass_time(31)
    chain.rounds.run_once()
    assert chain.twins.read(DEVICE) == before
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    assert chain.prices()[P1] == 333


def test_a_lost_answer_is_found_out_by_reading(chain: Chain) -> None:
    deaf = chain.new_rounds(Silent(chain.network))
    deaf.run_once()
    before = chain.twins.read(DEVICE)
    chain.pass_time(2)
    chain.rounds.run_once()
    assert chain.twins.read(DEVICE) == before
    assert chain.rounds.run_once() == 0
    deaf.close()


def test_a_twin_that_others_wrote_is_replaced_whole(chain: Chain) -> None:
    chain.rounds.run_once()
    chain.network.meddle(DEVICE, {"tiles": {P2: None}, "mine": 1})
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    assert chain.prices() == {P1: 333, P2: 249}
    assert "mine" not in chain.twins.read(DEVICE).desired


def test_a_drifted_twin_is_noticed_without_an_edit(chain: Chain) -> None:
    chain.rounds.run_once()
    chain.network.meddle(DEVICE, {"tiles": {P2: {"now": {"price": 1}}}})
    chain.look()
    chain.rounds.run_once()
    assert chain.prices() == {P1: 499, P2: 249}


def test_tags_that_others_wrote_stay_and_cost_no_push(chain: Chain) -> None:
    chain.rounds.run_once()
    version = chain.desired().seal.rev
    chain.network.tag(DEVICE, {"aisle": "7"})
    chain.look()
    assert chain.rounds.run_once() == 0
    chain.network.meddle(DEVICE, {"mine": 1})
    chain.look()
    chain.rounds.run_once()
    twin = chain.twins.read(DEVICE)
    assert twin.tags == {"aisle": "7"}
    assert "mine" not in twin.desired
    assert chain.desired().seal.rev == version


def test_a_recreated_device_gets_everything_anew(chain: Chain) -> None:
    chain.rounds.run_once()
    chain.network.recreate(DEVICE)
    chain.look()
    chain.rounds.run_once()
    assert chain.prices() == {P1: 499, P2: 249}


def test_a_device_that_the_hub_does_not_know_is_named(chain: Chain) -> None:
    chain.hang(("b02-s1-p01", "1003"), device="pi-0204-99")
    chain.rounds.run_once()
    assert chain.prices() == {P1: 499, P2: 249}  # the others are not held up
    lost = chain.services.tile(store=STORE, position="b02-s1-p01")
    assert lost.state == "failed"
    assert lost.why == "pi-0204-99: the hub does not know this device"
    chain.network.add("pi-0204-99")
    chain.pass_time(10)
    chain.rounds.run_once()
    assert chain.prices("pi-0204-99") == {"b02-s1-p01": 119}


def test_a_failure_that_passed_is_forgotten(chain: Chain) -> None:
    chain.connect()
    chain.rounds.run_once()
    chain.confirm()
    chain.look()
    with chain.services.storage.begin() as unit:
        pushed.fail(unit, DEVICE, "its tiles do not fit", 1, grave=True)
        mark_again(unit, [DEVICE], chain.clock.now())
    chain.set_price("1001", 1)
    chain.set_price("1001", 499)
    assert chain.why(P1) == "its tiles do not fit"
    chain.rounds.run_once()
    assert chain.states() == {P1: "shown", P2: "shown"}
    assert chain.services.status().failed == 0


def test_a_device_whose_stored_state_is_damaged_is_named_and_the_others_go_on(
    chain: Chain,
) -> None:
    chain.rounds.run_once()
    chain.hang(("b01-s1-p03", "1003"), device=OTHER)
    with chain.services.storage.begin() as unit:
        unit.get_one(DeliveryRow, DEVICE).desired = '{"schema": 1}'
    chain.set_price("1001", 111)
    chain.rounds.run_once()
    assert chain.prices(OTHER) == {"b01-s1-p03": 119}
    assert chain.prices() == {P1: 499, P2: 249}
    assert chain.states()[P1] == "failed"
    assert "its tiles cannot be worked out" in str(chain.why(P1))
    assert chain.rounds.run_once() == 0  # left alone for a while


def test_a_loop_that_breaks_ends_the_dispatcher(chain: Chain) -> None:
    class Broken(ServiceLine):
        @override
        def heads(self) -> Iterator[TwinHead]:
            raise RuntimeError("unforeseen")

    dispatcher = Dispatcher(
        chain.services.storage, chain.clock, chain.keyring, Broken(chain.network), chain.settings
    )
    with pytest.raises(RuntimeError, match="unforeseen"):
        dispatcher.run()


def test_a_hub_that_is_down_is_left_alone_and_then_caught_up(chain: Chain) -> None:
    class Down(ServiceLine):
        calls = 0

        @override
        def read(self, device: str) -> DeviceTwin:
            self.calls += 1
            raise HubUnreachable(f"{device}: the hub does not answer")

    down = Down(chain.network)
    rounds = chain.new_rounds(down)
    for _ in range(50):
        rounds.run_once()
    assert down.calls == 1  # no busy loop
    assert chain.why(P1) == f"{DEVICE}: the hub does not answer"
    chain.pass_time(5)
    chain.rounds.run_once()
    assert chain.prices() == {P1: 499, P2: 249}
    rounds.close()


def test_the_lease_is_renewed_once_a_day_without_touching_tiles(chain: Chain) -> None:
    chain.rounds.run_once()
    first = chain.desired()
    for _ in range(3 * 24):
        chain.pass_time(HOUR)
        chain.rounds.run_once()
    last = chain.desired()
    assert last.tiles == first.tiles
    assert 2 <= last.seal.rev - first.seal.rev <= 3
    assert last.seal.until > chain.clock.now() + 36 * HOUR


def test_a_product_taken_off_its_position_vanishes_from_the_twin(chain: Chain) -> None:
    chain.rounds.run_once()
    chain.hang((P2, None))
    chain.rounds.run_once()
    assert chain.prices() == {P1: 499}


def test_a_restored_database_overtakes_what_it_has_forgotten(chain: Chain) -> None:
    chain.rounds.run_once()
    with chain.services.storage.read() as unit:
        yesterday = unit.get_one(DeliveryRow, DEVICE).desired
    chain.set_price("1001", 111)
    chain.rounds.run_once()
    with chain.services.storage.begin() as unit:
        unit.get_one(DeliveryRow, DEVICE).desired = yesterday
        epoch = pushed.raise_epoch(unit, chain.clock.now())
    chain.set_price("1001", 222)
    chain.rounds.run_once()
    assert chain.desired().seal.order == (epoch, 2)
    assert {(t.epoch, t.rev) for t in chain.desired().tiles.values()} == {(epoch, 2)}


def test_a_dispatcher_that_lost_its_claim_does_not_go_back(chain: Chain) -> None:
    slow = chain.rounds.prepare(chain.rounds.claim())
    chain.set_price("1001", 333)
    chain.pass_time(31)
    other = chain.new_rounds()
    other.run_once()
    chain.rounds.settle(chain.rounds.send(slow))
    assert chain.prices()[P1] == 333
    chain.pass_time(DAY)
    other.run_once()
    assert chain.prices()[P1] == 333
    other.close()


@pytest.mark.parametrize("step", ["claim", "prepare", "send"])
def test_whatever_step_a_crash_hits_the_next_dispatcher_converges(chain: Chain, step: str) -> None:
    chain.rounds.run_once()
    chain.set_price("1002", 1)
    claims = chain.rounds.claim()
    if step != "claim":
        jobs = chain.rounds.prepare(claims)
        if step == "send":
            chain.rounds.send(jobs)
    chain.set_price("1001", 2)
    chain.pass_time(31)
    restarted = chain.new_rounds()
    restarted.run_once()
    assert chain.prices() == {P1: 2, P2: 1}
    restarted.close()
