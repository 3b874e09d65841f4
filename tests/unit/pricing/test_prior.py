"""What a reduction may be compared with: 98/6/EC art. 6a, CJEU C-330/23."""

from dataclasses import replace

import pytest
from hypothesis import given

from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.prior import lowest, reduction_began
from cloud_service.pricing.promotions import Clearance, FixedPrice, Markdown, PercentOff
from cloud_service.pricing.resolution import resolve
from tests.unit.pricing.offerings import (
    AMERICA,
    CROATIA,
    DAY,
    NOW,
    PIECE,
    at,
    costs,
    offerings,
    promoted,
)

BERRIES = Goods(None, None, weighed=False, perishable=True)


def with_switch(**switches: object) -> Terms:
    return replace(CROATIA, rules=replace(CROATIA.rules, **switches))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "promo", "percent"), [(129, 129, None), (139, 149, None), (159, 129, 18)]
)
def test_the_judgments_examples_hold_by_the_books_own_history(
    low: int, promo: int, percent: int | None
) -> None:
    """Last price 1.69; the low of the 30 days before was charged for a week of them."""
    week = costs(low, NOW - 20 * DAY, NOW - 13 * DAY, revision=2)
    offering = Offering((costs(169), week), (), (promoted(FixedPrice(promo)),))
    found = at(offering)
    assert (found.effective, found.percent_off) == (promo, percent)
    assert found.prior == (low if percent else None)


def test_a_price_in_force_when_the_30_days_begin_is_one_of_them() -> None:
    dearer = costs(300, NOW - 29 * DAY, revision=2)
    assert at(Offering((costs(200), dearer), (), (promoted(FixedPrice(150)),))).prior == 200
    longer_ago = costs(300, NOW - 31 * DAY, revision=2)
    assert at(Offering((costs(200), longer_ago), (), (promoted(FixedPrice(150)),))).prior == 300


def test_what_holds_during_the_reduction_does_not_lower_its_own_prior_price() -> None:
    offering = Offering((costs(200),), (), (promoted(FixedPrice(150), NOW - 10 * DAY),))
    assert at(offering).prior == 200


def test_a_reduction_straight_after_another_at_the_same_price_is_the_same_one() -> None:
    first = promoted(FixedPrice(150), NOW - 40 * DAY, NOW, id="a")
    second = promoted(FixedPrice(150), NOW, id="b")
    offering = Offering((costs(200),), (), (first, second))
    assert reduction_began(offering, CROATIA, NOW + DAY) == NOW - 40 * DAY
    assert at(offering, NOW + DAY).prior == 200


def test_a_second_reduction_within_30_days_is_measured_against_the_first() -> None:
    first = promoted(FixedPrice(150), NOW - 20 * DAY, NOW - 10 * DAY, id="a")
    second = promoted(FixedPrice(140), NOW, id="b")
    assert at(Offering((costs(200),), (), (first, second))).prior == 150


def test_progressive_cuts_are_measured_as_the_first_where_the_country_has_it_so() -> None:
    steps = (Markdown(NOW - 5 * DAY, PercentOff(1000)), Markdown(NOW, PercentOff(5000)))
    offering = Offering((costs(200),), (), (promoted(Clearance(steps), NOW - 5 * DAY),))
    found = [
        resolve(offering, PIECE, with_switch(progressive=switch), NOW)
        for switch in ("always", "clearance", "never")
    ]
    assert [one.prior for one in found if one is not None] == [200, 200, 180]


def test_a_cheaper_promotion_after_another_is_one_with_it_only_where_all_cuts_may_grow() -> None:
    first = promoted(FixedPrice(180), NOW - 5 * DAY, NOW, id="a")
    second = promoted(FixedPrice(100), NOW, id="b")
    offering = Offering((costs(200),), (), (first, second))
    found = [
        resolve(offering, PIECE, with_switch(progressive=switch), NOW)
        for switch in ("always", "clearance", "never")
    ]
    assert [one.prior for one in found if one is not None] == [200, 180, 180]


def test_goods_that_perish_are_measured_against_the_price_just_before_where_it_is_so() -> None:
    week = costs(129, NOW - 20 * DAY, NOW - 13 * DAY, revision=2)
    offering = Offering((costs(169), week), (), (promoted(FixedPrice(125)),))
    found = resolve(offering, BERRIES, with_switch(perishable="previous"), NOW)
    assert found is not None
    assert found.prior == 169


def test_new_arrivals_are_measured_by_their_time_on_sale_or_announce_nothing() -> None:
    offering = Offering((costs(200, NOW - 10 * DAY),), (), (promoted(FixedPrice(150)),))
    found = resolve(offering, PIECE, with_switch(arrivals="since-first-sale"), NOW)
    other = resolve(offering, PIECE, with_switch(arrivals="none"), NOW)
    assert found is not None
    assert other is not None
    assert (found.prior, other.prior) == (200, None)


def test_a_product_that_begins_reduced_has_no_prior_price() -> None:
    offering = Offering((costs(200, NOW),), (), (promoted(FixedPrice(150), NOW),))
    assert at(offering).prior is None


def test_outside_the_eu_a_cut_is_measured_against_the_regular_price() -> None:
    week = costs(129, NOW - 20 * DAY, NOW - 13 * DAY, revision=2)
    offering = Offering((costs(169), week), (), (promoted(FixedPrice(149)),))
    assert at(offering, terms=AMERICA).prior == 169


@given(offerings())
def test_no_announced_cut_is_above_what_was_charged_in_the_30_days_before(
    offering: Offering,
) -> None:
    found = resolve(offering, PIECE, CROATIA, NOW)
    record = offering.record_at(NOW)
    start = reduction_began(offering, CROATIA, NOW)
    listed = record is not None and record.entry.low_30 is not None
    if found is None or found.prior is None or start is None or listed:
        return
    before = lowest(offering, CROATIA, start - 30 * DAY, start)
    assert before is not None
    assert found.effective < found.prior <= before
