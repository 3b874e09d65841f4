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
FAIL = Fitted("", 0, (), 0, 0, 0, 0)
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


def test_a_short_text_rather_takes_a_line_less_than_larger_letters() -> None:
    text, room = "abcd efgh", (50, 60)
    assert lines(fit(text, style(8, 12), FACES, *room) or FAIL) == ["abcd", "efgh"]
    shorter = fit(text, style(8, 12)._replace(short=True), FACES, *room)
    assert shorter is not None
    assert (lines(shorter), shorter.size) == (["abcd efgh"], 11)


def test_a_short_text_keeps_its_lines_where_one_less_would_make_it_small() -> None:
    two = fit("abcd efgh", style(8, 16)._replace(short=True), FACES, 50, 60)
    assert two is not None
    assert (lines(two), two.size) == (["abcd", "efgh"], 16)


@given(texts, rooms)
def test_short_texts_stay_in_their_room_and_lose_nothing(text: str, room: tuple[int, int]) -> None:
    plain = fit(text, style(), FACES, *room)
    shorter = fit(text, style()._replace(short=True), FACES, *room)
    if plain is None or shorter is None:
        assert plain is shorter
        return
    assert shorter.width <= room[0]
    assert shorter.height <= room[1]
    assert 8 * shorter.size >= 7 * plain.size
    assert "".join(lines(shorter)).replace(" ", "") == text.replace(" ", "")


def test_a_short_text_has_lines_of_about_one_length() -> None:
    balanced = fit("abc abc abc abc ab", style(8, 8)._replace(short=True), FACES, 64, 60)
    assert lines(balanced or FAIL) == ["abc abc abc", "abc ab"]
    assert lines(fit("abc abc abc abc ab", style(8, 8), FACES, 64, 60) or FAIL) == [
        "abc abc abc abc",
        "ab",
    ]


def test_a_cut_in_the_middle_leaves_the_last_words() -> None:
    cut = style(8, 8, 1, ellipsis=True)._replace(middle=True)
    fitted = fit("Shampoo for dry hair with argan oil 250 ml", cut, FACES, 100, 10)
    assert lines(fitted or FAIL) == ["Shampoo for dr…oil 250 ml"]


@given(texts, rooms)
def test_a_text_cut_in_the_middle_begins_and_ends_as_written(
    text: str, room: tuple[int, int]
) -> None:
    fitted = fit(text, style(ellipsis=True)._replace(middle=True), FACES, *room)
    if fitted is None or not any(ELLIPSIS in line for line in lines(fitted)):
        return
    head, tail = "".join(lines(fitted)).split(ELLIPSIS)
    solid = text.replace(" ", "")
    assert solid.startswith(head.replace(" ", ""))
    assert solid.endswith(tail.replace(" ", ""))
    assert fitted.width <= room[0]
