"""What a tile must say is found missing where it is not drawn, whatever the content holds."""

from typing import Any

import pytest

from label_templates.checks.demands import Asked
from tests.unit.checks.tiles import NEWARK, PRICE, asked, codes, found

UNIT: dict[str, Any] = {"unit_price": 39_800, "unit_measure": "kg"}
UNIT_TEXT = '<text name="unit-price" size="12">{{ unit_price | unit_price(unit_measure) }}</text>'
CUT: dict[str, Any] = {"promotion": "percent", "prior_price": 299, "percent_off": 33}
LOYAL: dict[str, Any] = {**UNIT, "loyalty_price": 149, "loyalty_program": "uz karticu"}
LOYAL_TEXT = '<text name="loyalty-price" size="20">{{ loyalty_price | money }}</text>'
REFERENCE: dict[str, Any] = {"reference_price": 189, "reference_date": "2025-05-02"}


def text(name: str, words: str) -> str:
    return f'<text name="{name}" size="12">{words}</text>'


def test_a_price_tile_without_its_price_is_an_error() -> None:
    assert codes('<text name="name" size="20">{{ name }}</text>') == ["price-missing"]
    assert codes('<text size="20">{{ name }}</text>', template="facts/test") == []


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("{{ price | money }}", []),
        ("{{ bundle_price | money }}", []),
        ("{{ (price + 100) | money }}", ["wrong-price"]),
        ("{{ (price + 1000) | money }}", ["wrong-price"]),
    ],
)
def test_a_template_that_prints_another_amount_as_the_price_is_found(
    printed: str, expected: list[str]
) -> None:
    bundle: dict[str, Any] = {"bundle_quantity": 2, "bundle_price": 350}
    markup = f'<price name="price" size="60">{printed}</price>'
    assert codes(markup, **bundle) == expected
    assert codes(f'<text name="price" size="60">{printed}</text>', **bundle) == expected


def test_a_price_may_leave_out_decimals_that_are_zero() -> None:
    short = '<price name="price" size="60">{{ price | short_money }}</price>'
    assert codes(short, price=500) == codes(short, price=199) == []


def test_a_wrong_price_says_both_what_is_shown_and_what_is_right() -> None:
    (finding,) = found('<price name="price" size="60">{{ prior_price | money }}</price>', **CUT)
    assert finding.reason.replace("\xa0", " ") == "shows the digits 299; the price is 1,99 €"


def test_weighed_goods_say_what_the_price_is_for() -> None:
    weighed: dict[str, Any] = {"weighed": True, "unit_price": 19_900, "unit_measure": "kg"}
    per = '<price name="price" size="60" per="/kg">{{ price | money }}</price>'
    assert codes(PRICE, **weighed) == ["measure-missing"]
    assert codes(per, **weighed) == []
    assert codes(PRICE + UNIT_TEXT, **weighed) == []


def test_a_deposit_is_never_charged_unseen() -> None:
    assert codes(PRICE, deposit=25) == ["deposit-missing"]
    assert codes(PRICE + text("deposit", "+ {{ deposit | money }}"), deposit=25) == []
    assert found(PRICE, asked("deposit"), deposit=25)[0].citation == "law of deposit"


@pytest.mark.parametrize(
    ("asks", "content", "markup", "drawn"),
    [
        ("unit-price", UNIT, PRICE, UNIT_TEXT),
        ("prior", CUT, PRICE, text("prior", "{{ prior_price | money }}")),
        ("reference", REFERENCE, PRICE,
         text("reference", "{{ reference_date | date }}: {{ reference_price | money }}")),
        ("loyalty-unit-price", {**LOYAL, "loyalty_unit_price": 29_800}, PRICE + LOYAL_TEXT,
         text("loyalty-unit-price", "{{ loyalty_unit_price | unit_price(unit_measure) }}")),
        ("loyalty-condition", LOYAL, PRICE + LOYAL_TEXT,
         text("loyalty-condition", "{{ loyalty_program }}")),
    ],
)  # fmt: skip
def test_a_part_that_a_law_asks_for_is_missed_where_it_is_not_drawn(
    asks: Asked, content: dict[str, Any], markup: str, drawn: str
) -> None:
    law = asked(asks)
    (finding,) = found(markup, law, **content)
    assert (finding.level, finding.code) == ("error", f"{asks}-missing")
    assert finding.citation == f"law of {asks}"
    assert codes(markup + drawn, law, **content) == []
    assert codes(markup, **content) == [], "nobody asks for it"
    assert codes(f"{markup}<row>{text(asks, '')}</row>", law, **content) == [f"{asks}-missing"]


def test_a_part_may_be_a_box_of_several_nodes() -> None:
    row = f'<row name="prior">{text("", "was")}{text("", "2,99")}</row>'.replace(' name=""', "")
    assert codes(PRICE + row, asked("prior"), **CUT) == []


def test_a_part_that_does_not_apply_is_not_missed() -> None:
    every = asked("unit-price", "prior", "loyalty-unit-price", "loyalty-condition", "deposit")
    assert codes(PRICE, every) == []
    weighed: dict[str, Any] = {"weighed": True, "unit_price": 19_900, "unit_measure": "kg"}
    per = '<price name="price" size="60" per="/kg">{{ price | money }}</price>'
    assert codes(per, asked("unit-price"), **weighed) == [], "the price is the unit price"


def test_a_percentage_without_a_prior_price_announces_a_cut_it_must_not() -> None:
    announced = PRICE + text("off", "−{{ 33 | percent }}")
    cut: dict[str, Any] = {"promotion": "percent", "percent_off": 33}
    assert codes(announced, asked("prior"), **cut) == ["prior"]
    assert codes(PRICE, asked("prior"), **cut) == [], "the tile announces nothing"


def test_a_reference_price_carries_its_day() -> None:
    bare = text("reference", "{{ reference_price | money }}")
    (finding,) = found(PRICE + bare, asked("reference"), **REFERENCE)
    assert (finding.level, finding.code) == ("error", "reference")
    assert "2.5.2025." in finding.reason
    dated = bare + text("reference-date", "{{ reference_date | date }}")
    assert codes(PRICE + dated, asked("reference"), **REFERENCE) == []


def test_where_no_reference_price_is_known_somebody_should_look() -> None:
    assert codes(PRICE, asked("reference")) == ["(reference-unknown)"]


def test_a_loyalty_price_has_a_unit_price_of_its_own() -> None:
    assert codes(PRICE + LOYAL_TEXT, asked("loyalty-unit-price"), **LOYAL) == ["loyalty-unit-price"]
    bare = {key: value for key, value in LOYAL.items() if key not in UNIT}
    assert codes(PRICE + LOYAL_TEXT, asked("loyalty-unit-price"), **bare) == []


def test_connecticut_wants_the_unit_price_headed_first_and_in_its_own_colour() -> None:
    """Conn. Agencies Regs. 21a-75-4."""
    law = asked("unit-price-heading", "unit-price-first", "unit-price-ink")

    def codes_of(markup: str) -> list[str]:
        return codes(markup, law, store=NEWARK, **UNIT)

    head = text("unit-price-label", "Unit price")
    red = UNIT_TEXT.replace("<text", '<text ink="red"')
    assert codes_of(head + red + PRICE) == []
    assert codes_of(f"<row><column>{head}{red}</column>{PRICE}</row>") == []
    assert codes_of(red + PRICE) == ["unit-price-heading"]
    assert codes_of(PRICE + head + red) == ["unit-price-first"]
    assert codes_of(head + UNIT_TEXT + PRICE) == ["unit-price-ink"]
    assert codes_of(PRICE) == [], "the unit price itself is asked for elsewhere"
