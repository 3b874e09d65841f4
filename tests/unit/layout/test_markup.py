"""Wrong markup is refused with its line, its node and what was expected."""

import pytest

from label_templates.contract.panel import Ink
from label_templates.layout.errors import MarkupError
from label_templates.layout.markup import Tree, parse
from label_templates.layout.template import Filled
from label_templates.layout.text import Text

BLACK_AND_WHITE = (Ink.WHITE, Ink.BLACK)


def parsed(markup: str, inks: tuple[Ink, ...] = BLACK_AND_WHITE, *values: object) -> Tree:
    return parse(Filled(markup, list(values)), inks)


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ('<tile><img _line="3"/></tile>', "line 3, img: unknown element; there are <tile>"),
        ("<row/>", "<tile> is the outermost"),
        ("<tile><tile/></tile>", "<tile> is the outermost"),
        ('<tile><text _line="2" colour="red"/></tile>', "line 2, text: unknown attribute 'colour'"),
        ('<tile><text size="12-8"/></tile>', "not a size such as 14 or 12-18"),
        ('<tile pad="1 2 3"/>', "not 1, 2 or 4 whole numbers"),
        ('<tile gap="-1"/>', "not a whole number"),
        ('<tile><text font="comic"/></tile>', "not one of regular, medium, bold, black"),
        ('<tile ground="pink"/>', "'pink' is not an ink"),
        ('<tile ground="red"/>', "the panel has only white, black"),
        ("<tile>loose</tile>", "text stands in <text>"),
        ("<tile><text><row/></text></tile>", "<text> holds no elements"),
        ("<tile><price>4.99</price></tile>", "one amount"),
        ('<tile>\n<text _line="2">\n</tile>', "line 2: not well-formed"),
        ('<!DOCTYPE tile [<!ENTITY a "b">]><tile/>', "declarations and entities"),
    ],
)
def test_wrong_markup_says_where_and_why(markup: str, reason: str) -> None:
    with pytest.raises(MarkupError) as raised:
        parsed(markup)
    assert reason in str(raised.value)


def test_an_ink_falls_back_to_the_next_one_the_panel_has() -> None:
    markup = '<tile><text ink="red black">a</text></tile>'
    inks = {}
    for panel in (BLACK_AND_WHITE, (*BLACK_AND_WHITE, Ink.RED)):
        text = parsed(markup, panel).root.children[0]
        assert isinstance(text, Text)
        inks[len(panel)] = text.ink
    assert inks == {2: 1, 3: 2}


def test_ink_is_inherited() -> None:
    text = parsed('<tile ink="white"><row><text>a</text></row></tile>').root.children[0]
    assert getattr(text, "children")[0].ink == 0  # noqa: B009  a Box among Nodes


def test_a_value_in_an_attribute_is_told_so_that_other_values_give_other_trees() -> None:
    tree = parsed('<tile gap="\ue0000\ue001"/>', BLACK_AND_WHITE, 7)
    assert tree.attribute_seats == (0,)
    assert tree.root.gap == 7
