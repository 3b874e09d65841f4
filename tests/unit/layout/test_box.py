"""Rows and columns give out every pixel, overlap nothing and say what does not fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.panel import Ink
from label_templates.layout.errors import FitError
from label_templates.layout.keep import Keep
from label_templates.layout.markup import parse
from label_templates.layout.node import Fill, Mark, PlacedBox, Run, Sheet
from label_templates.layout.template import Filled
from tests.unit.layout.plain_faces import PlainFaces

INKS = (Ink.WHITE, Ink.BLACK, Ink.RED)
Where = tuple[int, int, int, int]


def laid(markup: str, width: int = 100, height: int = 50) -> tuple[list[PlacedBox], list[Mark]]:
    boxes: list[PlacedBox] = []
    sheet = Sheet([], PlainFaces(), Keep(10_000), boxes)
    parse(Filled(markup, []), INKS).root.put(sheet, 0, 0, width, height)
    return boxes, sheet.marks


def places(markup: str, width: int = 100, height: int = 50) -> dict[str, Where]:
    boxes, _ = laid(markup, width, height)
    return {box.node.partition('"')[2].rstrip('"'): box[2:6] for box in boxes}


def test_a_growing_node_takes_what_the_others_leave() -> None:
    placed = places('<tile><text name="head" size="10">ab</text><row name="rest" grow="1"/></tile>')
    assert placed["head"] == (0, 0, 100, 10)
    assert placed["rest"] == (0, 10, 100, 40)


def test_a_rigid_node_is_asked_before_an_elastic_one_that_stands_before_it() -> None:
    placed = places(
        '<tile><text name="name" size="10-40">ab</text><text name="foot" size="20">x</text></tile>'
    )
    assert placed["name"][3] == 30
    assert placed["foot"] == (0, 30, 100, 20)


def test_padding_and_gaps_stay_clear() -> None:
    placed = places(
        '<tile pad="1 2 3 4" gap="5"><space name="a" grow="1"/><space name="b" grow="1"/></tile>'
    )
    assert placed["a"] == (4, 1, 94, 20)
    assert placed["b"] == (4, 26, 94, 21)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(1, 400))
def test_growing_nodes_share_every_pixel(weights: list[int], width: int) -> None:
    children = "".join(f'<space name="{n}" grow="{w}"/>' for n, w in enumerate(weights))
    placed = places(f'<tile><row grow="1">{children}</row></tile>', width)
    ends = 0
    for number in range(len(weights)):
        x, _, wide, _ = placed[str(number)]
        assert x == ends
        ends = x + wide
    assert ends == width


def test_a_child_at_the_end_stands_at_the_end() -> None:
    placed = places(
        '<tile align="end"><row name="r" justify="end" grow="1">'
        '<text name="t" size="10">ab</text></row></tile>'
    )
    assert placed["t"] == (90, 0, 10, 50)


@pytest.mark.parametrize(("align", "y"), [("start", 0), ("center", 20), ("end", 40)])
def test_a_row_aligns_its_children_across(align: str, y: int) -> None:
    placed = places(
        f'<tile><row align="{align}" grow="1"><text name="t" size="10">ab</text></row></tile>'
    )
    assert placed["t"] == (0, y, 10, 10)


def test_a_badge_is_a_row_with_a_ground_and_its_own_ink() -> None:
    _, marks = laid(
        '<tile><row><row ground="red" ink="white" pad="2 3" radius="2">'
        '<text size="10">25</text></row></row></tile>'
    )
    assert marks == [Fill(0, 0, 16, 14, 2, 2), Run(3, 12, "25", "regular", 10, 0)]


def test_an_edge_is_drawn_around_the_ground() -> None:
    _, marks = laid('<tile edge="black" ground="white"/>', 20, 10)
    assert marks == [Fill(0, 0, 20, 10, 1, 0), Fill(1, 1, 18, 8, 0, 0)]


def test_what_does_not_fit_names_the_line_and_the_node() -> None:
    markup = (
        '<tile>\n<row grow="1"><text _line="7" name="sku" size="20">ABCDEFGHIJK</text></row></tile>'
    )
    with pytest.raises(FitError, match='line 7, text "sku": "ABCDEFGHIJK" does not fit 100 x 50'):
        laid(markup)


def test_children_that_need_more_than_there_is_are_an_error() -> None:
    with pytest.raises(FitError, match='"b"'):
        laid('<tile><space name="a" height="30"/><space name="b" height="30"/></tile>')


def test_a_struck_price_is_crossed_at_the_middle_of_its_digits() -> None:
    _, marks = laid('<tile><row><text size="22" strike="yes">1</text></row></tile>')
    assert marks[1] == Fill(0, 10, 11, 2, 1, 0)


def test_what_a_growing_node_gets_at_least_is_not_given_to_a_fitted_one_before_it() -> None:
    placed = places(
        '<tile align="start"><row name="r"><text name="t" size="10-40">abcdef</text>'
        '<space name="s" grow="1" least="40"/></row></tile>'
    )
    assert placed["t"][2] == 60
    assert placed["s"][:3] == (60, 0, 40)


def test_a_whole_node_gets_what_its_content_needs_before_others_choose_their_size() -> None:
    markup = (
        '<tile><text name="name" size="10-40">ab</text>'
        '<row name="rest" grow="1" least="5"{}><column>'
        '<text size="8-20">a</text><text size="9">b</text></column></row></tile>'
    )
    with pytest.raises(FitError, match="does not fit"):
        laid(markup.format(""))
    whole = places(markup.format(' whole="yes"'))
    assert whole["rest"] == (0, 33, 100, 17)
    assert whole["name"][3] == 33


def test_a_whole_node_that_needs_too_much_names_what_does_not_fit() -> None:
    markup = '<tile><row grow="1" whole="yes"><text name="big" size="60">a</text></row></tile>'
    with pytest.raises(FitError, match='text "big"'):
        laid(markup)


def test_what_a_row_needs_is_asked_of_rigid_nodes_before_those_that_wrap() -> None:
    placed = places(
        '<tile><row grow="1" whole="yes"><text name="label" size="10" lines="2">ab cd</text>'
        '<text name="amount" size="10">123456</text></row><space grow="1"/></tile>',
        width=45,
    )
    assert placed["label"][2] == 10
    assert placed["amount"][:3] == (10, 0, 30)
