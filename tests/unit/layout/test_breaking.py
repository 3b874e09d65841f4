"""Lines break where readers of a language expect it, and a letter is never torn apart."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.layout.breaking import extends, joined, letter_ends, words
from label_templates.layout.fitting import ELLIPSIS, Style, fit
from tests.unit.layout.plain_faces import PlainFaces

FACES = PlainFaces()
_MIXED = "abc -/,特級珈琲コーヒーっ、。「」ー牛乳커피กาแฟที่น้ำשָׁלקهوة5½é\u0301\u200b"


def _begins_well(text: str) -> bool:
    """No word begins with a mark that has no letter to stand on."""
    return not any(extends(word[0]) for word in text.replace("\u200b", " ").split())


mixed = (
    st.text(_MIXED, min_size=1, max_size=40)
    .map(lambda text: " ".join(text.split()))
    .filter(_begins_well)
)


def pieces(text: str) -> list[str]:
    return [word for _, word in words(text)]


def test_latin_breaks_at_blanks_alone() -> None:
    assert pieces("Shampoo/Conditioner 2-in-1") == ["Shampoo/Conditioner", "2-in-1"]


def test_chinese_and_japanese_break_between_letters() -> None:
    assert pieces("特級咖啡") == ["特", "級", "咖", "啡"]
    assert pieces("牛乳 200ml") == ["牛", "乳", "200ml"]


def test_no_closing_mark_small_kana_or_long_vowel_begins_a_line() -> None:
    assert pieces("らーめん、") == ["らー", "め", "ん、"]
    assert pieces("ちょっと") == ["ちょっ", "と"]
    assert pieces("「特」級") == ["「特」", "級"]
    assert pieces("級（大）") == ["級", "（大）"]


def test_a_number_stays_with_its_measure_and_its_currency() -> None:
    assert pieces("約12個入") == ["約", "12個", "入"]
    assert pieces("￥298税込") == ["￥298税", "込"]


def test_katakana_words_stay_whole() -> None:
    assert pieces("カフェオレ・コーヒー牛乳") == ["カフェオレ・", "コーヒー", "牛", "乳"]


def test_a_katakana_word_that_is_too_long_is_broken_where_a_line_may_begin() -> None:
    fitted = fit(
        "チョコレート", Style("regular", 8, 8, 4, ellipsis=False, caps=False), FACES, 16, 60
    )
    assert fitted is not None
    assert [line for line, _ in fitted.lines] == ["チョコ", "レート"]


def test_korean_breaks_at_blanks_and_thai_where_a_zero_width_space_says() -> None:
    assert pieces("커피믹스 오리지널") == ["커피믹스", "오리지널"]
    assert pieces("กาแฟ\u200bสำเร็จรูป") == ["กาแฟ", "สำเร็จรูป"]


@given(mixed)
def test_words_put_together_again_are_the_text(text: str) -> None:
    assert joined(words(text)) == text.replace("\u200b", "")


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("abc", ["a", "b", "c"]),
        ("x\u0301y", ["x\u0301", "y"]),
        ("น้ำดี", ["น้ำ", "ดี"]),
        ("שָׁל", ["שָׁ", "ל"]),
        ("", []),
    ],
)
def test_marks_belong_to_the_letter_before_them(text: str, letters: list[str]) -> None:
    ends = [0, *letter_ends(text)]
    assert [text[a:b] for a, b in itertools.pairwise(ends)] == letters


@given(mixed.filter(bool), st.integers(10, 200), st.integers(8, 60), st.booleans())
def test_wrapping_loses_no_letter_and_tears_none_apart(
    text: str, width: int, height: int, cut: bool
) -> None:
    fitted = fit(text, Style("regular", 8, 16, 4, cut, caps=False), FACES, width, height)
    if fitted is None:
        return
    lines = [line.lstrip("\u200e\u200f") for line, _ in fitted.lines]
    shown = "".join(lines)
    if shown.endswith(ELLIPSIS):
        shown = shown.removesuffix(ELLIPSIS)
        assert text.replace("\u200b", "").replace(" ", "").startswith(shown.replace(" ", ""))
    else:
        assert shown.replace(" ", "") == text.replace("\u200b", "").replace(" ", "")
    for line in lines[1:]:
        assert not extends(line[0])


def test_an_ellipsis_never_cuts_a_letter() -> None:
    text = unicodedata.normalize("NFC", "ab\u0323\u0301c" * 9)
    for width in range(12, 60):
        fitted = fit(text, Style("regular", 8, 8, 1, ellipsis=True, caps=False), FACES, width, 8)
        if fitted is not None:
            shown = fitted.lines[0][0].removesuffix(ELLIPSIS)
            assert len(shown) in [0, *letter_ends(text)]
