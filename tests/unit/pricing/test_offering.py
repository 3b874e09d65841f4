"""Records, overrides and promotions over time: which price counts, and why."""

import itertools
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.offer import Bundle
from cloud_service.pricing.offering import NOTHING, Offering, Record
from cloud_service.pricing.promotions import (
    AmountOff,
    BuyGet,
    Clearance,
    FixedPrice,
    Group,
    Markdown,
    MultiBuy,
    PercentOff,
    shares,
)
from cloud_service.pricing.resolution import resolve, timeline
from cloud_service.pricing.window import Window
from tests.unit.pricing.offerings import (
    AMERICA,
    CROATIA,
    DAY,
    INSTANTS,
    NOW,
    PIECE,
    at,
    costs,
    offerings,
    promoted,
)

Item = TypeVar("Item")


def test_a_price_set_now_counts_from_now_and_one_set_for_next_week_comes_next_week() -> None:
    later, now = costs(180, NOW + 7 * DAY, revision=5), costs(150, NOW, revision=6)
    offering = Offering((costs(100), later, now))
    found = [at(offering, NOW + day * DAY).effective for day in (-1, 0, 6, 7)]
    assert found == [100, 150, 150, 180]


def test_a_price_for_a_while_gives_way_to_what_held_before_it() -> None:
    offering = Offering((costs(100), costs(90, NOW, NOW + DAY, revision=2)))
    found = [
        at(offering, instant).effective for instant in (NOW - 1, NOW, NOW + DAY - 1, NOW + DAY)
    ]
    assert found == [100, 90, 90, 100]


def test_a_store_overrides_its_zone_until_it_takes_the_override_back() -> None:
    back = Record(7, Window(NOW + DAY, None), NOTHING)
    offering = Offering((costs(100),), (costs(120, NOW, revision=6), back))
    found = [at(offering, instant).effective for instant in (NOW - 1, NOW, NOW + DAY)]
    assert found == [100, 120, 100]


def test_without_a_price_nothing_is_resolved_and_nothing_is_shown() -> None:
    assert resolve(Offering(()), PIECE, CROATIA, NOW) is None
    assert timeline(Offering((costs(100, NOW + 5),)), PIECE, CROATIA, NOW) == []


@pytest.mark.parametrize(
    ("terms", "effective"),
    [
        (PercentOff(1250), 349),
        (PercentOff(2500), 299),
        (AmountOff(100), 299),
        (FixedPrice(250), 250),
        (FixedPrice(450), 399),
        (AmountOff(399), 399),
    ],
)
def test_a_promotion_on_one_piece_never_raises_a_price_nor_gives_it_away(
    terms: object, effective: int
) -> None:
    assert at(Offering((costs(399),), (), (promoted(terms),))).effective == effective


def test_of_two_reductions_the_cheaper_counts_and_they_do_not_stack() -> None:
    ten, twenty = promoted(PercentOff(1000), id="a"), promoted(PercentOff(2000), id="b")
    assert at(Offering((costs(1000),), (), (ten, twenty))).effective == 800


def test_of_two_equally_cheap_the_higher_priority_is_told() -> None:
    one = promoted(FixedPrice(800), id="a", name="Autumn")
    other = promoted(FixedPrice(800), id="b", name="Anniversary", priority=1)
    assert at(Offering((costs(1000),), (), (one, other))).reason == "Anniversary"


def test_a_clearance_goes_down_in_steps() -> None:
    steps = (Markdown(NOW, PercentOff(2000)), Markdown(NOW + DAY, FixedPrice(99)))
    offering = Offering((costs(500),), (), (promoted(Clearance(steps)),))
    found = [at(offering, NOW + day * DAY) for day in (0, 1)]
    assert [(one.kind, one.effective) for one in found] == [("clearance", 400), ("clearance", 99)]


def test_buy_one_get_one_free_at_3_99_pays_one_of_two() -> None:
    found = at(Offering((costs(399),), (), (promoted(BuyGet(2, 1)),)), terms=AMERICA)
    assert (found.kind, found.effective) == ("buy-get", 399)
    assert found.bundle == Bundle(2, 399, must_buy=True, pay=1)


def test_three_for_two_costs_two() -> None:
    found = at(Offering((costs(250),), (), (promoted(BuyGet(3, 2)),)))
    assert found.bundle == Bundle(3, 500, must_buy=True, pay=2)


def test_a_group_is_mixed_and_leaves_one_piece_at_its_price() -> None:
    found = at(Offering((costs(250),), (), (promoted(Group(4, 800), limit=2),)))
    assert (found.effective, found.limit) == (250, 2)
    assert found.bundle == Bundle(4, 800, must_buy=True, mixed=True)


def test_a_bundle_waits_while_one_piece_is_reduced_unless_it_stacks() -> None:
    cut = promoted(FixedPrice(200), id="a")
    bundle = promoted(MultiBuy(2, 360, must_buy=True), id="b")
    assert at(Offering((costs(250),), (), (cut, bundle))).kind == "special"
    stacking = promoted(MultiBuy(2, 360, must_buy=True), id="b", stacks=True)
    found = at(Offering((costs(250),), (), (cut, stacking)))
    assert (found.kind, found.effective) == ("multi-buy", 200)


def test_a_bundle_that_saves_nothing_is_none() -> None:
    assert at(Offering((costs(250),), (), (promoted(MultiBuy(2, 500)),))).kind == "regular"


def test_a_loyalty_price_stands_beside_what_everybody_pays() -> None:
    member = promoted(FixedPrice(199), programme="with Family Card")
    found = at(Offering((costs(249),), (), (member,)))
    assert (found.effective, found.kind) == (249, "regular")
    assert found.loyalty is not None
    assert (found.loyalty.price, found.loyalty.programme) == (199, "with Family Card")


def test_a_loyalty_price_that_saves_nothing_is_not_told() -> None:
    member = promoted(FixedPrice(199), id="m", programme="with Family Card")
    everybody = promoted(FixedPrice(189), id="e")
    assert at(Offering((costs(249),), (), (member, everybody))).loyalty is None


@given(st.integers(1, 10**7), st.integers(2, 99))
def test_the_shares_of_a_bundle_lose_no_cent_and_differ_by_one_at_most(
    price: int, quantity: int
) -> None:
    split = shares(price, quantity)
    assert sum(split) == price
    assert max(split) - min(split) <= 1


@given(offerings(), INSTANTS, st.randoms(use_true_random=False))
def test_the_order_in_which_the_book_is_read_means_nothing(
    offering: Offering, instant: int, dice: random.Random
) -> None:
    def shuffled(items: Sequence[Item]) -> Sequence[Item]:
        return dice.sample(list(items), len(items))

    other = Offering(
        shuffled(offering.zone), shuffled(offering.store), shuffled(offering.promotions)
    )
    assert resolve(other, PIECE, CROATIA, instant) == resolve(offering, PIECE, CROATIA, instant)


@given(offerings(), st.integers(NOW - 40 * DAY, NOW))
def test_timeline_and_point_resolution_agree_at_every_instant(
    offering: Offering, start: int
) -> None:
    steps = timeline(offering, PIECE, CROATIA, start, 40 * DAY)
    edges = offering.edges(start, start + 40 * DAY)
    for instant in {start, *edges, *(edge - 1 for edge in edges if edge > start)}:
        holding = [s for s in steps if s.since is None or s.since <= instant][-1]
        found = resolve(offering, PIECE, CROATIA, instant)
        assert found is None or holding.resolution == found


@given(offerings(), st.integers(NOW - 40 * DAY, NOW))
def test_windows_leave_no_gap_and_no_overlap(offering: Offering, start: int) -> None:
    steps = timeline(offering, PIECE, CROATIA, start, 40 * DAY)
    instants = [step.since for step in steps[1:]]
    assert steps[0].since is None
    assert all(instant is not None and instant > start for instant in instants)
    assert instants == sorted(set(instants), key=lambda instant: instant or 0)
    assert all(a.resolution != b.resolution for a, b in itertools.pairwise(steps))


@given(offerings(), INSTANTS)
def test_nobody_pays_more_than_the_regular_price_and_members_pay_less(
    offering: Offering, instant: int
) -> None:
    for terms in (CROATIA, AMERICA):
        found = resolve(offering, PIECE, terms, instant)
        if found is None:
            continue
        assert found.regular is None or 0 < found.effective <= found.regular
        assert found.prior is None or found.prior > found.effective
        assert found.loyalty is None or 0 < found.loyalty.price < found.effective
        if found.bundle is not None:
            assert found.bundle.price < found.bundle.quantity * (found.regular or 0)
