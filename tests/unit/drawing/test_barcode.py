"""Bars that a scanner reads as the product's GTIN."""

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from label_templates.contract.identifiers import check_digit
from label_templates.drawing.barcode import Symbol, encode
from label_templates.layout.errors import CodeError

bodies = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda count: st.text("0123456789", min_size=count, max_size=count)
)


def read(symbol: Symbol) -> set[str]:
    row = "0" * symbol.quiet_left + symbol.modules + "0" * symbol.quiet_right
    line = Image.frombytes("L", (len(row), 1), bytes(0 if bit == "1" else 255 for bit in row))
    picture = line.resize((len(row) * 2, 40), Image.Resampling.NEAREST)
    return {code.text.zfill(14) for code in zxingcpp.read_barcodes(picture)}


@given(bodies)
def test_any_gtin_reads_back(body: str) -> None:
    gtin = body + check_digit(body)
    assert gtin.zfill(14) in read(encode(gtin))


@pytest.mark.parametrize(
    ("gtin", "kind", "width"),
    [
        ("4006381333931", "EAN-13", 113),
        ("012345678905", "UPC-A", 113),
        ("96385074", "EAN-8", 81),
        ("10012345678902", "ITF-14", 155),
    ],
)
def test_each_length_has_its_symbol_and_quiet_zones(gtin: str, kind: str, width: int) -> None:
    assert (encode(gtin).kind, encode(gtin).width) == (kind, width)


def test_a_number_with_a_wrong_check_digit_is_no_barcode() -> None:
    with pytest.raises(CodeError, match="its check digit is 1"):
        encode("4006381333932")
