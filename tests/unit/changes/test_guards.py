"""What nobody does to a price by accident."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.catalog.hours import OpeningHours, parse_week
from cloud_service.changes.guards import Finding, Freeze, Move, Rails, findings, slipped
from cloud_service.pricing.window import Window

NOON, NIGHT = 1_782_036_000, 1_782_079_200
"""21 June 2026, 12:00, and 22 June, 00:00, in Zagreb."""
SHOP = OpeningHours("Europe/Zagreb", parse_week(["07:00-21:00"] * 7))


def said(move: Move, rails: Rails, at: int = NOON) -> list[tuple[str, str]]:
    return [(one.level, one.code) for one in findings([move], at, SHOP, rails)]


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        (100, 149, []),
        (100, 150, [("confirm", "large-step")]),
        (100, 50, [("confirm", "large-step")]),
        (199, 1990, [("confirm", "ten-fold"), ("confirm", "large-step")]),
        (1990, 199, [("confirm", "ten-fold"), ("confirm", "large-step")]),
        (None, 5, []),
    ],
)
def test_large_steps_and_slips_are_to_be_confirmed(
    old: int | None, new: int, codes: list[tuple[str, str]]
) -> None:
    assert said(Move("4711", old, new), Rails(confirm_percent=50)) == codes


def test_a_large_step_needs_a_second_person_where_the_grocer_wants_it() -> None:
    rails = Rails(confirm_percent=None, approve_percent=30)
    (found,) = findings([Move("4711", 100, 130)], NOON, SHOP, rails)
    reason = "a step of +30 %; 30 % or more need a second person"
    assert found == Finding("approve", "large-step", reason, "4711")


def test_a_price_below_cost_is_noticed() -> None:
    assert said(Move("1", 200, 180, cost=190), Rails()) == [("confirm", "below-cost")]
    assert said(Move("1", 200, 180, cost=190), Rails(below_cost="refuse"))[0][0] == "refuse"
    assert said(Move("1", 200, 190, cost=190), Rails()) == []


def test_an_increase_waits_until_the_store_is_closed() -> None:
    rails = Rails(increase_in_hours="refuse")
    assert said(Move("1", 100, 110), rails) == [("refuse", "increase-in-hours")]
    assert said(Move("1", 100, 110), rails, at=NIGHT) == []
    assert said(Move("1", 110, 100), rails) == []


def test_nothing_is_published_while_prices_are_frozen() -> None:
    rails = Rails(freezes=(Freeze(Window(NOON, NOON + 60), "stocktaking"),))
    (found,) = findings([Move("1", 100, 101)], NOON, SHOP, rails)
    assert (found.level, found.reason) == ("refuse", "prices are frozen then: stocktaking")
    assert findings([Move("1", 100, 101)], NOON + 60, SHOP, rails) == []


def test_a_change_of_many_products_needs_a_second_person() -> None:
    moves = [Move(str(number), 100, 101) for number in range(3)]
    found = findings(moves, NOON, SHOP, Rails(approve_products=2))
    assert [(one.level, one.code, one.sku) for one in found] == [("approve", "many-products", None)]


@given(st.integers(1, 10**6), st.sampled_from([10, 9, 11]))
def test_a_decimal_point_in_the_wrong_place_is_always_found(price: int, factor: int) -> None:
    assert slipped(price, factor * price)
    assert slipped(factor * price, price)
