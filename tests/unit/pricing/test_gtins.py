"""GTINs, and what spreadsheets do to them."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cloud_service.pricing.imports.gtins import gtin_reader, read_gtin, ruin
from cloud_service.pricing.imports.rows import Notes, RowRefused
from label_templates.contract.identifiers import check_digit

DIGITS = st.text("0123456789", min_size=4, max_size=11)


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_a_gtin_is_taken_with_its_check_digit_and_with_no_other(
    size: int, data: st.DataObject
) -> None:
    body = data.draw(st.text("0123456789", min_size=size, max_size=size))
    right = check_digit(body)
    assert read_gtin("gtin", body + right) == body + right
    for wrong in set("0123456789") - {right}:
        with pytest.raises(RowRefused, match="check digit"):
            read_gtin("gtin", body + wrong)


def test_the_gs1_example_has_check_digit_three() -> None:
    assert read_gtin("gtin", "9521234543213") == "9521234543213"


@pytest.mark.parametrize(
    ("text", "story"),
    [
        ("3.85E+12", "wrote it in powers of ten: of 13 digits 3 are left"),
        ("3,85E+12", "wrote it in powers of ten: of 13 digits 3 are left"),
        ("3.850334020802E+12", "powers of ten; it was 3850334020802"),
        ("3850334020802.0", "made it a number with decimals; it was 3850334020802"),
        ("3850334020802,00", "made it a number with decimals; it was 3850334020802"),
        ("3850334000000", "seems to have rounded its last digits to zeros"),
        ("36000291452", "dropped a leading zero; it was 036000291452"),
        ("1234565", "dropped a leading zero; it was 01234565"),
        ("600000004", "dropped 3 leading zeros; it was 000600000004"),
    ],
)
def test_a_gtin_that_a_spreadsheet_ruined_is_named_with_what_happened_and_what_to_do(
    text: str, story: str
) -> None:
    with pytest.raises(RowRefused) as refused:
        read_gtin("gtin", text)
    assert story in refused.value.reason
    assert "give the column the format Text" in refused.value.reason
    assert refused.value.value == text


@pytest.mark.parametrize(
    "text", ["385033402080", "12345", "３８５０３３４０２０８０２", "n/a", "E+12"]
)
def test_what_no_spreadsheet_did_is_not_put_down_to_one(text: str) -> None:
    assert ruin(text) is None
    with pytest.raises(RowRefused):
        read_gtin("gtin", text)


@pytest.mark.parametrize("text", ['="036000291452"', "'036000291452"])
def test_a_gtin_that_was_kept_as_text_is_taken_as_it_is(text: str) -> None:
    assert read_gtin("gtin", text) == "036000291452"


@given(DIGITS)
def test_lost_zeros_are_put_back_where_that_is_asked_for_and_noted(body: str) -> None:
    size = 8 if len(body) < 8 else 12
    gtin = body.zfill(size - 1) + check_digit(body)
    left = gtin.lstrip("0")
    assume(len(left) in {7, 9, 10, 11})
    notes = Notes()
    mended = gtin_reader("gtin", notes, repair=True)(7, left)
    assert mended is not None
    assert (mended.lstrip("0"), len(mended)) == (left, 8 if len(left) == 7 else 12)
    assert notes.lines() == (
        f"1 row: gtin was ruined by a spreadsheet, repaired (first: row 7, {left!r})",
    )
    with pytest.raises(RowRefused, match="leading zero"):
        gtin_reader("gtin", notes, repair=False)(7, left)


def test_digits_that_are_lost_for_good_are_not_repaired() -> None:
    read = gtin_reader("gtin", Notes(), repair=True)
    assert read(2, "3.850334020802E+12") == "3850334020802"
    assert read(2, "") is None
    for text in ("3.85E+12", "3850334000000", "3850334020803"):
        with pytest.raises(RowRefused):
            read(2, text)
