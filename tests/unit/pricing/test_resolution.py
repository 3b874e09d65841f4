"""Price resolution: precedence, the law's examples, and windows without gap or overlap."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud_service.pricing.entry import PriceEntry, flaw
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Bundle, Terms
from cloud_service.pricing.offering import Offering
from cloud_service.pricing.resolution import Resolution, Step
from cloud_service.pricing.resolution import resolve as resolve_offering
from cloud_service.pricing.resolution import timeline as timeline_of
from cloud_service.pricing.rules import rules_of
from cloud_service.pricing.unit_price import UnitPrice

TODAY = date(2026, 6, 21)
EU = Terms(rules_of("HR", TODAY), "EUR", "Europe/Zagreb")
US = Terms(rules_of("US", TODAY), "USD", "America/New_York")
PIECE = Goods(None, None, weighed=False)
NOW = 1_782_000_000
DAY = 86_400


def resolve(entry: PriceEntry, goods: Goods, terms: Terms, instant: int) -> Resolution:
    """Resolve an entry that holds always."""
    found = resolve_offering(Offering.of(entry), goods, terms, instant)
    assert found is not None
    return found


def timeline(entry: PriceEntry, goods: Goods, terms: Terms, start: int) -> list[Step]:
    """Return the timeline of an entry that holds always."""
    return timeline_of(Offering.of(entry), goods, terms, start)


@pytest.mark.parametrize(
    ("low", "promo", "percent"), [(129, 129, None), (139, 149, None), (159, 129, 18)]
)
def test_a_cut_is_announced_in_the_eu_only_below_the_30_day_low(
    low: int, promo: int, percent: int | None
) -> None:
    found = resolve(PriceEntry(regular=169, special=promo, low_30=low), PIECE, EU, NOW)
    assert found.effective == promo
    assert found.percent_off == percent
    assert found.prior == (low if percent else None)


def test_without_a_known_30_day_low_the_eu_announces_nothing() -> None:
    assert resolve(PriceEntry(regular=169, special=129), PIECE, EU, NOW).prior is None


def test_elsewhere_a_cut_is_measured_against_the_regular_price() -> None:
    found = resolve(PriceEntry(regular=399, special=299), PIECE, US, NOW)
    assert (found.prior, found.percent_off) == (399, 25)


def test_two_for_five_makes_one_two_fifty_and_prices_the_unit_from_the_bundle() -> None:
    entry = PriceEntry(regular=299, multi_quantity=2, multi_price=500)
    found = resolve(entry, Goods(24_000, "oz", weighed=False), US, NOW)
    assert (found.effective, found.bundle) == (250, Bundle(2, 500, must_buy=False))
    assert found.unit == UnitPrice(1040, "oz", in_cents=True)
    assert found.reason == "2 for 5.00"


def test_three_for_five_is_a_dollar_sixty_seven_singly() -> None:
    entry = PriceEntry(regular=199, multi_quantity=3, multi_price=500)
    assert resolve(entry, PIECE, US, NOW).effective == 167


def test_a_must_buy_leaves_one_at_its_regular_price() -> None:
    entry = PriceEntry(regular=299, multi_quantity=2, multi_price=500, multi_must_buy=True)
    found = resolve(entry, PIECE, US, NOW)
    assert (found.effective, found.kind) == (299, "multi-buy")


def test_weighed_goods_show_their_price_as_their_unit_price() -> None:
    found = resolve(PriceEntry(regular=199), Goods(1000, "lb", weighed=True), US, NOW)
    assert found.unit == UnitPrice(199_00, "lb", in_cents=False)


def test_one_piece_needs_no_unit_price() -> None:
    assert resolve(PriceEntry(regular=199), Goods(1000, "ea", weighed=False), EU, NOW).unit is None


def test_a_special_price_above_the_regular_one_is_not_taken() -> None:
    assert resolve(PriceEntry(regular=100, special=120), PIECE, EU, NOW).effective == 100


def test_a_promotion_tells_its_end_in_the_stores_time() -> None:
    entry = PriceEntry(regular=199, special=149, special_until=1_782_021_600)
    found = resolve(entry, PIECE, EU, NOW)
    assert found.reason == "special price until 2026-06-21 08:00"
    assert found.until == 1_782_021_600


def test_the_timeline_flips_at_the_ends_of_a_half_open_window() -> None:
    entry = PriceEntry(regular=199, special=149, special_from=NOW + 100, special_until=NOW + 200)
    steps = timeline(entry, PIECE, EU, NOW)
    assert [(s.since, s.resolution.effective) for s in steps] == [
        (None, 199), (NOW + 100, 149), (NOW + 200, 199)
    ]  # fmt: skip
    assert resolve(entry, PIECE, EU, NOW + 100).effective == 149
    assert resolve(entry, PIECE, EU, NOW + 200).effective == 199


AMOUNTS = st.integers(1, 9_999)
INSTANTS = st.integers(NOW - 6 * DAY, NOW + 6 * DAY)


@st.composite
def entries(draw: st.DrawFn) -> PriceEntry:
    """Entries without a flaw, promotions of every shape among them."""
    special = draw(st.none() | AMOUNTS)
    quantity = draw(st.none() | st.integers(2, 9))
    entry = PriceEntry(
        regular=draw(st.none() | AMOUNTS),
        special=special,
        special_from=draw(st.none() | INSTANTS) if special else None,
        special_until=draw(st.none() | INSTANTS) if special else None,
        low_30=draw(st.none() | AMOUNTS) if special else None,
        multi_quantity=quantity,
        multi_price=draw(AMOUNTS) if quantity else None,
        multi_must_buy=draw(st.booleans()) if quantity else False,
        multi_from=draw(st.none() | INSTANTS) if quantity else None,
        multi_until=draw(st.none() | INSTANTS) if quantity else None,
    )
    return entry if flaw(entry) is None else PriceEntry(regular=draw(AMOUNTS))


@given(entries(), st.integers(0, 96 * 3600))
def test_timeline_and_point_resolution_agree_at_every_instant(
    entry: PriceEntry, later: int
) -> None:
    steps = timeline(entry, PIECE, EU, NOW)
    edges = [step.since for step in steps if step.since is not None]
    for instant in {NOW, NOW + later, *edges, *(edge - 1 for edge in edges)}:
        holding = [s for s in steps if s.since is None or s.since <= instant][-1]
        assert holding.resolution == resolve(entry, PIECE, EU, instant)


@given(entries())
def test_windows_leave_no_gap_and_no_overlap(entry: PriceEntry) -> None:
    steps = timeline(entry, PIECE, EU, NOW)
    assert steps[0].since is None
    edges = [step.since for step in steps[1:]]
    assert all(edge is not None and edge > NOW for edge in edges)
    assert edges == sorted(set(edges), key=lambda edge: edge or 0)
    assert all(a.resolution != b.resolution for a, b in itertools.pairwise(steps))


@given(entries(), INSTANTS)
def test_a_prior_price_is_always_above_what_is_charged(entry: PriceEntry, instant: int) -> None:
    found = resolve(entry, PIECE, EU, instant)
    assert found.prior is None or found.prior > found.effective


@given(entries(), INSTANTS)
def test_nothing_is_charged_above_the_regular_price(entry: PriceEntry, instant: int) -> None:
    found = resolve(entry, PIECE, EU, instant)
    assert entry.regular is None or found.effective <= entry.regular


@given(entries(), AMOUNTS)
def test_who_sets_a_price_gets_that_price_and_an_entry_without_flaw(
    entry: PriceEntry, amount: int
) -> None:
    changed = entry.charged_from_now(amount, NOW)
    assert resolve(changed, PIECE, EU, NOW).effective == amount
    assert flaw(changed) is None


@given(entries(), AMOUNTS)
def test_setting_the_same_price_twice_changes_nothing_more(entry: PriceEntry, amount: int) -> None:
    once = entry.charged_from_now(amount, NOW)
    assert once.charged_from_now(amount, NOW) == once
