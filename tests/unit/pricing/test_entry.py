"""What makes an entry no price."""

import pytest

from cloud_service.pricing.entry import PriceEntry, flaw


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (PriceEntry(), "regular"),
        (PriceEntry(regular=0), "regular"),
        (PriceEntry(regular=100_000_000), "regular"),
        (PriceEntry(special=99, special_until=5), "regular"),
        (PriceEntry(special=99, special_from=5), "regular"),
        (PriceEntry(regular=99, special_until=5), "special"),
        (PriceEntry(regular=99, special=89, special_from=5, special_until=5), "special_until"),
        (PriceEntry(regular=99, multi_quantity=2), "multi_quantity"),
        (PriceEntry(regular=99, multi_price=150), "multi_quantity"),
        (PriceEntry(regular=99, multi_must_buy=True), "multi_quantity"),
        (PriceEntry(regular=99, multi_quantity=1, multi_price=80), "multi_quantity"),
        (PriceEntry(regular=99, multi_quantity=2, multi_price=198), "multi_price"),
        (PriceEntry(special=99, multi_quantity=2, multi_price=150), "regular"),
        (
            PriceEntry(regular=99, multi_quantity=2, multi_price=150, multi_from=9, multi_until=8),
            "multi_until",
        ),
        (PriceEntry(regular=99, reference=89), "reference"),
        (PriceEntry(regular=99, reference_date="2025-05-02"), "reference"),
    ],
)
def test_a_flaw_names_its_field(entry: PriceEntry, field: str) -> None:
    found = flaw(entry)
    assert found is not None
    assert found[0] == field


def test_a_special_price_alone_that_holds_always_is_a_price() -> None:
    assert flaw(PriceEntry(special=99, low_30=99)) is None


def test_setting_a_price_keeps_what_is_still_to_come_and_a_must_buy_that_saves() -> None:
    entry = PriceEntry(
        regular=300, special=200, special_from=100, special_until=200,
        multi_quantity=2, multi_price=500, multi_must_buy=True,
    )  # fmt: skip
    changed = entry.charged_from_now(280, now=50)
    assert (changed.special, changed.multi_price) == (200, 500)
    assert entry.charged_from_now(250, now=50).multi_price is None
    assert entry.charged_from_now(280, now=100).special is None


def test_a_cut_to_come_is_measured_against_no_more_than_the_price_set_before_it() -> None:
    entry = PriceEntry(regular=300, special=200, special_from=100, special_until=200, low_30=290)
    assert entry.charged_from_now(250, now=50).low_30 == 250
    assert entry.charged_from_now(299, now=50).low_30 == 290
    assert entry.charged_from_now(250, now=100).low_30 is None
