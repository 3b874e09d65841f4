"""What stands in square brackets is decided once for a panel, and errors keep their lines."""

from typing import Any

import pytest

from label_templates.layout.errors import MarkupError
from label_templates.layout.template import Filled, Templates

BASE = """[% if panel_size == "small" %]
[% set note = 10 %]
[% else %]
[% set note = 20 %]
[% endif %]
<tile>
  [% block name %]
  <text name="name" size="[[ note ]]">{{ name }}</text>
  [% endblock %]
  [% block offer %][% endblock %]
</tile>"""
SMALL, LARGE = {"panel_size": "small"}, {"panel_size": "large"}


def filled(child: str, panel: dict[str, Any], base: str = BASE, **values: object) -> Filled:
    sources = {"price/test": child, "base/all": base}
    return Templates(sources.__getitem__, {}).ready("price/test", panel).fill(values)


def test_a_panel_decides_what_stands_in_brackets() -> None:
    child = '[% extends "base/all" %]'
    assert 'size="10"' in filled(child, SMALL, name="Tea").markup
    assert 'size="20"' in filled(child, LARGE, name="Tea").markup


def test_what_a_panel_decided_takes_no_seat() -> None:
    assert filled('[% extends "base/all" %]', SMALL, name="Tea").values == ["Tea"]


def test_a_template_that_extends_another_fills_its_blocks_and_may_keep_them() -> None:
    child = (
        '[% extends "base/all" %]\n[% block offer %]\n<row/>\n[% endblock %]'
        "[% block name %][[ super() ]]<space/>[% endblock %]"
    )
    markup = filled(child, SMALL, name="Tea").markup
    assert '<text _line="8 base/all"' in markup
    assert '<space _line="4 price/test"/>' in markup
    assert '<row _line="3 price/test"/>' in markup


def test_a_flag_that_nobody_set_is_no() -> None:
    child = "<tile>[% if badged %]<row/>[% endif %]</tile>"
    assert "<row" not in filled(child, SMALL).markup


def test_values_of_a_tile_are_unknown_in_brackets() -> None:
    with pytest.raises(MarkupError, match="line 2: 'name' is undefined"):
        filled("<tile>\n[[ name ]]</tile>", SMALL, name="Tea")


@pytest.mark.parametrize(
    ("child", "base", "where"),
    [
        ("[% block offer %]\n\n{{ nothing }}[% endblock %]", BASE, "line 3"),
        ("[% block offer %]\n\n[[ nothing ]][% endblock %]", BASE, "line 3"),
        ("", BASE + "\n{{ nothing }}", "line 12 of base/all"),
        ("", BASE + "\n[[ nothing ]]", "line 12 of base/all"),
        ("", BASE + "\n{% if %}", "line 12 of base/all"),
        ("", BASE + "\n[% if %]", "line 12 of base/all"),
        ("", "<tile>\n\n\ue001</tile>", "line 3 of base/all"),
        ("[% block offer %]\n{% set a = 1 -%}\n{{ a / 0 }}[% endblock %]", BASE, "line 3"),
    ],
)
def test_an_error_names_the_line_that_was_written(child: str, base: str, where: str) -> None:
    with pytest.raises(MarkupError) as raised:
        filled('[% extends "base/all" %]' + child, SMALL, base, name="Tea")
    assert f"template price/test, {where}: " in str(raised.value)


def test_the_marks_of_lines_are_no_part_of_the_markup() -> None:
    child = "<tile>\n{% if a -%}\n  <text>{{ a }}, {{ a }}</text>\n{%- endif %}</tile>"
    made = filled(child, SMALL, a="x")
    assert not set("{@#") & set(made.markup)
