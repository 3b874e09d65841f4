"""Letters are one bit deep, measured as they are drawn, and never missing in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.drawing.fonts import FONTS
from label_templates.drawing.text import FontFaces
from label_templates.layout.direction import Reading
from label_templates.layout.errors import FontError, GlyphError
from tests.unit.drawing.masks import picture

FACES = FontFaces()
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789€$¢%/.,-&"
LETTERS = _LATIN + "ČĆŽŠĐčćžšđÄÖÜäöüßéèñŐőŁłΩЖя"
_SCRIPTS = (
    "aČgẤự ΩЖя5%€(.…x\u0323\u0304 \u00a0שָׁלקךך״"
    "قهوةلا ءآِّ،١٢٪پی\u200cกาแฟที่ปั๊มน้ำโไ特級、「ー珈ヒ牛커피１￥\u200e\u200f\u2067\u2069\u200b★"
)
any_script = st.text(_SCRIPTS, min_size=1, max_size=24)
fonts = st.sampled_from(sorted(FONTS))
readings = st.sampled_from([Reading(), Reading(rtl=True), Reading(han="ja"), Reading(han="ko")])
_BY_READING = {
    reading: FontFaces(reading)
    for reading in (Reading(), Reading(rtl=True), Reading(han="ja"), Reading(han="ko"))
}


@given(st.text(LETTERS, min_size=1, max_size=20), fonts, st.integers(9, 60))
def test_a_line_is_as_wide_as_its_letters(text: str, font: str, size: int) -> None:
    face, drawn = FACES.face(font, size), FACES.run(text, font, size)
    assert face.length(text) == sum(face.length(letter) for letter in text)
    reach = size // 4 + 2
    assert -reach <= drawn.left
    assert drawn.left + drawn.width <= face.length(text) + reach


@given(any_script, fonts, st.integers(9, 30), readings)
def test_text_of_any_script_is_drawn_where_it_was_measured_or_refused(
    text: str, font: str, size: int, reading: Reading
) -> None:
    face = _BY_READING[reading].face(font, size)
    try:
        width = face.length(text)
    except (GlyphError, FontError):
        return
    drawn = face.line(text)
    overhang = size * 2 // 5 + 2
    assert -overhang <= drawn.left
    assert drawn.left + drawn.width <= width + overhang


@given(any_script, st.integers(9, 40))
def test_letters_stay_within_the_reach_of_their_scripts(text: str, size: int) -> None:
    face = FACES.face("regular", size)
    try:
        reach, drawn = face.reach(text), face.line(text)
    except (GlyphError, FontError):
        return
    slack = size * 2 // 5 + 2  # marks may pile up higher than any word has them
    assert -drawn.top <= reach.ascent + slack
    assert drawn.top + drawn.height <= reach.descent + slack


@given(st.text("ABCXYZabcgpqyČĆŽŠĐčćžšđ0123456789€$", min_size=1), st.integers(9, 60))
def test_croatian_letters_stay_between_ascent_and_descent(text: str, size: int) -> None:
    face, drawn = FACES.face("bold", size), FACES.run(text, "bold", size)
    assert -drawn.top <= face.ascent + face.overshoot
    assert drawn.top + drawn.height <= face.descent + face.overshoot


@pytest.mark.parametrize("text", ["Ẫm thực ổ Ự", "國語「々」", "ลั่นปี่ปู่ญ", "أقلآ جميع", "עברךץ"])
@pytest.mark.parametrize("size", [10, 12, 16, 24, 40])
def test_words_of_every_script_never_touch_the_line_above_or_below(text: str, size: int) -> None:
    for font in FONTS:
        face = FACES.face(font, size)
        reach, drawn = face.reach(text), face.line(text)
        assert -drawn.top < reach.ascent + face.leading
        assert drawn.top + drawn.height <= reach.descent + 1


def test_latin_lines_do_not_grow_for_letters_that_latin_has_not() -> None:
    face = FACES.face("regular", 16)
    assert face.reach("Café – 2 €") == face.reach("abc")
    assert face.reach("Cà phê Ễ").ascent > face.reach("abc").ascent
    assert face.reach("特級").caps > face.reach("abc").caps


def test_text_has_no_grey() -> None:
    assert FACES.run("Čokolada 4,99 €", "bold", 17).mask.mode == "1"


def test_blanks_are_wide_enough_to_part_words_at_small_sizes() -> None:
    face = FACES.face("bold", 9)
    assert face.length(" ") == face.length("\u00a0") >= 3


@pytest.mark.parametrize("letter", ["\u0007", "😀", "ሀ", "𐎠"])
def test_a_letter_no_font_has_is_named(letter: str) -> None:
    with pytest.raises(GlyphError, match=f"U\\+{ord(letter):04X}"):
        FACES.face("bold", 14).length(f"a{letter}")


@pytest.mark.parametrize("text", ["x\u05b8", "5\u0e48", "ก\u064b"])
def test_a_mark_on_a_letter_of_another_script_is_named(text: str) -> None:
    with pytest.raises(GlyphError, match=r"cannot stand on '.' \(U\+"):
        FACES.face("bold", 14).length(text)


def test_a_mark_that_no_font_has_with_its_letter_is_named() -> None:
    with pytest.raises(GlyphError, match="to stand on '特'"):
        FACES.face("bold", 14).length("特\u0304")


@pytest.mark.parametrize("text", ["\u0304x", "a \u05b8", "\u0e48"])
def test_a_mark_without_a_letter_is_named(text: str) -> None:
    with pytest.raises(GlyphError, match="has no letter to stand on"):
        FACES.face("bold", 14).length(text)


def test_an_unknown_font_is_named() -> None:
    with pytest.raises(FontError, match="no font 'comic'; there are regular, medium"):
        FACES.face("comic", 14)


def test_the_same_line_is_drawn_once() -> None:
    assert FACES.run("once", "bold", 20).mask is FACES.run("once", "bold", 20).mask


def test_a_mask_is_no_larger_than_its_ink() -> None:
    drawn = FACES.run("H", "bold", 40)
    assert picture(drawn).getbbox() == (0, 0, drawn.width, drawn.height)


@pytest.mark.parametrize("size", range(9, 40))
def test_letters_with_accents_stand_on_the_same_baseline(size: int) -> None:
    for font in FONTS:
        face = FACES.face(font, size)
        for accented, plain in zip("ČŠĆŽÑÜẾỗÅ", "CSCZNUEoA", strict=True):
            bottoms = [ink.top + ink.height for ink in (face.line(accented), face.line(plain))]
            assert bottoms[0] == bottoms[1]


def test_clear_pixels_beside_a_text_are_those_of_its_ink() -> None:
    face = FACES.face("black", 30)
    for text in ("1", "€/kg", "د.إ."):
        left, right, rise, fall = face.outline(text)
        drawn = face.line(text)
        assert (left, left + drawn.width + right) == (drawn.left, face.length(text))
        assert (rise, rise + fall) == (-drawn.top, drawn.height)


@pytest.mark.parametrize("size", range(10, 17))
def test_stems_of_condensed_letters_are_equally_thick(size: int) -> None:
    tops = set()
    for letter in "bdhkl":
        ink = picture(FACES.face("condensed", size).line(letter))
        tops.add(sum(bool(ink.getpixel((x, 0))) for x in range(ink.width)))
    assert len(tops) == 1
