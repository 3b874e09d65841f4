"""QR codes that a phone reads as what was written, also from a poor photograph."""

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from label_templates.contract.identifiers import check_digit, digital_link
from label_templates.drawing.qr import LEVELS, encode
from label_templates.layout.errors import CodeError
from tests.camera import BLURS, codes, photographed
from tests.unit.drawing.codes import square

bodies = st.text("0123456789", min_size=13, max_size=13)
uris = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120)


@pytest.mark.parametrize("module", [1, 2])
@given(body=bodies, level=st.sampled_from(LEVELS), blur=st.sampled_from(BLURS))
@example(body="0952123454321", level="M", blur=2.0)
def test_the_link_of_any_gtin_reads_back_from_a_photograph(
    module: int, body: str, level: str, blur: float
) -> None:
    link = digital_link(body + check_digit(body))
    assert codes(photographed(square(encode(link, level), module), blur)) == {link}


@given(uri=uris, level=st.sampled_from(LEVELS))
def test_any_uri_reads_back(uri: str, level: str) -> None:
    assert codes(photographed(square(encode(uri, level), 2), 1.0)) == {uri}


def test_the_smallest_version_is_taken() -> None:
    link = digital_link("9521234543213")
    sides = {level: encode(link, level).side for level in LEVELS}
    assert sides == {"L": 25, "M": 29, "Q": 29, "H": 33}
    assert encode(link.upper(), "M").side == 25


def test_the_same_link_gives_the_same_modules() -> None:
    link = digital_link("9521234543213")
    first = encode(link, "M")
    for number in range(1500):  # more than are kept
        encode(f"{link}?n={number}", "M")
    again = encode(link, "M")
    assert again == first
    assert again is not first


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "holds ''"), ("čaj", "beyond printable ASCII"), ("a" * 3000, "no QR code holds 'aaa")],
)
def test_what_no_code_can_hold_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CodeError, match=reason):
        encode(text, "M")


def test_a_shelf_without_qr_codes_does_not_wait_for_their_library() -> None:
    told = "import sys, label_templates.render; sys.exit('zxingcpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
