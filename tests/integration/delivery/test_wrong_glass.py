"""What hangs on a glass that has gone its own way, and whether it is told so."""

from cloud_service.delivery.reconcile import HOUR
from tests.book import as_csv
from tests.integration.delivery.chain import DEVICE, P1, P2, STORE, Chain
from tests.integration.delivery.test_acks import converged

MORNING = {
    "sku": "1001", "name": "Coffee", "price": "4.99", "special_price": "3.99",
    "special_from": "2026-11-23T06:00", "special_until": "2026-11-23T20:00",
}  # fmt: skip


def test_a_shelf_that_shows_a_change_before_its_time_is_not_said_to_show_what_it_should(
    chain: Chain,
) -> None:
    chain.services.import_prices(store=STORE, source=as_csv([MORNING]), format="csv", actor="test")
    converged(chain)
    present = chain.clock.instant
    chain.clock.instant += 8 * HOUR  # only the device's clock, by which it flips and reports
    early = chain.acked(chain.desired())
    chain.clock.instant = present
    chain.report(early)
    chain.look()
    tile = chain.services.tile(store=STORE, position=P1)
    assert (tile.state, tile.wanted_price, tile.shown_price) == ("failed", 499, 399)
    assert tile.why == "the shelf shows a change before its time: its clock is ahead"
    assert chain.states()[P2] == "shown"
    chain.pass_time(8 * HOUR)
    assert chain.states()[P1] == "shown"


def test_a_device_that_lost_all_its_positions_is_told_to_show_nothing(chain: Chain) -> None:
    converged(chain)
    chain.hang((P1, "1001"), (P2, "1002"), device="pi-0204-02")
    chain.rounds.run_once()
    assert chain.desired(DEVICE).tiles == {}


def test_what_a_reinstalled_shelf_shows_counts_though_its_clock_is_behind(chain: Chain) -> None:
    converged(chain)
    chain.pass_time(HOUR)
    present = chain.clock.instant
    chain.clock.instant -= 2 * HOUR
    behind = chain.acked(chain.desired(), state="failed", why="the panel does not answer")
    chain.clock.instant = present
    chain.report(behind)
    chain.look()
    assert chain.states() == {P1: "failed", P2: "failed"}
