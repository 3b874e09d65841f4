"""A text is set as large as it fits, and never loses a letter without a sign."""

from hypothesis import given
from hypothesis import strategies as st

from label_templates.layout.fitting import ELLIPSIS, Fitted, Style, fit
from tests.unit.layout.plain_faces import PlainFaces

FACES = PlainFaces()
texts = st.lists(st.text("abcXYZ-/,.", min_size=1, max_size=14), min_size=1, max_size=9).map(
    " ".join
)
short = st.lists(st.text("abcXYZ", min_size=1, max_size=4), min_size=1).map(" ".join)
rooms = st.tuples(st.integers(20, 300), st.integers(8, 90))


def style(smallest: int = 8, largest: int = 24, lines: int = 3, *, ellipsis: bool = False) -> Style:
    return Style("regular", smallest, largest, lines, ellipsis, caps=False)


def lines(fitted: Fitted) -> list[str]:
    return [line for line, _ in fitted.lines]


@given(texts, rooms, st.booleans())
def test_a_fitted_text_stays_in_its_room(text: str, room: tuple[int, int], cut: bool) -> None:
    fitted = fit(text, style(ellipsis=cut), FACES, *room)
    if fitted is not None:
        assert fitted.width <= room[0]
        assert fitted.height <= room[1]
        assert len(fitted.lines) <= 3


@given(texts, rooms)
def test_without_an_ellipsis_every_letter_is_set(text: str, room: tuple[int, int]) -> None:
    fitted = fit(text, style(), FACES, *room)
    if fitted is not None:
        assert "".join(lines(fitted)).replace(" ", "") == text.replace(" ", "")


@given(short, st.tuples(st.integers(60, 300), st.integers(8, 90)))
def test_no_larger_size_would_have_fitted(text: str, room: tuple[int, int]) -> None:
    fitted = fit(text, style(), FACES, *room)
    if fitted is not None and fitted.size < 24:
        assert fit(text, style(fitted.size + 1), FACES, *room) is None


@given(texts, rooms)
def test_a_cut_text_ends_with_an_ellipsis_and_begins_as_written(
    text: str, room: tuple[int, int]
) -> None:
    fitted = fit(text, style(ellipsis=True), FACES, *room)
    if fitted is not None and lines(fitted)[-1].endswith(ELLIPSIS):
        shown = "".join(lines(fitted)).removesuffix(ELLIPSIS).replace(" ", "")
        assert text.replace(" ", "").startswith(shown)


def test_a_long_word_is_broken_after_its_joint() -> None:
    fitted = fit("SHAMPOO/CONDITIONER", style(10, 10), FACES, 60, 60)
    assert fitted is not None
    assert lines(fitted) == ["SHAMPOO/", "CONDITIONER"]


def test_a_text_that_cannot_be_set_is_told() -> None:
    assert fit("abc", style(lines=1), FACES, 10, 50) is None
    assert fit("abc", style(), FACES, 100, 7) is None


def test_an_empty_text_takes_no_room() -> None:
    fitted = fit("", style(), FACES, 10, 10)
    assert fitted is not None
    assert (fitted.width, fitted.height, fitted.lines) == (0, 0, ())
