"""Templates are sandboxed, and nothing a tile says is ever read as markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.layout.errors import MarkupError, UnknownTemplateError
from label_templates.layout.template import Filled, Templates

SOURCE = """<tile>
<text name="name">{{ name }}</text>
{% if size %}<text>{{ size }}</text>{% endif %}
</tile>"""


def filled(source: str, **values: object) -> Filled:
    return Templates(lambda _: source, {}).ready("price/test", {}).fill(values)


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
    assert '<text _line="5 price/test"' in filled(source, no=False, a="x").markup


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


BASE = """<tile>
  {% block name %}
  <text name="name">{{ name }}</text>
  {% endblock %}
  {% block offer %}{% endblock %}
</tile>"""


def extended(child: str, base: str = BASE, **values: object) -> Filled:
    sources = {"price/test": child, "base/small": base}
    return Templates(sources.__getitem__, {}).ready("price/test", {}).fill(values)


def test_a_template_that_extends_another_fills_its_blocks() -> None:
    child = '{% extends "base/" ~ which %}\n{% block offer %}\n<row/>{% endblock %}'
    made = extended(child, which="small", name="Tea")
    assert '<text _line="3 base/small"' in made.markup
    assert '<row _line="3 price/test"' in made.markup
    assert made.values == ["Tea"]


@pytest.mark.parametrize(
    ("child", "base", "where"),
    [
        ("{% block offer %}\n\n{{ nothing }}{% endblock %}", BASE, "line 3"),
        ("{% block offer %}{% endblock %}", BASE + "\n{{ nothing }}", "line 7 of base/small"),
        ("", "<tile>\n{% if %}</tile>", "line 2 of base/small"),
        ("", "<tile>\n\ue000</tile>", "line 2 of base/small"),
    ],
)
def test_an_error_names_the_line_of_the_template_in_which_it_is(
    child: str, base: str, where: str
) -> None:
    with pytest.raises(MarkupError) as raised:
        extended('{% extends "base/small" %}' + child, base, name="Tea")
    assert f"template price/test, {where}: " in str(raised.value)


@pytest.mark.parametrize(
    ("sources", "where"),
    [
        ({"a": '[% extends "a" %]'}, "template a, line 1"),
        ({"a": '<tile>\n[% include "a" %]</tile>'}, "template a, line 2"),
        ({"a": '[% extends "b" %]', "b": '\n[% extends "a" %]'}, "template a, line"),
        ({"a": '<tile>\n{% include "a" %}</tile>'}, "template a, line 2"),
        ({"a": "{% macro m() %}\n{{ m() }}{% endmacro %}{{ m() }}"}, "template a, line 2"),
    ],
)
def test_a_template_that_brings_itself_in_is_named(sources: dict[str, str], where: str) -> None:
    with pytest.raises(MarkupError, match="brings itself in") as raised:
        Templates(sources.__getitem__, {}).ready("a", {}).fill({})
    assert where in str(raised.value)


@pytest.mark.parametrize("brackets", ["{{ %s }}", "[[ %s ]]"])
@pytest.mark.parametrize(
    "expression",
    ['"a" * 999999999', '99999 * "ab"', "[1] * 999999999", "9 ** 999999999", "9 ** 9 ** 9"],
)
def test_what_would_fill_the_memory_is_refused(brackets: str, expression: str) -> None:
    source = f"<tile>\n{brackets % expression}</tile>"
    with pytest.raises(MarkupError, match=r"line 2: makes .* by \*"):
        Templates({"a": source}.__getitem__, {}).ready("a", {}).fill({})


SMALL = [("3 * 4", 12), ('"ab" * 2', "abab"), ("2 ** 5", 32)]


@pytest.mark.parametrize(("expression", "value"), SMALL)
def test_what_is_small_is_multiplied(expression: str, value: object) -> None:
    source = f"<tile>{{{{ {expression} }}}}</tile>"
    assert Templates({"a": source}.__getitem__, {}).ready("a", {}).fill({}).values == [value]


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ('\n[% extends "base/none" %]', "template a, line 2: "),
        ('<tile>\n\n{% include "base/none" %}</tile>', "template a, line 3: "),
    ],
)
def test_a_template_that_is_not_there_is_named_with_who_asks_for_it(
    source: str, where: str
) -> None:
    def read(name: str) -> str:
        if name == "a":
            return source
        raise UnknownTemplateError(f"unknown template '{name}'")

    with pytest.raises(MarkupError) as raised:
        Templates(read, {}).ready("a", {}).fill({})
    assert str(raised.value) == f"{where}unknown template 'base/none'"
    with pytest.raises(UnknownTemplateError) as unasked:
        Templates(read, {}).ready("other", {})
    assert unasked.value.__cause__ is not unasked.value  # or who follows the causes never ends
