"""Bars that a scanner reads as the product's GTIN, also from a poor photograph."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from label_templates.contract.identifiers import check_digit
from label_templates.drawing.barcode import encode, suppressed
from label_templates.layout.errors import CodeError
from tests.camera import BLURS, codes, gtins, photographed
from tests.unit.drawing.codes import bars


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


valid_gtins = (
    st.sampled_from([7, 11, 12, 13]).flatmap(digits).map(lambda body: body + check_digit(body))
)


def expanded(body: str) -> str:
    """Return the GTIN-12 for the six digits of a UPC-E, as GS1's table of the last digit says."""
    first, last = body[:5], body[5]
    if last in "012":
        eleven = f"0{first[:2]}{last}0000{first[2:]}"
    elif last == "3":
        eleven = f"0{first[:3]}00000{first[3:]}"
    elif last == "4":
        eleven = f"0{first[:4]}00000{first[4]}"
    else:
        eleven = f"0{first}0000{last}"
    return eleven + check_digit(eleven)


@pytest.mark.parametrize("module", [1, 2])
@given(gtin=valid_gtins)
def test_any_gtin_reads_back(module: int, gtin: str) -> None:
    assert gtins(bars(encode(gtin), module).image().convert("L")) == {gtin.zfill(14)}


@pytest.mark.parametrize("module", [1, 2])
@given(gtin=valid_gtins, blur=st.sampled_from(BLURS))
@example(gtin="4006381333931", blur=2.0)
@example(gtin="012345678905", blur=2.0)
@example(gtin="96385074", blur=2.0)
def test_any_gtin_reads_back_from_a_photograph(module: int, gtin: str, blur: float) -> None:
    assert gtins(photographed(bars(encode(gtin), module), blur)) == {gtin.zfill(14)}


@pytest.mark.parametrize("module", [1, 2])
@given(body=digits(6), blur=st.sampled_from(BLURS))
def test_any_upc_e_reads_back_as_the_gtin_it_stands_for(
    module: int, body: str, blur: float
) -> None:
    gtin = expanded(body)
    symbol = encode(gtin, short=True)
    assert (symbol.kind, symbol.width) == ("UPC-E", 67)
    assert gtins(photographed(bars(symbol, module), blur)) == {gtin.zfill(14)}


@pytest.mark.parametrize(
    ("gtin", "six"),
    [
        ("012345000058", "123455"),  # D7 to D10 zero, D6 not, D11 from 5 to 9
        ("012340000091", "123494"),  # D6 to D10 zero, D5 not
        ("012100003454", "123451"),  # D4 from 0 to 2, D5 to D8 zero
        ("012000003455", "123450"),
        ("012300000451", "123453"),  # D4 from 3 to 9, D5 to D9 zero
        ("012300000642", "123643"),  # worked examples of makers of printers
        ("059300000660", "593663"),
        ("012345678905", None),
        ("112345000055", None),  # not of number system 0
        ("012345000041", None),  # D11 below 5
        ("012345100055", None),  # D7 not zero
    ],
)
def test_zeros_are_left_out_by_the_rules_of_gs1(gtin: str, six: str | None) -> None:
    assert suppressed(gtin) == six


@given(digits(11))
def test_a_upc_e_stands_for_no_other_gtin(body: str) -> None:
    gtin = body + check_digit(body)
    six = suppressed(gtin)
    assert six is None or expanded(six) == gtin


@pytest.mark.parametrize(
    ("gtin", "short", "kind", "printed", "width"),
    [
        ("4006381333931", False, "EAN-13", "4006381333931", 113),
        ("012345678905", False, "UPC-A", "012345678905", 113),
        ("96385074", False, "EAN-8", "96385074", 81),
        ("10012345678902", False, "ITF-14", "10012345678902", 155),
        ("012345000058", False, "UPC-A", "012345000058", 113),
        ("012345000058", True, "UPC-E", "01234558", 67),
        ("00012345000058", True, "UPC-E", "01234558", 67),
        ("012345678905", True, "UPC-A", "012345678905", 113),
        ("4006381333931", True, "EAN-13", "4006381333931", 113),
    ],
)
def test_each_gtin_has_its_symbol_and_quiet_zones(
    gtin: str, short: bool, kind: str, printed: str, width: int
) -> None:
    symbol = encode(gtin, short)
    assert (symbol.kind, symbol.digits, symbol.width) == (kind, printed, width)


@pytest.mark.parametrize(
    ("filled_up", "own"),
    [
        ("03859893615214", "3859893615214"),
        ("0071409543214", "071409543214"),
        ("00071409543214", "071409543214"),
        ("0000020241681", "20241681"),
        ("00000020241681", "20241681"),
    ],
)
def test_a_gtin_filled_up_with_zeros_is_drawn_as_the_one_on_the_product(
    filled_up: str, own: str
) -> None:
    assert encode(filled_up) == encode(own)
    assert codes(photographed(bars(encode(filled_up), 1), 1.0)) <= {own, own.zfill(13)}


def test_a_number_with_a_wrong_check_digit_is_no_barcode() -> None:
    with pytest.raises(CodeError, match="its check digit is 1"):
        encode("4006381333932")
