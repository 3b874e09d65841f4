"""Net content: what quantities of lists mean, and how they print."""

import pytest

from cloud_service.pricing.imports.quantity import (
    Quantity,
    konzum_quantity,
    named_quantity,
    printed_quantity,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.30 kg", Quantity(300, "kg", "300 g")),
        ("0.50 l", Quantity(500, "l", "500 ml")),
        ("10.00 kg", Quantity(10_000, "kg", "10 kg")),
        ("1.50 l", Quantity(1500, "l", "1,5 l")),
        ("20.00 ko", Quantity(20_000, "ea", "20 kom")),
        ("1.00 ko", Quantity(1000, "ea", None)),
        ("0.20 ko", None),
        ("60.02 ko", None),
        ("0.00 kg", None),
        ("2 boxes", None),
    ],
)
def test_a_konzum_quantity_prints_as_a_shelf_says_it(text: str, expected: Quantity | None) -> None:
    assert konzum_quantity(text) == expected


def test_a_printed_size_gives_its_net_content() -> None:
    assert printed_quantity("14.5 oz") == Quantity(14_500, "oz", "14.5 oz")
    assert printed_quantity("33.8 fl oz") == Quantity(33_800, "fl oz", "33.8 fl oz")
    assert printed_quantity("family size") is None


def test_a_printed_size_may_have_a_decimal_comma_but_no_thousands() -> None:
    assert printed_quantity("0,75 l") == Quantity(750, "l", "0,75 l")
    assert printed_quantity("1,000 ml") is None


@pytest.mark.parametrize(
    ("name", "listed", "expected"),
    [
        ("BUDDY MP GOVEDINA 405g", "0.41 kg", Quantity(405, "kg", "405 g")),
        ("NEG PIĆE JUMEX 0.473 L", "0.47 l", Quantity(473, "l", "473 ml")),
        ("SLAD BOUNTY 51.6g", "0.05 kg", Quantity(51_600, "g", "51,6 g")),
        ("LIP BALM LABELLO 4,8g", "0.01 kg", Quantity(4800, "g", "4,8 g")),
        ("KAVA JACOBS MONARCH 2G", "0.00 kg", Quantity(2, "kg", "2 g")),
        ("PAPALINA DIM 160 G/112 g", "0.11 kg", Quantity(112, "kg", "112 g")),
    ],
)
def test_a_quantity_that_a_list_rounds_is_taken_from_the_name(
    name: str, listed: str, expected: Quantity
) -> None:
    assert named_quantity(name, listed) == expected


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("KEČAP BLAGI 500g", "0.50 kg"),
        ("MLIJEKO 1L", "1.00 l"),
        ("TORTA NOUGAT 1150 g", "0.85 kg"),
        ("SLAD BOUNTY 6X39.1g", "0.24 l"),
        ("ŠLAG 42g 3+1", "0.13 kg"),
        ("SIR 101g I 104g", "0.10 kg"),
        ("KAPSULE 57 g", "10.00 ko"),
        ("SOL", "1.00 kg"),
    ],
)
def test_a_name_that_gives_no_one_quantity_that_rounds_to_the_lists_says_nothing(
    name: str, listed: str
) -> None:
    assert named_quantity(name, listed) is None
