"""Every script is shaped, ordered and joined as its readers write it."""

import pytest

from label_templates.drawing.face import FontFace
from label_templates.drawing.fonts import FONTS
from label_templates.drawing.order import levels, mirrored, visual
from label_templates.drawing.pieces import Kind, split
from label_templates.drawing.scripts import Script
from label_templates.drawing.text import FontFaces
from label_templates.layout.direction import LATIN, Reading
from tests.unit.drawing.masks import by_pillow, columns, picture

SIZE = 24
FACES = FontFaces()
FACE = FACES.face("regular", SIZE)
ARABIC, HEBREW, THAI, CJK = (
    FONTS["regular"][script][0]
    for script in (Script.ARABIC, Script.HEBREW, Script.THAI, Script.CJK)
)


def face(reading: Reading = LATIN, size: int = SIZE) -> FontFace:
    return FontFaces(reading).face("regular", size)


def seen(text: str, *, rtl: bool = False) -> str:
    """A line's characters from left to right, brackets turned."""
    level = levels(text, rtl)
    return "".join(
        visual(
            [
                (n, mirrored(letter) if n % 2 else letter)
                for n, letter in zip(level, text, strict=True)
            ]
        )
    )


# Arabic


@pytest.mark.parametrize("word", ["سلام", "قهوة", "عليكم", "لِلْقِطْعَة", "پنیر"])
@pytest.mark.parametrize("size", [11, 14, 18, 24])
def test_an_arabic_word_is_joined_as_harfbuzz_joins_it(word: str, size: int) -> None:
    ours = picture(FACES.run(word, "regular", size))
    assert ours.tobytes() == by_pillow(word, ARABIC, size, direction="rtl").tobytes()


def test_a_joined_word_is_not_its_letters_side_by_side() -> None:
    apart = sum(FACE.length(letter) for letter in "سلام")
    assert FACE.length("سلام") < apart


def test_joined_letters_are_parted_where_a_joiner_says() -> None:
    together, parted = FACE.length("میخواهم"), FACE.length("می\u200cخواهم")
    assert together != parted


def test_arabic_words_are_measured_one_by_one() -> None:
    words = FACE.length("قهوة"), FACE.length(" "), FACE.length("عربية")
    assert FACE.length("قهوة عربية") == sum(words)


@pytest.mark.parametrize("size", [11, 14, 18, 24, 40])
def test_arabic_stands_on_the_line_of_the_latin_beside_it(size: int) -> None:
    arabic, latin = FACES.run("سلا", "regular", size), FACES.run("H", "regular", size)
    assert arabic.top + arabic.height == latin.top + latin.height == 0


# Order


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("קפה 500", "500 הפק"),
        ("קפה 500 g (חדש)", "(שדח) g 500 הפק"),
        ("(חדש) קפה", "הפק (שדח)"),
        ("Cola (קולה) 1.5 L", "Cola (הלוק) 1.5 L"),
        ("12.90 ₪", "12.90 ₪"),
    ],
)
def test_a_line_is_ordered_as_unicode_says(written: str, line: str) -> None:
    rtl = "א" <= written.lstrip("(")[0] <= "ת"
    assert seen(written, rtl=rtl) == line


@pytest.mark.parametrize("locale_reads_rtl", [True, False])
def test_a_line_begins_where_its_first_letter_says(locale_reads_rtl: bool) -> None:
    reader = face(Reading(rtl=locale_reads_rtl))
    hebrew, mixed = reader.line("אב"), reader.line("אב xyz")
    assert mixed.left < hebrew.left + reader.length("xyz")
    tail = picture(mixed).crop((mixed.width - hebrew.width, 0, mixed.width, mixed.height))
    assert columns(tail) == columns(picture(hebrew))


def test_a_line_without_letters_reads_the_way_of_the_shelf() -> None:
    left, right = picture(face().line("1 + 22")), picture(face(Reading(rtl=True)).line("1 + 22"))
    assert left.tobytes() != right.tobytes()
    assert right.tobytes() == picture(face().line("22 + 1")).tobytes()


def test_the_ellipsis_of_a_hebrew_line_stands_at_its_left() -> None:
    whole, cut = FACE.line("קפה"), FACE.line("קפה…")
    tail = picture(cut).crop((cut.width - whole.width, 0, cut.width, cut.height))
    assert columns(tail) == columns(picture(whole))


def test_brackets_turn_with_the_text_around_them() -> None:
    line, bracket = picture(FACE.line("(אא")), picture(FACE.line(")"))
    assert columns(line)[-bracket.width :] == columns(bracket)


def test_a_direction_mark_takes_no_room() -> None:
    assert FACE.length("\u200fNescafe") == FACE.length("Nescafe")
    assert picture(FACE.line("\u200eא")).tobytes() == picture(FACE.line("א")).tobytes()


def test_digits_of_an_arabic_price_read_from_left_to_right() -> None:
    one_two = picture(FACE.line("١٢")).width
    price, first = FACE.line("سعر ١٢"), FACE.line("١")
    assert columns(picture(price))[: first.width] == columns(picture(first))
    assert price.width > one_two


# Marks


@pytest.mark.parametrize("word", ["שָׁלוֹם", "עֲבוֹדָה"])
def test_hebrew_points_stand_where_harfbuzz_puts_them(word: str) -> None:
    pieces = [part for kind, _, part in split(word) if kind is Kind.MARKED]
    assert pieces
    for piece in pieces:
        ours = picture(FACE.line(piece))
        assert ours.tobytes() == by_pillow(piece, HEBREW, SIZE, direction="rtl").tobytes()


def test_points_take_no_room() -> None:
    assert FACE.length("שָׁלוֹם") == FACE.length("שלום")
    assert FACE.length("ที่") == FACE.length("ท")


@pytest.mark.parametrize("letter", ["ที่", "ปั๊", "น้ำ", "ปู่"])
def test_thai_marks_stand_where_harfbuzz_puts_them(letter: str) -> None:
    ours = picture(FACE.line(letter))
    assert ours.tobytes() == by_pillow(letter, THAI, SIZE).tobytes()


def test_latin_marks_that_cannot_be_composed_stand_on_their_letter() -> None:
    plain, marked = FACE.line("x"), FACE.line("x\u0304")
    assert FACE.length("x\u0304") == FACE.length("x")
    assert marked.top < plain.top
    assert marked.top + marked.height == plain.top + plain.height


# Ideographs


def test_ideographs_have_the_forms_of_the_stores_language() -> None:
    forms = {han: picture(face(Reading(han=han)).line("骨")).tobytes() for han in ("ja", "zh-Hans")}
    forms["zh-Hant"] = picture(face(Reading(han="zh-Hant")).line("骨")).tobytes()
    assert len(set(forms.values())) == 3
    for han in ("ja", "zh-Hans"):
        assert forms[han] == by_pillow("骨", CJK, SIZE, language=han).tobytes()
    assert forms["zh-Hant"] == picture(face().line("骨")).tobytes()


def test_japanese_commas_stand_low_and_left_as_japanese_sets_them() -> None:
    japanese, taiwanese = face(Reading(han="ja")).line("、"), face().line("、")
    assert japanese.left < taiwanese.left
    assert japanese.top > taiwanese.top


@pytest.mark.parametrize("size", [11, 12, 14, 18, 24])
def test_forms_of_a_language_stand_on_the_same_rows(size: int) -> None:
    japanese, plain = face(Reading(han="ja"), size), face(size=size)
    for letter in "三牛コ日":
        assert japanese.line(letter).top == plain.line(letter).top


def test_ideographs_are_as_wide_as_the_font_is_large() -> None:
    for size in (11, 14, 18):
        assert face(size=size).length("特級珈琲") == 4 * size


# Fallback


def test_a_line_may_mix_fonts_on_one_baseline() -> None:
    mixed, alone = FACE.line("H特"), FACE.line("特")
    width = FACE.length("H")
    assert mixed.left + mixed.width == width + alone.left + alone.width
    assert mixed.top + mixed.height == alone.top + alone.height


def test_what_the_condensed_font_lacks_comes_from_the_regular_one() -> None:
    condensed, regular = FACES.run("₴", "condensed", SIZE), FACES.run("₴", "regular", SIZE)
    assert picture(condensed).tobytes() == picture(regular).tobytes()


@pytest.mark.parametrize("symbol", "¥€₩₪₫₽₺₴₹₱฿₸₾₼₦￥﷼£¢$")
def test_every_currency_sign_has_a_font(symbol: str) -> None:
    for font in FONTS:
        assert FACES.face(font, SIZE).length(symbol) > 0


def test_bolder_text_has_more_ink_in_every_script() -> None:
    for text in ("Hg", "אבג", "سلام", "กาแฟ", "特級"):
        inks = [sum(columns(picture(FACES.run(text, font, SIZE)))) for font in ("regular", "bold")]
        assert inks[0] < inks[1]


def test_a_plain_line_is_the_same_before_and_after_its_letters_are_known() -> None:
    text, fresh, used = "Čaj od kamilice 20×1,5\u00a0g", face(), face()
    used.length(text)
    assert picture(fresh.line(text)).tobytes() == picture(used.line(text)).tobytes()
