"""Shelves that read right to left begin at the right; texts keep their own way."""

import pytest

from label_templates.layout.box import Box
from label_templates.layout.direction import LEFT_TO_RIGHT, RIGHT_TO_LEFT, direction
from label_templates.layout.errors import Place
from label_templates.layout.fitting import Style, fit
from label_templates.layout.formats import Formats
from label_templates.layout.keep import Keep
from label_templates.layout.node import Node, PlacedBox, Sheet, Space
from label_templates.layout.text import Text
from tests.unit.layout.plain_faces import PlainFaces

FACES = PlainFaces()


def laid(node: Node, *, rtl: bool) -> tuple[Sheet, list[PlacedBox]]:
    boxes: list[PlacedBox] = []
    sheet = Sheet([], FACES, Keep(10_000), boxes, rtl)
    node.put(sheet, 0, 0, 100, 40)
    return sheet, boxes


def space(name: str, width: int) -> Space:
    return Space(place=Place(1, name), width=width, height=5)


def text(words: str, align: str) -> Text:
    style = Style("regular", 8, 8, 1, ellipsis=False, caps=False)
    return Text(place=Place(1, "text"), words=(words,), style=style, ink=0, align=align)  # type: ignore[arg-type]


def test_a_row_begins_at_the_right_and_its_padding_changes_sides() -> None:
    row = Box(
        place=Place(1, "row"),
        vertical=False,
        children=(space("first", 10), space("second", 20)),
        pad=(1, 2, 3, 4),
        gap=5,
    )
    _, left_to_right = laid(row, rtl=False)
    assert [box.x for box in left_to_right[1:]] == [4, 19]
    _, mirrored = laid(row, rtl=True)
    assert [box.x for box in mirrored[1:]] == [100 - 4 - 10, 100 - 19 - 20]


@pytest.mark.parametrize("align", ["stretch", "start", "center", "end"])
@pytest.mark.parametrize("justify", ["start", "center", "end", "between"])
@pytest.mark.parametrize("vertical", [True, False])
def test_every_box_is_the_mirror_image_of_what_it_would_be(
    align: str, justify: str, vertical: bool
) -> None:
    inner = Box(
        place=Place(2, "inner"), vertical=not vertical, children=(space("a", 10), space("b", 30))
    )
    box = Box(
        place=Place(1, "outer"),
        vertical=vertical,
        children=(inner, space("c", 16)),
        pad=(1, 2, 3, 4),
        gap=6,
        align=align,  # type: ignore[arg-type]
        justify=justify,  # type: ignore[arg-type]
    )
    _, plain = laid(box, rtl=False)
    _, mirrored = laid(box, rtl=True)
    for one, other in zip(plain, mirrored, strict=True):
        flipped = one._replace(x=100 - one.x - one.width)
        centred = align == "center" or justify == "center"
        assert abs(flipped.x - other.x) <= (1 if centred else 0)
        assert flipped._replace(x=0) == other._replace(x=0)


def test_start_is_where_the_store_begins_to_read() -> None:
    for align, left, right in (("start", 0, 92), ("end", 92, 0), ("center", 46, 46)):
        assert laid(text("ab", align), rtl=False)[0].marks[0].x == left
        assert laid(text("ab", align), rtl=True)[0].marks[0].x == right


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("500 g קפה", LEFT_TO_RIGHT),
        ("500 קפה g", RIGHT_TO_LEFT),
        ("(قهوة)", RIGHT_TO_LEFT),
        ("12,50 − 3", ""),
        ("Ωμέγα", LEFT_TO_RIGHT),
        ("", ""),
    ],
)
def test_a_text_reads_the_way_of_its_first_letter(words: str, way: str) -> None:
    assert direction(words) == way


def test_a_wrapped_line_reads_the_way_of_its_whole_text() -> None:
    style = Style("regular", 8, 8, 3, ellipsis=False, caps=False)
    fitted = fit("קפה Nescafe 200", style, FACES, 32, 60)
    assert fitted is not None
    assert [line for line, _ in fitted.lines] == ["קפה", "\u200fNescafe", "\u200f200"]


@pytest.mark.parametrize(
    ("locale", "rtl", "han"),
    [
        ("he-IL", True, ""),
        ("ar-AE", True, ""),
        ("hr-HR", False, ""),
        ("ja-JP", False, "ja"),
        ("ko-KR", False, "ko"),
        ("zh-CN", False, "zh-Hans"),
        ("zh-TW", False, "zh-Hant"),
        ("zh-HK", False, "zh-Hant"),
        ("zh", False, "zh-Hans"),
    ],
)
def test_a_locale_tells_how_its_shelves_read(locale: str, rtl: bool, han: str) -> None:
    assert Formats("EUR", locale, "Europe/Zagreb").reading == (rtl, han)
