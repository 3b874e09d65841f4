"""What the dispatcher writes next, and when it leaves a device alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.delivery.reconcile import (
    DAY,
    HOUR,
    TERMS,
    Heard,
    Sealer,
    Wanted,
    renewal_at,
    timeline,
)
from label_templates.contract import wire
from label_templates.contract.errors import TwinError
from label_templates.contract.tile import Showing
from tests.unit.delivery.words import (
    KEYS,
    NOW,
    POSITIONS,
    Delivery,
    content,
    showing,
    tile,
    timelines,
    unsigned,
    wanted,
    wishes,
)

P1, P2, _ = POSITIONS


def test_a_new_device_gets_the_whole_section() -> None:
    write = Delivery().push(wanted(p1=119, p2=200))
    assert write.patch is None
    assert write.order == (0, 1)
    assert write.desired.tiles == {P1: tile(1, 119), P2: tile(1, 200)}
    assert write.desired.seal.until == NOW + TERMS.lease
    assert write.changed == {P1, P2}


def test_nothing_changed_and_nothing_is_sent() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119))
    assert delivery.plan(wanted(p1=119)) is None


def test_only_the_tile_that_changed_gets_the_new_revision() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119, p2=200))
    write = delivery.push(wanted(p1=99, p2=200))
    assert write.order == (0, 2)
    assert write.desired.tiles == {P1: tile(2, 99), P2: tile(1, 200)}
    assert write.changed == {P1}
    assert write.patch is not None
    assert write.patch["tiles"] == {P1: {"rev": 2, "now": {"price": 99}}}
    assert set(write.patch) == {"tiles", "seal"}


def test_a_field_that_vanishes_is_patched_with_an_explicit_null() -> None:
    delivery = Delivery()
    reduced = Showing(
        since=None,
        tpl="price/promotion",
        content=content(99).model_copy(update={"prior_price": 119}),
    )
    delivery.push(wanted(p1=[reduced], p2=1))
    write = delivery.push(wanted(p1=119))
    assert write.patch is not None
    assert write.patch["tiles"][P1]["now"] == {"price": 119, "prior_price": None}
    assert write.patch["tiles"][P2] is None
    assert write.changed == {P1, P2}


def test_a_flip_that_passes_on_the_shelf_is_no_reason_to_write() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=[showing(119), showing(99, NOW + HOUR)]))
    delivery.now = NOW + 2 * HOUR
    assert delivery.plan(wanted(p1=99)) is None


def test_a_flip_that_was_cancelled_is_taken_back_at_once() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=[showing(119), showing(99, NOW + HOUR)]))
    write = delivery.push(wanted(p1=119))
    assert write.desired.tiles[P1] == tile(2, 119)


def test_a_flip_beyond_the_horizon_waits_for_the_renewal() -> None:
    delivery = Delivery()
    first = [showing(1), showing(2, NOW + HOUR)]
    write = delivery.push(wanted(p1=first))
    later = [*first, showing(3, NOW + TERMS.horizon + HOUR)]
    assert delivery.plan(wanted(p1=later)) is None
    delivery.now = write.due_at
    assert [s.content.price for s in delivery.push(wanted(p1=later)).desired.tiles[P1].showings()][
        -1
    ] == 3


def test_the_flip_that_ends_what_is_shown_is_sent_however_far_it_is() -> None:
    far = NOW + 30 * DAY
    write = Delivery().push(wanted(p1=[showing(1), showing(2, far)]))
    assert write.desired.tiles[P1].next_flip_after(NOW) == far


def test_flips_beyond_the_eighth_bring_the_renewal_forward() -> None:
    flips = [showing(hour % 2 + 1, NOW + hour * HOUR) for hour in range(1, 13)]
    write = Delivery().push(wanted(p1=[showing(1), *flips]))
    assert len(write.desired.tiles[P1].next) == 8
    first_left_out = NOW + 9 * HOUR
    assert write.covers_until == first_left_out
    assert NOW < write.due_at < first_left_out


def test_a_renewal_lengthens_the_lease_and_leaves_the_tiles() -> None:
    delivery = Delivery()
    first = delivery.push(wanted(p1=119))
    delivery.now = first.due_at
    second = delivery.push(wanted(p1=119))
    assert second.order == (0, 2)
    assert second.desired.tiles == first.desired.tiles
    assert second.changed == frozenset()
    assert second.patch is not None
    assert set(second.patch) == {"seal"}
    assert second.desired.seal.until == first.due_at + TERMS.lease
    assert second.due_at == first.due_at + DAY


def test_a_renewal_folds_in_the_flips_that_passed() -> None:
    delivery = Delivery()
    first = delivery.push(wanted(p1=[showing(119), showing(99, NOW + HOUR)]))
    delivery.now = first.due_at
    assert delivery.push(wanted(p1=99)).desired.tiles[P1] == tile(2, 99)


@given(st.text("abcdefghij-0123456789", min_size=1, max_size=20), st.integers(0, 10 * DAY))
def test_renewals_come_once_a_day_long_before_the_lease_ends(device: str, after: int) -> None:
    due = renewal_at(device, NOW + after)
    assert TERMS.earliest_renewal <= due - (NOW + after) < TERMS.earliest_renewal + DAY
    assert renewal_at(device, due) == due + DAY


def test_renewals_are_spread_over_the_day() -> None:
    hours = {renewal_at(f"pi-{number}", NOW) % DAY // HOUR for number in range(500)}
    assert len(hours) == 24


def test_what_may_not_have_arrived_is_sent_again_with_the_same_revision() -> None:
    delivery = Delivery()
    first = delivery.push(wanted(p1=119))
    delivery.doubt()
    again = delivery.push(wanted(p1=119))
    assert (again.desired, again.patch) == (first.desired, None)


def test_a_change_on_top_of_a_doubtful_push_never_reuses_its_revision() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119))
    delivery.doubt()
    write = delivery.push(wanted(p1=99))
    assert (write.order, write.patch) == ((0, 2), None)


def test_a_refused_revision_is_replaced_whole_with_a_new_one() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119))
    delivery.heard = Heard((0, 0), refused_rev=1)
    write = delivery.push(wanted(p1=119))
    assert (write.order, write.patch) == ((0, 2), None)
    assert delivery.plan(wanted(p1=119)) is None  # until it says something about revision 2


def test_a_device_ahead_of_a_restored_database_is_overtaken() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119, p2=5))
    delivery.heard = Heard((0, 41))
    write = delivery.push(wanted(p1=119, p2=5))
    assert (write.order, write.patch) == ((0, 42), None)
    assert {t.rev for t in write.desired.tiles.values()} == {42}  # it may have seen newer tiles


def test_a_raised_epoch_is_pushed_with_every_tile() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119, p2=5))
    delivery.epoch = 1
    write = delivery.push(wanted(p1=119, p2=5))
    assert write.order == (1, 2)
    assert {(t.epoch, t.rev) for t in write.desired.tiles.values()} == {(1, 2)}


def test_new_templates_are_confirmed_tile_by_tile() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119))
    write = delivery.push(replace(wanted(p1=119), bundle="sha256:" + "1" * 64))
    assert write.changed == {P1}


def test_a_new_key_list_is_sent_without_touching_tiles() -> None:
    delivery = Delivery()
    delivery.push(wanted(p1=119))
    delivery.sealer = Sealer(KEYS.model_copy(update={"version": 2}), unsigned)
    write = delivery.push(wanted(p1=119))
    assert write.changed == frozenset()
    assert write.patch is not None
    assert write.patch["keys"] == {"version": 2}


def test_tiles_that_cannot_fit_are_refused_by_name_of_the_limit() -> None:
    long = content(1).model_copy(update={"name": "č" * 120, "brand": "š" * 120, "size": "ž" * 120})
    shown = [Showing(since=None, tpl="price/standard", content=long)]
    many = {f"b01-s1-p{place:02}": shown for place in range(1, 49)}
    with pytest.raises(TwinError, match="IoT Hub takes 32768"):
        Delivery().plan(replace(wanted(), showings=many))


def test_the_horizon_is_shortened_until_the_flips_fit() -> None:
    flips = [
        Showing(
            since=NOW + hour * HOUR if hour else None,
            tpl="price/standard",
            content=content(hour + 1).model_copy(update={"name": f"{hour}" + "x" * 90}),
        )
        for hour in range(9)
    ]
    many = {f"b01-s1-p{place:02}": flips for place in range(1, 49)}
    write = Delivery().push(replace(wanted(), showings=many))
    sent = {len(one.next) for one in write.desired.tiles.values()}
    assert len(sent) == 1
    assert 1 <= sent.pop() < 8
    assert wire.twin_size(wire.words(write.desired)) <= wire.MAX_SECTION_BYTES
    assert write.due_at < write.covers_until < NOW + TERMS.horizon


@given(wishes(NOW), wishes(NOW), st.integers(0, 40 * HOUR))
def test_the_patch_brings_what_was_believed_to_exactly_what_is_wanted(
    first: Wanted, second: Wanted, pause: int
) -> None:
    delivery = Delivery()
    before = wire.words(delivery.push(first).desired)
    delivery.now += pause
    write = delivery.plan(second)
    if write is None:
        return
    assert write.patch is not None
    assert wire.merged(before, write.patch) == wire.words(write.desired)


@given(wishes(NOW), wishes(NOW), st.integers(0, 40 * HOUR))
def test_after_a_push_there_is_nothing_left_to_push(
    first: Wanted, second: Wanted, pause: int
) -> None:
    delivery = Delivery()
    delivery.push(first)
    delivery.now += pause
    if (write := delivery.plan(second)) is not None:
        delivery.take(write)
    assert delivery.plan(second) is None


@given(wishes(NOW), wishes(NOW), st.integers(0, 40 * HOUR), st.booleans())
def test_a_tile_that_says_something_else_never_keeps_its_revision(
    first: Wanted, second: Wanted, pause: int, believed: bool
) -> None:
    delivery = Delivery()
    before = delivery.push(first).desired
    if not believed:
        delivery.doubt()
    delivery.now += pause
    write = delivery.plan(second)
    if write is None:
        return
    assert write.desired.seal.order >= before.seal.order
    for position, after in write.desired.tiles.items():
        old = before.tiles.get(position)
        if old is not None and (old.epoch, old.rev) == (after.epoch, after.rev):
            assert after == old
        else:
            assert (after.epoch, after.rev) == write.order
            assert old is None or write.order > (old.epoch, old.rev)


@given(timelines(NOW), st.integers(0, 100 * HOUR))
def test_what_was_pushed_says_at_every_hour_what_is_wanted(
    timeline_: list[Showing], after: int
) -> None:
    write = Delivery().push(wanted(p1=timeline_))
    instant = min(NOW + after, write.covers_until - 1)
    shown = write.desired.tiles[P1].showing_at(instant)
    expected = [s for s in timeline_ if s.since is None or s.since <= instant][-1]
    assert (shown.tpl, shown.content) == (expected.tpl, expected.content)
    assert NOW < write.due_at < write.covers_until <= NOW + TERMS.horizon


def test_a_timeline_leaves_out_what_changes_nothing() -> None:
    shown = [showing(1), showing(1, NOW + 1), showing(2, NOW + 2), showing(2, NOW + 3)]
    assert [entry[0] for entry in timeline(shown, NOW, NOW + 9)] == [NOW, NOW + 2]
    assert [entry[0] for entry in timeline(shown, NOW, NOW + 2)] == [NOW]


def test_what_is_written_is_read_back_the_same() -> None:
    write = Delivery().push(wanted(p1=[showing(119), showing(99, NOW + HOUR)]))
    assert wire.read_desired(wire.words(write.desired)) == write.desired
