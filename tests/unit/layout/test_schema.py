"""The schema for editors takes what the reader takes, and refuses what it refuses."""

import re
from pathlib import Path

import pytest
from lxml import etree

from label_templates.contract.panel import Ink
from label_templates.layout.elements import ELEMENTS
from label_templates.layout.errors import MarkupError
from label_templates.layout.markup import parse
from label_templates.layout.schema import relax_ng
from label_templates.layout.template import Filled

SCHEMA = etree.RelaxNG(etree.fromstring(relax_ng()))
GUIDE = (Path(__file__).parents[3] / "docs" / "tile-templates.md").read_text("utf-8")
INKS = (Ink.WHITE, Ink.BLACK, Ink.RED, Ink.YELLOW)


def reader_takes(markup: str) -> bool:
    try:
        parse(Filled(markup, []), INKS)
    except MarkupError:
        return False
    return True


@pytest.mark.parametrize(
    ("markup", "right"),
    [
        ("<tile/>", True),
        ('<tile pad="6" gap="2"><text size="12-18" lines="2" name="name">Tea</text></tile>', True),
        ('<tile><row ground="red black"><badge ground="red">NEW</badge></row></tile>', True),
        ('<tile><rule/><space grow="2"/></tile>', True),
        ("<row/>", False),
        ("<tile><tile/></tile>", False),
        ("<tile>loose</tile>", False),
        ('<tile><text colour="red">a</text></tile>', False),
        ('<tile><text size="large">a</text></tile>', False),
        ('<tile pad="1 2 3"/>', False),
        ('<tile><text font="comic">a</text></tile>', False),
        ('<tile ground="pink"/>', False),
        ("<tile><text><row/></text></tile>", False),
        ("<tile><rule>text</rule></tile>", False),
    ],
)
def test_schema_and_reader_agree(markup: str, right: bool) -> None:
    assert SCHEMA.validate(etree.fromstring(markup)) is right
    assert reader_takes(markup) is right


def test_the_guide_names_every_element_and_attribute() -> None:
    words = set(re.findall(r"[a-z]+", GUIDE))
    for tag, element in ELEMENTS.items():
        assert re.search(rf"<{tag}[ />]", GUIDE), tag
        assert {attribute.name for attribute in element.attributes} <= words, tag
