"""What a shelf does when the cloud, the network, the clock and its panels do what they do."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from label_templates.contract import seal, wire
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired
from shelf_agent.machine import events as on
from tests.unit.agent.cloud import (
    FIRST,
    KEY,
    KEYS,
    LEASE_S,
    MORNING,
    ROOT,
    SECOND,
    STORE,
    THIRD,
    Twin,
    device,
    sealed,
    tile,
)
from tests.unit.agent.rig import Rig

BOTH = {FIRST: tile(199), SECOND: tile(349)}


def hung(tiles: dict[str, Tile] | None = None) -> Rig:
    """A connected shelf that shows what it was sent."""
    rig = Rig(Twin(sealed(tiles or BOTH)))
    rig.connect()
    rig.run(5)
    return rig


def test_a_new_shelf_shows_what_the_twin_says_and_reports_it_once() -> None:
    rig = hung()
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    reported = wire.read_reported(rig.twin.reported)
    assert (reported.seal.epoch, reported.seal.rev, reported.seal.keys) == (0, 1, 1)
    assert {ack.state for ack in reported.tiles.values()} == {"shown"}
    assert reported.tiles[FIRST].price == 199
    assert reported.tiles[FIRST].frame == rig.glass[FIRST].frame


def test_a_push_is_reported_twice_when_panels_are_slow_and_once_when_they_are_not() -> None:
    slow = Rig(Twin(sealed(BOTH)))
    slow.connect()
    slow.run(600)
    assert len(slow.reports) == 2
    assert slow.reports[0].patch["tiles"][FIRST]["state"] == "scheduled"
    quick = Rig(Twin(sealed({FIRST: tile(199)})), device({FIRST: "lcd-st7789"}))
    quick.connect()
    quick.run(600)
    assert len(quick.reports) == 1


def test_a_patch_moves_only_the_tile_that_it_changes() -> None:
    rig = hung()
    rig.push({FIRST: tile(179, rev=2), SECOND: tile(349)}, rev=2)
    rig.run(5)
    assert rig.prices() == {FIRST: 179, SECOND: 349}
    assert len(rig.glass[SECOND].refreshes) == 1
    assert len(rig.reads) == 1


def test_a_restored_database_is_followed_though_its_revisions_begin_again() -> None:
    rig = hung()
    rig.push({FIRST: tile(179, rev=7), SECOND: tile(349)}, rev=7)
    rig.run(5)
    tiles = {FIRST: tile(199), SECOND: tile(349)}
    again = {place: old.model_copy(update={"epoch": 5}) for place, old in tiles.items()}
    rig.push_sealed(sealed(again, 1, epoch=5))
    rig.run(5)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert rig.twin.reported["tiles"][SECOND]["epoch"] == 5
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [3, 1], "only what differs"


def test_a_renewal_with_the_same_tiles_refreshes_nothing_and_is_acknowledged() -> None:
    rig = hung()
    rig.push(BOTH, rev=2)
    rig.run(5)
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [1, 1]
    assert rig.twin.reported["seal"]["rev"] == 2


def test_a_new_revision_that_looks_the_same_is_acknowledged_without_a_refresh() -> None:
    rig = hung()
    rig.push({FIRST: tile(199, rev=2), SECOND: tile(349)}, rev=2)
    rig.run(5)
    assert len(rig.glass[FIRST].refreshes) == 1
    assert rig.twin.reported["tiles"][FIRST]["rev"] == 2


def test_a_patch_heard_twice_changes_nothing() -> None:
    rig = hung()
    patch = rig.twin.push(sealed({FIRST: tile(179, rev=2), SECOND: tile(349)}, rev=2))
    for _ in range(3):
        rig.feed(on.PatchReceived(patch))
    rig.run(5)
    assert rig.prices()[FIRST] == 179
    assert len(rig.reads) == 1


def test_patches_that_change_places_are_put_in_order() -> None:
    rig = hung()
    one = rig.twin.push(sealed({FIRST: tile(179, rev=2), SECOND: tile(349)}, rev=2))
    two = rig.twin.push(sealed({FIRST: tile(179, rev=2), SECOND: tile(299, rev=3)}, rev=3))
    rig.feed(on.PatchReceived(two))
    rig.feed(on.PatchReceived(one))
    rig.run(5)
    assert rig.prices() == {FIRST: 179, SECOND: 299}


def test_a_lost_patch_is_noticed_by_the_next_and_costs_one_read() -> None:
    rig = hung()
    rig.twin.push(sealed({FIRST: tile(179, rev=2), SECOND: tile(349)}, rev=2))
    rig.push({FIRST: tile(179, rev=2), SECOND: tile(299, rev=3)}, rev=3)
    rig.run(5)
    assert rig.prices() == {FIRST: 179, SECOND: 299}
    assert len(rig.reads) == 2


def test_a_tile_that_is_taken_away_leaves_bare_white_and_no_ack() -> None:
    rig = hung()
    rig.push({FIRST: tile(199)}, rev=2)
    rig.run(5)
    assert rig.prices() == {FIRST: 199, SECOND: None}
    assert rig.states() == {FIRST: "shown"}
    assert SECOND not in rig.twin.reported["tiles"]


def test_a_tile_that_comes_back_hangs_again() -> None:
    rig = hung()
    rig.push({FIRST: tile(199)}, rev=2)
    rig.run(5)
    rig.push({FIRST: tile(199), SECOND: tile(399, rev=3)}, rev=3)
    rig.run(5)
    assert rig.prices() == {FIRST: 199, SECOND: 399}


def test_a_tile_for_a_position_without_a_panel_is_reported_as_failed() -> None:
    rig = hung({**BOTH, THIRD: tile(99)})
    ack = rig.twin.reported["tiles"][THIRD]
    assert (ack["state"], ack["rev"]) == ("failed", 0)
    assert "no panel" in ack["why"]


def broken_seal() -> Desired:
    good = sealed({FIRST: tile(1, rev=2), SECOND: tile(349)}, rev=2)
    return good.model_copy(
        update={"tiles": {FIRST: tile(2, rev=2), SECOND: tile(349)}}
    )  # fmt: skip


OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
NEWER = {FIRST: tile(179, rev=2), SECOND: tile(349)}


@pytest.mark.parametrize(
    ("refused", "reason"),
    [
        (broken_seal(), "signature"),
        (sealed(NEWER, 2, key=OTHER), "signature"),
        (sealed(NEWER, 2, kid="k9"), "not in the key list"),
        (sealed(NEWER, 2, to="pi-0204-02"), "signature"),
        (
            sealed(NEWER, 2, keys=seal.sign_keys(OTHER, 2, {"k1": OTHER.public_key()}), key=OTHER),
            "root",
        ),
        (sealed(NEWER, 1), "came twice with different content"),
        (sealed({**BOTH, FIRST: tile(1)}, 2), "came twice with different content"),
    ],
    ids=[
        "broken", "other key", "unlisted key", "other device", "forged key list",
        "same revision, other content", "same tile revision, other content",
    ],
)  # fmt: skip
def test_what_is_refused_leaves_the_shelf_as_it_was_and_is_named(
    refused: Desired, reason: str
) -> None:
    rig = hung()
    rig.push_sealed(refused)
    rig.run(30)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    reported = wire.read_reported(rig.twin.reported)
    assert reported.seal.refused is not None
    assert reason in reported.seal.refused
    assert (reported.seal.rev, reported.seal.refused_rev) == (1, refused.seal.rev)
    assert len(rig.reads) == 2, "only a whole twin is refused"


def test_an_older_state_is_refused() -> None:
    rig = hung()
    rig.push(NEWER, rev=2)
    rig.run(5)
    rig.push_sealed(sealed(BOTH, rev=1))
    rig.run(30)
    assert rig.prices()[FIRST] == 179
    assert "older" in rig.twin.reported["seal"]["refused"]


def test_a_newer_seal_with_an_older_tile_is_refused() -> None:
    rig = hung()
    rig.push(NEWER, rev=2)
    rig.run(5)
    rig.push(BOTH, rev=3)
    rig.run(30)
    assert rig.prices()[FIRST] == 179
    assert f"{FIRST}: revision 0.1 is older than 0.2" in rig.twin.reported["seal"]["refused"]


def test_garbage_in_the_twin_is_refused_with_the_field_named() -> None:
    rig = hung()
    rig.feed(on.PatchReceived(rig.twin.patch({"tiles": {FIRST: {"now": {"price": "cheap"}}}})))
    rig.run(30)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert f"tiles.{FIRST}.now.price" in rig.twin.reported["seal"]["refused"]


def test_an_emptied_twin_leaves_the_shelf_as_it_was() -> None:
    rig = hung()
    rig.feed(on.PatchReceived(rig.twin.patch(dict.fromkeys(rig.twin.desired))))
    rig.run(30)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert "empty" in rig.twin.reported["seal"]["refused"]


def test_a_good_push_ends_a_refusal() -> None:
    rig = hung()
    rig.push_sealed(broken_seal())
    rig.run(30)
    rig.push({FIRST: tile(179, rev=3), SECOND: tile(349)}, rev=3)
    rig.run(5)
    assert rig.prices()[FIRST] == 179
    assert "refused" not in rig.twin.reported["seal"]


def test_a_twin_that_stays_broken_is_read_less_and_less_often() -> None:
    rig = hung()
    for rev in range(2, 40):
        broken = sealed({FIRST: tile(rev, rev=rev), SECOND: tile(349)}, rev, key=OTHER)
        rig.push_sealed(broken)
        rig.run(1)
    assert len(rig.reads) <= 8


def test_a_version_that_never_comes_does_not_cause_reads_for_ever() -> None:
    rig = hung()
    rig.feed(on.PatchReceived({"tiles": {}, "$version": 10**9}))
    rig.run(3600)
    assert len(rig.reads) <= 6


def test_a_twin_without_any_plan_is_no_fault() -> None:
    rig = Rig(Twin())
    rig.connect()
    rig.run(5)
    assert "refused" not in rig.twin.reported["seal"]
    assert rig.twin.reported["seal"]["rev"] == 0
    assert rig.prices() == {FIRST: None, SECOND: None}


def test_a_newer_key_list_is_taken_and_reported_even_when_its_state_is_refused() -> None:
    rig = hung()
    keys = seal.sign_keys(ROOT, 2, {"k2": OTHER.public_key()})
    rig.push_sealed(sealed(NEWER, 2, keys=keys, key=KEY, kid="k2"))
    rig.run(30)
    assert rig.twin.reported["seal"]["keys"] == 2
    rig.push_sealed(sealed(NEWER, 2, keys=keys, key=OTHER, kid="k2"))
    rig.run(30)
    assert rig.prices()[FIRST] == 179


def test_a_key_that_was_withdrawn_seals_nothing_any_more() -> None:
    rig = hung()
    keys = seal.sign_keys(ROOT, 2, {"k2": OTHER.public_key()})
    rig.push_sealed(sealed(BOTH, 2, keys=keys, key=OTHER, kid="k2"))
    rig.run(5)
    rig.push_sealed(sealed({**BOTH, FIRST: tile(1, rev=3)}, 3, keys=KEYS, key=KEY, kid="k1"))
    rig.run(30)
    assert rig.prices()[FIRST] == 199
    assert rig.twin.reported["seal"]["keys"] == 2


def test_a_flip_comes_on_time_drawn_beforehand_and_without_the_network() -> None:
    six = MORNING + 3600
    rig = hung({FIRST: tile(199, flips={six: 149}), SECOND: tile(349)})
    rig.cut()
    rig.run(six - rig.time - 0.001)
    assert rig.prices()[FIRST] == 199
    rig.run(2)
    assert rig.prices()[FIRST] == 149
    assert rig.glass[FIRST].refreshes[-1] == pytest.approx(six + 1.75, abs=0.01)
    rig.connect()
    rig.run(5)
    ack = rig.twin.reported["tiles"][FIRST]
    assert (ack["price"], ack["rev"], ack["state"]) == (149, 1, "shown")
    assert ack["at"] >= six


def test_all_flips_of_a_shelf_that_was_off_come_in_one_step() -> None:
    flips = {MORNING + 3600: 149, MORNING + 7200: 129, MORNING + 10800: 199}
    rig = hung({FIRST: tile(199, flips=flips), SECOND: tile(349)})
    rig.time += 8000
    rig.start()
    rig.run(5)
    assert rig.prices()[FIRST] == 129
    assert len(rig.glass[FIRST].refreshes) == 2


def test_after_a_restart_without_network_the_shelf_is_known_and_not_refreshed() -> None:
    rig = hung()
    rig.start()
    rig.run(60)
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [1, 1]
    acks = rig.machine.reported().tiles
    assert {ack.state for ack in acks.values()} == {"shown"}


def test_a_panel_that_lost_its_picture_is_refreshed_after_a_restart() -> None:
    rig = hung()
    rig.start(bare=frozenset({SECOND}))
    rig.run(60)
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [1, 2]


def test_a_power_cut_in_the_middle_of_a_refresh_brings_a_new_refresh() -> None:
    rig = hung()
    rig.push(NEWER, rev=2)
    rig.run(1)
    rig.start()
    acks = rig.machine.reported().tiles
    assert (acks[FIRST].state, acks[FIRST].price) == ("scheduled", 199)
    rig.run(5)
    assert rig.prices()[FIRST] == 179


def test_a_picture_that_hangs_unknown_to_the_agent_is_not_taken_for_the_one_before() -> None:
    rig = hung()
    rig.push(NEWER, rev=2)
    rig.run(1)
    rig.start(glass_finishes=True)
    rig.twin.push(sealed({FIRST: tile(199, rev=3), SECOND: tile(349)}, 3))
    rig.connect()
    rig.run(5)
    assert rig.prices()[FIRST] == 199


def test_a_tile_taken_away_before_it_hung_still_counts_as_the_newest() -> None:
    rig = Rig(Twin(sealed({FIRST: tile(199, rev=3)}, 3)))
    rig.connect()
    rig.run(0.5)
    rig.push({}, rev=4)
    rig.run(10)
    rig.push({FIRST: tile(1, rev=2)}, rev=5)
    rig.run(30)
    assert rig.prices()[FIRST] is None
    assert "older" in rig.twin.reported["seal"]["refused"]


def test_a_hub_that_is_deaf_for_days_is_asked_about_once_a_minute() -> None:
    rig = Rig(Twin(sealed(BOTH)))
    rig.hub_deaf = True
    rig.connect()
    rig.run(2 * 86400)
    assert 2 * 1440 * 0.7 < len(rig.reads) < 2 * 1440 * 1.4


def test_what_was_remembered_for_another_device_is_left_alone() -> None:
    rig = hung()
    assert rig.disk is not None
    rig.disk = rig.disk.model_copy(update={"device": "pi-0204-99"})
    rig.start()
    rig.run(5)
    assert rig.machine.reported().tiles == {}


def test_a_remembered_state_that_was_tampered_with_shows_nothing() -> None:
    rig = hung()
    assert rig.disk is not None
    assert rig.disk.desired is not None
    rig.disk.desired["tiles"][FIRST]["now"]["price"] = 1
    rig.start(bare=frozenset({FIRST, SECOND}))
    rig.run(60)
    assert rig.prices()[FIRST] == 199
    assert any("cannot be used" in note for note in rig.notes)


def test_a_colour_panel_is_given_its_pause_between_two_refreshes() -> None:
    rig = Rig(Twin(sealed({FIRST: tile(199)})), device({FIRST: "epd-2.9-bwr"}))
    rig.connect()
    rig.run(60)
    done = rig.glass[FIRST].refreshes[0]
    rig.push({FIRST: tile(179, rev=2)}, rev=2)
    rig.run(30)
    assert rig.states() == {FIRST: "scheduled"}
    assert rig.twin.reported["tiles"][FIRST]["price"] == 199
    rig.run(300)
    assert rig.states() == {FIRST: "shown"}
    assert rig.glass[FIRST].refreshes[1] == pytest.approx(done + 180 + 27, abs=0.1)


def test_the_pause_of_a_colour_panel_outlives_a_restart() -> None:
    rig = Rig(Twin(sealed({FIRST: tile(199)})), device({FIRST: "epd-2.9-bwr"}))
    rig.connect()
    rig.run(60)
    done = rig.glass[FIRST].refreshes[0]
    rig.start()
    rig.connect()
    rig.push({FIRST: tile(179, rev=2)}, rev=2)
    rig.run(300)
    assert rig.glass[FIRST].refreshes[1] == pytest.approx(done + 180 + 27, abs=0.1)


def test_ten_edits_during_a_pause_become_one_refresh() -> None:
    rig = Rig(Twin(sealed({FIRST: tile(199)})), device({FIRST: "epd-2.9-bwr"}))
    rig.connect()
    rig.run(60)
    for rev in range(2, 12):
        rig.push({FIRST: tile(100 + rev, rev=rev)}, rev=rev)
        rig.run(5)
    rig.run(600)
    assert rig.prices()[FIRST] == 111
    assert len(rig.glass[FIRST].refreshes) == 2


def test_a_broken_panel_is_tried_four_times_then_named_then_tried_hourly() -> None:
    rig = hung()
    rig.broken[FIRST] = "the panel is busy for more than 10 s"
    rig.push(NEWER, rev=2)
    rig.run(60)
    ack = rig.twin.reported["tiles"][FIRST]
    assert (ack["state"], ack["why"]) == ("failed", "the panel is busy for more than 10 s")
    assert (ack["price"], ack["rev"]) == (199, 1), "an ack says what hangs there"
    assert len([note for note in rig.notes if "could not be refreshed" in note]) == 4
    rig.broken.clear()
    rig.run(3700)
    assert rig.prices()[FIRST] == 179
    assert rig.states()[FIRST] == "shown"


def test_a_broken_panel_does_not_hold_up_the_others() -> None:
    rig = hung()
    rig.broken[FIRST] = "gone"
    rig.push({FIRST: tile(179, rev=2), SECOND: tile(299, rev=2)}, rev=2)
    rig.run(5)
    assert rig.prices()[SECOND] == 299


def test_a_change_gives_a_failed_panel_a_new_chance_at_once() -> None:
    rig = hung()
    rig.broken[FIRST] = "gone"
    rig.push(NEWER, rev=2)
    rig.run(60)
    rig.broken.clear()
    rig.push({FIRST: tile(169, rev=3), SECOND: tile(349)}, rev=3)
    rig.run(5)
    assert rig.prices()[FIRST] == 169


def test_a_tile_that_cannot_be_drawn_fails_by_name_and_keeps_the_old_picture() -> None:
    rig = hung()
    rig.undrawable[179] = "price/standard, node name: does not fit"
    rig.push(NEWER, rev=2)
    rig.run(5)
    ack = rig.twin.reported["tiles"][FIRST]
    assert (ack["state"], ack["price"]) == ("failed", 199)
    assert "node name" in ack["why"]


def test_a_first_tile_that_cannot_be_drawn_is_reported_without_price_or_frame() -> None:
    rig = Rig(Twin(sealed({FIRST: tile(199)})))
    rig.undrawable[199] = "no glyph"
    rig.connect()
    rig.run(5)
    ack = rig.twin.reported["tiles"][FIRST]
    assert (ack["state"], ack["rev"]) == ("failed", 0)
    assert "price" not in ack


def test_reports_are_sent_again_after_the_hub_did_not_take_them() -> None:
    rig = hung()
    rig.hub_deaf = True
    rig.push(NEWER, rev=2)
    rig.run(20)
    assert rig.states()[FIRST] == "shown"
    assert rig.twin.reported["tiles"][FIRST]["price"] == 199
    rig.hub_deaf = False
    rig.run(120)
    assert rig.twin.reported["tiles"][FIRST]["price"] == 179


def test_after_a_reconnect_only_what_the_hub_does_not_know_is_reported() -> None:
    rig = hung()
    rig.cut()
    rig.connect()
    rig.run(60)
    assert len(rig.reports) <= 2
    rig.cut()
    rig.twin.push(sealed(NEWER, 2))
    rig.connect()
    rig.run(60)
    last = rig.reports[-1].patch
    assert list(last["tiles"]) == [FIRST]


def test_a_twin_that_cannot_be_read_is_asked_for_with_growing_pauses() -> None:
    rig = Rig(Twin(sealed(BOTH)))
    rig.hub_deaf = True
    rig.connect()
    rig.run(600)
    assert 8 <= len(rig.reads) <= 18
    rig.hub_deaf = False
    rig.run(90)
    assert rig.prices()[FIRST] == 199


def test_a_shelf_whose_lease_ran_out_keeps_its_prices_and_says_so() -> None:
    rig = hung()
    rig.run(LEASE_S + 60)
    assert rig.prices() == {FIRST: 199, SECOND: 349}
    assert rig.twin.reported["health"]["stale"] is True
    rig.push(BOTH, rev=2)
    rig.run(5)
    assert "stale" not in rig.twin.reported["health"]


def test_a_clock_that_falls_back_never_brings_back_an_earlier_picture() -> None:
    six = MORNING + 3600
    rig = hung({FIRST: tile(199, flips={six: 149}), SECOND: tile(349)})
    rig.cut()
    rig.run(7200)
    assert rig.prices()[FIRST] == 149
    rig.clock_error = -50_000.0
    rig.start(bare=frozenset({FIRST}))
    rig.run(3600)
    assert rig.prices()[FIRST] == 149


def test_a_clock_that_was_far_ahead_is_believed_again_after_a_fresh_seal() -> None:
    later = MORNING + 20 * 86400
    rig = hung()
    rig.clock_error = 400 * 86400.0
    rig.run(120)
    rig.clock_error = 0.0
    rig.push({FIRST: tile(179, rev=2, flips={later: 99}), SECOND: tile(349)}, rev=2)
    rig.run(60)
    assert rig.prices()[FIRST] == 179


def test_new_words_for_the_store_draw_every_tile_again() -> None:
    rig = hung()
    store = STORE.model_copy(update={"locale": "en-US"})
    rig.push_sealed(sealed(BOTH, 2, store=store))
    rig.run(5)
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [2, 2]


def test_a_redraw_that_somebody_asks_for_refreshes_that_panel() -> None:
    rig = hung()
    rig.feed(on.RedrawAsked(FIRST))
    rig.run(5)
    assert [len(glass.refreshes) for glass in rig.glass.values()] == [2, 1]


def test_a_disk_that_fails_is_reported_and_the_shelf_goes_on() -> None:
    rig = hung()
    rig.feed(on.MemoryFailed("no space left on /var"))
    rig.push(NEWER, rev=2)
    rig.run(5)
    assert rig.prices()[FIRST] == 179
    assert rig.twin.reported["health"]["memory"] == "no space left on /var"
    rig.feed(on.MemoryKept())
    rig.run(5)
    assert "memory" not in rig.twin.reported["health"]


def test_a_quiet_shelf_sleeps_and_reads_its_twin_twice_a_day() -> None:
    rig = hung()
    rig.run(86400)
    assert len(rig.reads) == 3
    assert len(rig.reports) == 2


def test_patches_that_come_before_the_first_read_are_not_lost() -> None:
    rig = Rig(Twin(sealed(BOTH)))
    rig.connected = True
    rig.feed(on.Connected())
    early = rig.twin.whole()
    patch = rig.twin.push(sealed(NEWER, 2))
    rig.feed(on.PatchReceived(patch))
    rig.feed(on.TwinRead(early, {}))
    rig.run(5)
    assert rig.prices()[FIRST] == 179


def test_a_change_during_a_slow_refresh_is_shown_right_after_it() -> None:
    rig = hung()
    rig.push(NEWER, rev=2)
    rig.run(0.5)
    rig.push({FIRST: tile(159, rev=3), SECOND: tile(349)}, rev=3)
    rig.run(10)
    assert rig.prices()[FIRST] == 159
    assert len(rig.glass[FIRST].refreshes) == 3
