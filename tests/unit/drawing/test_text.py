"""Letters are one bit deep, measured as they are drawn, and never missing in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from label_templates.drawing import fonts
from label_templates.drawing.text import FontFaces
from label_templates.layout.errors import FontError, GlyphError

FACES = FontFaces()
_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789€$¢%/.,-&"
LETTERS = _LATIN + "ČĆŽŠĐčćžšđÄÖÜäöüßéèñŐőŁłΩЖя"


@given(
    st.text(LETTERS, min_size=1, max_size=20),
    st.sampled_from(sorted(fonts.PINNED)),
    st.integers(9, 60),
)
def test_a_line_is_as_wide_as_its_letters(text: str, font: str, size: int) -> None:
    face, drawn = FACES.face(font, size), FACES.run(text, font, size)
    width = sum(map(face.advances.__getitem__, text))
    reach = size // 4 + 2
    assert -reach <= drawn.left
    assert drawn.left + drawn.width <= width + reach


@given(st.text("ABCXYZabcgpqyČĆŽŠĐčćžšđ0123456789€$", min_size=1), st.integers(9, 60))
def test_croatian_letters_stay_between_ascent_and_descent(text: str, size: int) -> None:
    face, drawn = FACES.face("bold", size), FACES.run(text, "bold", size)
    assert -drawn.top <= face.ascent + face.overshoot
    assert drawn.top + drawn.height <= face.descent + face.overshoot


def test_text_has_no_grey() -> None:
    drawn = FACES.run("Čokolada 4,99 €", "bold", 17)
    assert drawn.mask.mode == "1"


def test_blanks_are_wide_enough_to_part_words_at_small_sizes() -> None:
    assert FACES.face("bold", 9).advances[" "] >= 3


@pytest.mark.parametrize("letter", ["中", "د", "\u0007", "😀"])
def test_a_letter_no_font_has_is_named(letter: str) -> None:
    with pytest.raises(GlyphError, match=f"U\\+{ord(letter):04X}"):
        FACES.face("bold", 14).advances[letter]


def test_right_to_left_text_without_fribidi_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    with pytest.raises(FontError, match="libfribidi0"):
        FontFaces().face("bold", 14).advances["א"]


def test_a_font_file_that_is_not_the_pinned_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(fonts.PINNED, "bold", (fonts.PINNED["bold"][0], "0" * 64))
    with pytest.raises(FontError, match="is not the pinned one"):
        fonts.font_file.__wrapped__("bold")


def test_a_missing_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "PACKAGE", "font_that_nobody_installed")
    with pytest.raises(FontError, match="pip install font-roboto"):
        fonts.font_file.__wrapped__("bold")


def test_the_same_line_is_drawn_once() -> None:
    assert FACES.run("once", "bold", 20).mask is FACES.run("once", "bold", 20).mask


def test_a_mask_is_no_larger_than_its_ink() -> None:
    drawn = FACES.run("H", "bold", 40)
    mask = Image.new("1", (drawn.width, drawn.height))
    mask.im.paste(1, (0, 0, drawn.width, drawn.height), drawn.mask)
    assert mask.getbbox() == (0, 0, drawn.width, drawn.height)


@pytest.mark.parametrize("size", range(9, 40))
def test_words_with_accents_stand_on_the_same_baseline(size: int) -> None:
    for font in sorted(fonts.PINNED):
        face = FACES.face(font, size)
        for word in ("HČ", "HŠ", "HĆ", "HŽ", "HÑ", "HÜ"):
            mask, _, top = face.word(word)
            stem = mask.crop((0, 0, face.advances["H"] - 1, mask.height)).getbbox()
            assert stem is not None
            assert top + stem[3] == 0
