"""Names of things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract import identifiers
from label_templates.contract.errors import IdentifierError


def test_the_worked_example_of_gs1_has_check_digit_3() -> None:
    assert identifiers.check_digit("952123454321") == "3"


@pytest.mark.parametrize(
    "gtin", ["9521234543213", "3850334043641", "012345678905", "96385074", "09521234543213"]
)
def test_gtins_of_every_length_are_taken_as_written(gtin: str) -> None:
    assert identifiers.parse_gtin(gtin) == gtin


@given(
    st.text(alphabet="0123456789", min_size=7, max_size=13).filter(
        lambda t: len(t) in {7, 11, 12, 13}
    )
)
def test_any_one_wrong_digit_is_noticed(body: str) -> None:
    gtin = body + identifiers.check_digit(body)
    for place, digit in enumerate(gtin):
        wrong = gtin[:place] + str((int(digit) + 1) % 10) + gtin[place + 1 :]
        with pytest.raises(IdentifierError):
            identifiers.parse_gtin(wrong)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3850334043642", "ends with 2; its check digit is 1"),
        ("385033404364", "ends with 4"),
        ("38503", "has 5 digits"),
        ("3.85E+12", "not made of digits"),
        ("٣٨٥٠٣٣٤٠٤٣٦٤١", "not made of digits"),
        ("", "not made of digits"),
    ],
)
def test_a_wrong_gtin_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError, match=reason.replace("+", r"\+")):
        identifiers.parse_gtin(text)


@given(st.integers(1, 999), st.integers(1, 99), st.integers(1, 999))
def test_a_position_names_its_bay_shelf_and_place(bay: int, shelf: int, place: int) -> None:
    name = identifiers.position_id(bay, shelf, place)
    assert identifiers.position_parts(name) == (bay, shelf, place)


@pytest.mark.parametrize("text", ["b1-s1-p1", "b01-s1", "B01-s1-p01", "b01-s1-p01 ", "b01.s1.p01"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        identifiers.parse_position_id(text)


def test_leading_zeros_of_a_sku_are_kept() -> None:
    assert identifiers.parse_sku("01647057") == "01647057"


@pytest.mark.parametrize(
    ("gtin", "stem", "link"),
    [
        ("9521234543213", "https://id.gs1.org", "https://id.gs1.org/01/09521234543213"),
        ("96385074", "https://id.gs1.org", "https://id.gs1.org/01/00000096385074"),
        ("012345678905", "https://shop.example/p/", "https://shop.example/p/01/00012345678905"),
    ],
)
def test_a_gtin_has_its_digital_link(gtin: str, stem: str, link: str) -> None:
    assert identifiers.digital_link(gtin, stem) == link


@pytest.mark.parametrize("stem", ["shop.example", "https://", "ftp://a.b", "https://a.b/?q=1", ""])
def test_a_link_begins_at_a_place_of_the_web(stem: str) -> None:
    with pytest.raises(IdentifierError, match="where no link begins"):
        identifiers.digital_link("96385074", stem)
