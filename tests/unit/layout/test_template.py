"""Templates are sandboxed, and nothing a tile says is ever read as markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.layout.errors import MarkupError
from label_templates.layout.template import Filled, Templates

SOURCE = """<tile>
<text name="name">{{ name }}</text>
{% if size %}<text>{{ size }}</text>{% endif %}
</tile>"""


def filled(source: str, **values: object) -> Filled:
    return Templates(lambda _: source, {}).fill("price/test", values)


@given(st.text())
def test_what_a_tile_says_never_enters_the_markup(name: str) -> None:
    assert filled(SOURCE, name=name, size=None).markup == filled(SOURCE, name="", size=None).markup
    assert filled(SOURCE, name=name, size=None).values == [name]


def test_tiles_of_one_shape_give_one_markup() -> None:
    one = filled(SOURCE, name="a", size="1 kg").markup
    assert one == filled(SOURCE, name="b", size="2 kg").markup
    assert one != filled(SOURCE, name="a", size=None).markup


def test_each_element_carries_its_line_whatever_was_left_out() -> None:
    source = '<tile>\n{% if no %}\n<row/>\n{% endif %}\n<text\n  size="9">{{ a }}</text></tile>'
    assert '<text _line="5"' in filled(source, no=False, a="x").markup


def test_macros_make_markup() -> None:
    source = "{% macro m(a) %}<text>{{ a }}</text>{% endmacro %}<tile>{{ m('<b>') }}</tile>"
    made = filled(source)
    assert "<text" in made.markup
    assert made.values == ["<b>"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<tile>\n{% if %}</tile>", "line 2"),
        ("<tile>\n\n{{ nothing }}</tile>", "line 3: 'nothing' is undefined"),
        ("<tile>\n{{ name }}</tile>", "line 2: prints a value that is absent"),
        ("<tile>{{ ''.__class__.__mro__ }}</tile>", "unsafe"),
        ("<tile>{{ words.append(1) }}</tile>", "unsafe"),
        ("<tile>\ue000</tile>", "reserved"),
        ("<tile>\n{{ 1 / 0 }}</tile>", "line 2: division by zero"),
    ],
)
def test_a_wrong_template_says_its_name_line_and_reason(source: str, reason: str) -> None:
    with pytest.raises(MarkupError) as raised:
        filled(source, name=None, words=[])
    assert "template price/test" in str(raised.value)
    assert reason in str(raised.value)
