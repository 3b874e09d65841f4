"""Layers share one box; nothing is laid over what is read."""

import pytest

from label_templates.layout.errors import FitError, MarkupError
from label_templates.layout.node import Fill, Run
from tests.unit.layout.test_box import laid, places

FLAG = (
    '<row name="flag" ground="red" ink="white" pad="2"><text name="off" size="10">25</text></row>'
)


def test_layers_share_the_box_of_the_stack_and_are_drawn_in_order() -> None:
    markup = f'<tile><stack grow="1"><column name="picture" ground="black"/>{FLAG}</stack></tile>'
    assert places(markup)["picture"] == places(markup)["flag"] == (0, 0, 100, 50)
    _, marks = laid(markup)
    assert marks == [
        Fill(0, 0, 100, 50, 1, 0),
        Fill(0, 0, 100, 50, 2, 0),
        Run(2, 12, "25", "regular", 10, 0),
    ]


def test_a_stack_is_as_large_as_its_largest_layer() -> None:
    placed = places(
        '<tile align="start"><stack name="s"><space width="30" height="8"/>'
        '<space width="20" height="12"/></stack></tile>'
    )
    assert placed["s"] == (0, 0, 30, 12)


def test_a_stack_of_a_fitted_text_takes_what_rigid_nodes_leave() -> None:
    placed = places(
        '<tile><stack name="s"><column ground="red"><text size="10-90">ab</text></column></stack>'
        '<text name="foot" size="20">x</text></tile>'
    )
    assert placed["s"][3] == 30
    assert placed["foot"][1] == 30


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ('<text name="price" size="10">1</text><space/>', 'text "price": a layer of the stack is'),
        (f"{FLAG}<column/>", 'text "off": a layer of the stack is laid over it'),
        ('<rule/><stack><text name="t" size="9">1</text></stack>', 'text "t": stands on a picture'),
        (f'<rule/><row><text name="t" size="9">1</text>{FLAG}</row>', 'text "t": stands on'),
    ],
)
def test_what_is_read_is_neither_covered_nor_bare_on_a_picture(layers: str, reason: str) -> None:
    with pytest.raises(MarkupError, match=reason):
        laid(f'<tile><stack grow="1">{layers}</stack></tile>')


def test_a_layer_that_does_not_fit_names_its_node() -> None:
    with pytest.raises(FitError, match='text "t"'):
        laid(
            '<tile><stack><row ground="red"><text name="t" size="60">1</text></row></stack></tile>'
        )
