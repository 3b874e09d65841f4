"""Our unit prices beside those that the Konzum lists print, row for row."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cloud_service.pricing.imports.comparison import Compared, Reason, compare, tally
from cloud_service.pricing.rules import rules_of

RULES = rules_of("HR", date(2025, 7, 3))
ROW = {
    "Product": "SOL", "Quantity": "1.00 kg", "Unit": "ko", "Price": "2.00", "UnitPrice": "2",
    "SpecialPrice": "", "BestPrice30": "", "AnchorPrice": "1.80",
}  # fmt: skip


@pytest.fixture(scope="module", params=["0204", "1601"])
def compared(request: pytest.FixtureRequest, shared_data: Path) -> tuple[str, Sequence[Compared]]:
    path = shared_data / "konzum" / f"{request.param}-2025-07-03.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return request.param, list(compare(csv.DictReader(file), RULES))


FIGURES = {
    "0204": Counter({
        Reason.SAME: 10_403, Reason.ROUNDED_QUANTITY: 216, Reason.NO_QUANTITY: 176,
        Reason.ROUNDED_FACTOR: 151, Reason.UNEXPLAINED: 4,
    }),
    "1601": Counter({
        Reason.SAME: 5756, Reason.ROUNDED_QUANTITY: 116, Reason.NO_QUANTITY: 59,
        Reason.ROUNDED_FACTOR: 51, Reason.UNEXPLAINED: 2,
    }),
}  # fmt: skip


def test_every_row_of_the_real_lists_is_compared_and_each_difference_has_a_counted_reason(
    compared: tuple[str, Sequence[Compared]],
) -> None:
    store, rows = compared
    assert [one.row for one in rows] == list(range(2, len(rows) + 2))
    assert tally(rows) == FIGURES[store]


def test_at_most_one_row_in_two_hundred_of_the_real_lists_stays_unexplained(
    compared: tuple[str, Sequence[Compared]],
) -> None:
    _, rows = compared
    assert tally(rows)[Reason.UNEXPLAINED] / len(rows) <= 0.005


def test_a_unit_price_of_ours_is_missing_only_where_the_lists_quantity_is_nonsense(
    compared: tuple[str, Sequence[Compared]],
) -> None:
    for one in compared[1]:
        assert (one.ours is None) == (one.reason is Reason.NO_QUANTITY), one


@pytest.mark.parametrize(
    ("cells", "ours", "reason"),
    [
        ({}, "2", Reason.SAME),
        ({"Price": "", "SpecialPrice": "1.50", "UnitPrice": "1.5"}, "1.5", Reason.SAME),
        ({"Unit": "kg", "Quantity": "0.50 kg"}, "2", Reason.SAME),
        ({"Quantity": "0.20 ko", "UnitPrice": "10"}, None, Reason.NO_QUANTITY),
        ({"Product": "SOL 405g", "Quantity": "0.41 kg", "UnitPrice": "4.94"}, "4.94", Reason.SAME),
        ({"Quantity": "0.41 kg", "UnitPrice": "4.94"}, "4.88", Reason.ROUNDED_QUANTITY),
        ({"Product": "A 4.8g", "Quantity": "0.01 kg", "Price": "4.39", "UnitPrice": "914.57"},
         "914.58", Reason.ROUNDED_FACTOR),
        ({"UnitPrice": "1.8"}, "2", Reason.OTHER_PRICE),
        ({"UnitPrice": "2.5"}, "2", Reason.UNEXPLAINED),
    ],
)  # fmt: skip
def test_a_difference_is_put_down_to_what_explains_it(
    cells: dict[str, str], ours: str | None, reason: Reason
) -> None:
    (found,) = compare([{**ROW, **cells}], RULES)
    assert found.ours == (None if ours is None else Decimal(ours))
    assert found.reason is reason
