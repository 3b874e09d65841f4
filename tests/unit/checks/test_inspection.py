"""A tile that cannot be drawn has one finding, which names the node and says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.bundles import Bundle, installed_bundle
from label_templates.checks.drawn import Tile
from label_templates.checks.finding import has_errors
from label_templates.checks.inspection import inspect
from label_templates.contract.panel import CATALOGUE
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import TemplateError
from label_templates.render import Renderer
from tests.unit.checks.tiles import PRICE, ZAGREB, codes, content, found

RENDERER = Renderer(installed_bundle())
PANELS = sorted(CATALOGUE)


@pytest.mark.parametrize(
    ("markup", "code", "says"),
    [
        ('<text name="name" size="40" width="30">{{ name }}</text>', "overflow",
         'line 2, text "name": "Kava" does not fit 30 x 128 px at size 40'),
        ('<text name="name">{{ name }} ሀ</text>', "missing-glyph",
         "line 2, text \"name\": font regular has no 'ሀ' (U+1200)"),
        ('<barcode name="code" width="90">4006381333931</barcode>', "code",
         'line 2, barcode "code": EAN-13 needs 113 px with its quiet zones, 90 px are there'),
        ('<barcode name="code">4006381333932</barcode>', "code",
         'line 2, barcode "code": GTIN 4006381333932 ends with 2; its check digit is 1'),
        ("<text>{{ brand }}</text>", "template",
         "line 2: prints a value that is absent; guard it with {% if %}"),
        ("<txet/>", "template", "line 2, txet: unknown element"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_names_node_line_and_reason(markup: str, code: str, says: str) -> None:
    (finding,) = found(markup)
    assert (finding.level, finding.code, finding.undrawable) == ("error", code, True)
    assert str(finding).startswith(says)


def test_a_locale_that_nobody_knows_is_a_finding_of_the_tile() -> None:
    words = StoreWords(id="1", tz="Europe/Zagreb", currency="EUR", locale="xx-XX")
    (finding,) = found(PRICE, store=words)
    assert (finding.code, finding.place) == ("template", None)


def test_errors_come_before_warnings() -> None:
    small = '<text name="size" size="8">500 g</text><text ink="white" size="20">unseen</text>'
    assert codes(small + PRICE) == ["contrast", "(small-text)"]
    assert has_errors(found(small + PRICE))
    assert not has_errors(found('<text size="8">500 g</text>' + PRICE))


@given(
    name=st.text("ABCDabcdČĆŽŠĐčćžšđ0123456789 -/.,&%ሀ", min_size=1, max_size=120),
    price=st.integers(1, 99_999_999),
    panel=st.sampled_from(PANELS),
)
def test_a_tile_has_an_undrawable_finding_exactly_where_it_cannot_be_drawn(
    name: str, price: int, panel: str
) -> None:
    tile = Tile("price/standard", content(name=name, price=price), CATALOGUE[panel], ZAGREB)
    findings = inspect(RENDERER, tile, ())
    reason = why_not(tile)
    assert [one.reason for one in findings if one.undrawable] == ([reason] if reason else [])
    assert not reason or len(findings) == 1


def why_not(tile: Tile) -> str | None:
    """Return why a tile cannot be drawn."""
    try:
        RENDERER.render(tile.tpl, tile.content, tile.panel, tile.store)
    except TemplateError as error:
        return error.reason
    return None


def test_a_node_of_an_extended_template_is_named_with_that_template() -> None:
    base = f'<tile>\n<text name="size" size="8">500 g</text>\n{PRICE}</tile>'
    sources = {"base/small": base, "price/test": '{% extends "base/small" %}'}
    tile = Tile("price/test", content(), CATALOGUE["epd-2.9-bwr"], ZAGREB)
    (finding,) = inspect(Renderer(Bundle(sources)), tile, ())
    assert str(finding.place) == 'line 2 of base/small, text "size"'


def test_a_photo_that_the_bundle_does_not_have_is_found() -> None:
    image = '<row height="60"><image name="photo" grow="1">{{ image }}</image></row>'
    (finding,) = found(image + PRICE, image="0" * 64)
    assert (finding.level, finding.undrawable) == ("error", True)
    assert str(finding).startswith('line 2, image "photo": photo 0000')
