"""What shelves confirm, and what is made of it."""

from cloud_service.delivery.reconcile import DAY, HOUR
from label_templates.contract.twin import SealAck
from tests.book import as_csv
from tests.integration.delivery.chain import DEVICE, P1, P2, STORE, Chain


def converged(chain: Chain) -> Chain:
    """Bring the shelf to show all it was sent."""
    chain.connect()
    chain.rounds.run_once()
    chain.confirm()
    chain.look()
    assert chain.states() == {P1: "shown", P2: "shown"}
    return chain


def test_a_tile_waits_for_the_dispatcher_then_for_the_shelf_then_is_shown(chain: Chain) -> None:
    assert chain.why(P1) == "waiting for the dispatcher"
    chain.rounds.run_once()
    assert chain.why(P1) == "the device is offline; it will catch up when it is back"
    chain.connect()
    chain.look()
    assert chain.why(P1) == "sent, the shelf has not confirmed it yet"
    chain.confirm()
    chain.look()
    shown = chain.services.tile(store=STORE, position=P1)
    assert (shown.state, shown.why, shown.proved, shown.shown_price) == ("shown", None, True, 499)
    assert shown.image == shown.wanted_image


def test_what_hangs_stays_pictured_while_the_new_price_is_pending(chain: Chain) -> None:
    converged(chain)
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    tile = chain.services.tile(store=STORE, position=P1)
    assert (tile.state, tile.shown_price, tile.wanted_price) == ("pending", 499, 333)
    hanging = chain.services.tile_image(store=STORE, position=P1)
    assert hanging is not None
    assert hanging[0].digest() == tile.image != tile.wanted_image
    assert chain.states()[P2] == "shown"


def test_what_happens_to_tiles_and_devices_is_told(chain: Chain) -> None:
    start = chain.services.last_event_id()
    converged(chain)
    assert chain.kinds(start) == [
        "tile.pending", "tile.pending", "device.connected", "tile.shown", "tile.shown",
    ]  # fmt: skip
    start = chain.services.last_event_id()
    chain.disconnect()
    chain.look()
    assert chain.kinds(start) == ["device.disconnected"]
    assert chain.services.status().connected == 0


def test_a_tile_that_could_not_be_shown_is_failed_and_says_why(chain: Chain) -> None:
    chain.connect()
    chain.rounds.run_once()
    chain.confirm(state="failed", why="the panel does not answer", epoch=0, rev=0, price=None,
                  frame=None)  # fmt: skip
    chain.look()
    assert chain.states() == {P1: "failed", P2: "failed"}
    assert chain.why(P1) == "the panel does not answer"
    assert chain.services.status().failed == 2


def test_a_picture_that_was_not_sent_is_a_failure(chain: Chain) -> None:
    chain.connect()
    chain.rounds.run_once()
    chain.confirm(frame="0" * 32)
    chain.look()
    assert chain.why(P1) == "what hangs on the shelf is not the picture that was sent"
    assert chain.states()[P1] == "failed"


def test_a_frame_of_another_renderer_is_shown_but_unproved(chain: Chain) -> None:
    chain.connect()
    chain.rounds.run_once()
    reported = chain.acked(chain.desired(), frame="0" * 32)
    chain.report(reported.model_copy(update={"renderer": "1" * 32}))
    chain.look()
    tile = chain.services.tile(store=STORE, position=P1)
    assert (tile.state, tile.proved) == ("shown", False)


def test_a_flip_makes_the_shelf_owe_another_confirmation(chain: Chain) -> None:
    row = {
        "sku": "1001", "name": "Coffee", "price": "4.99", "special_price": "3.99",
        "special_from": "2026-11-23T06:00", "special_until": "2026-11-23T20:00",
    }  # fmt: skip
    chain.services.import_prices(store=STORE, source=as_csv([row]), format="csv", actor="test")
    converged(chain)
    chain.pass_time(8 * HOUR)  # the price has flipped at 06:00 in Zagreb
    tile = chain.services.tile(store=STORE, position=P1)
    assert (tile.state, tile.wanted_price, tile.shown_price) == ("pending", 399, 499)
    assert tile.why == "the shelf has not confirmed the change that was due"
    assert chain.rounds.run_once() == 0  # nothing to send: the shelf flips by itself
    chain.confirm()
    chain.look()
    assert chain.services.tile(store=STORE, position=P1).shown_price == 399
    assert chain.states() == {P1: "shown", P2: "shown"}


def test_a_refused_push_is_named_and_written_anew(chain: Chain) -> None:
    converged(chain)
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    refusing = chain.acked(chain.desired()).model_copy(
        update={
            "seal": SealAck(epoch=0, rev=1, keys=1, refused="no such bundle", refused_rev=2),
            "tiles": {},
        }
    )
    chain.report(refusing)
    chain.look()
    assert chain.why(P1) == "the shelf refuses what it was sent: no such bundle"
    assert chain.states()[P1] == "failed"
    chain.rounds.run_once()
    assert chain.desired().seal.rev == 3
    chain.confirm()
    chain.look()
    assert chain.states() == {P1: "shown", P2: "shown"}


def test_a_device_that_goes_on_refusing_is_written_less_and_less_often(chain: Chain) -> None:
    chain.connect()
    chain.rounds.run_once()
    for _ in range(60):
        rev = chain.desired().seal.rev
        refusing = chain.acked(chain.desired()).model_copy(
            update={"seal": SealAck(epoch=0, rev=0, keys=1, refused="no", refused_rev=rev)}
        )
        chain.report(refusing)
        chain.look()
        chain.rounds.run_once()
    assert chain.desired().seal.rev < 9


def test_a_report_that_cannot_be_read_changes_nothing(chain: Chain) -> None:
    converged(chain)
    chain.send_report({"tiles": {P1: {"rev": "x"}}})
    chain.look()
    assert chain.states() == {P1: "shown", P2: "shown"}


def test_an_older_ack_read_late_changes_nothing(chain: Chain) -> None:
    converged(chain)
    early = chain.acked(chain.desired())
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    chain.pass_time(60)
    chain.confirm()
    chain.look()
    chain.report(early)
    chain.look()
    assert chain.services.tile(store=STORE, position=P1).shown_price == 333


def test_acks_survive_a_restart_of_the_dispatcher(chain: Chain) -> None:
    converged(chain)
    chain.set_price("1001", 333)
    chain.rounds.run_once()
    chain.confirm()
    restarted = type(chain.watch)(
        chain.services.storage, chain.clock, chain.acks, chain.reader, sweep_s=3.0
    )
    restarted.run_once()
    assert chain.states() == {P1: "shown", P2: "shown"}
    restarted.close()


def test_a_shelf_that_was_silent_past_its_lease_counts_as_stale(chain: Chain) -> None:
    converged(chain)
    chain.disconnect()
    chain.pass_time(4 * DAY)
    chain.look()
    [device] = chain.services.devices(store=STORE)
    assert (device.id, device.connected, device.stale) == (DEVICE, False, True)


def test_a_product_without_price_is_said_to_have_none(chain: Chain) -> None:
    converged(chain)
    chain.hang((P2, "9999"))
    chain.rounds.run_once()
    chain.confirm()
    chain.look()
    assert chain.why(P2) == "the product has no price in this store"
    assert chain.services.status().pending == 1
