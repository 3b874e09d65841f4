"""Bundles are tried before anything is drawn with them."""

import io

import pytest
from PIL import Image

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.checking import (
    broken_parts,
    broken_template,
    try_template,
)
from label_templates.bundles.specimens import FACTS, WithSpecimens, photo
from label_templates.contract.panel import CATALOGUE
from label_templates.drawing.photo import MOST_PIXELS
from label_templates.render import Renderer

PRICE = '<tile><price name="price" size="20-70">{{ price | money }}</price></tile>'


def faults(source: str = PRICE, files: dict[str, bytes] | None = None) -> list[str]:
    return list(broken_parts(Bundle({"price/standard": source}, files or {})))


def test_the_installed_bundle_is_whole() -> None:
    assert list(broken_parts(installed_bundle())) == []


def test_a_template_for_large_panels_only_is_no_broken_one() -> None:
    assert faults("{% if width >= 600 %}" + PRICE + "{% endif %}") == []
    assert faults("{# needs: 600x400 #}" + PRICE) == []


def test_a_template_for_no_panel_there_is_or_with_a_claim_nobody_can_read_is_named() -> None:
    assert "claims no panel" in faults("{# needs: 4000x4000 #}" + PRICE)[0]
    assert "is not a claim" in faults("{# needs: wide #}" + PRICE)[0]


def test_a_template_for_products_with_a_photo_and_facts_is_no_broken_one() -> None:
    source = PRICE.replace("<price", "<text size='10'>{{ facts.origin }} {{ stock }}</text><price")
    assert faults(source) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<tile>{% if %}</tile>", "template price/standard"),
        ("<tile><gauge/></tile>", "gauge"),
        ("<tile>{{ bonus }}</tile>", "'bonus' is undefined"),
        ('{% extends "base/none" %}', "unknown template 'base/none'"),
        ("just words", "template price/standard"),
    ],
    ids=["syntax", "element", "variable", "extends", "no markup"],
)
def test_a_template_that_nothing_can_be_drawn_with_is_named(source: str, reason: str) -> None:
    (found,) = faults(source)
    assert "price/standard" in found
    assert reason in found


def test_templates_that_others_extend_are_tried_with_those() -> None:
    base = "<tile>{% block shown %}{% endblock %}</tile>"
    heir = (
        '{% extends "base/tile" %}{% block shown %}<price size="20">{{ price | money }}</price>'
        "{% endblock %}"
    )
    bundle = Bundle({"base/tile": base, "price/standard": heir})
    assert bundle.names() == ("price/standard",)
    assert list(broken_parts(bundle)) == []
    assert list(broken_parts(Bundle({"base/tile": base + "<", "price/standard": heir})))


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (width, height)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "reason"),
    [
        ("images/1.png", photo()[:60], "images/1.png: "),
        ("images/1.png", png(MOST_PIXELS // 4000 + 1, 4000), "more than 16 million"),
        ("facts/1.json", b'{"allergens": "nuts"}', "product facts: allergens"),
    ],
    ids=["torn", "huge", "facts"],
)
def test_a_file_that_is_not_what_it_must_be_is_named(path: str, data: bytes, reason: str) -> None:
    (found,) = faults(files={path: data, "facts/2.json": FACTS, "images/2.png": photo()})
    assert found.startswith(path)
    assert reason in found


def test_a_trial_tells_on_which_panels_a_template_has_room() -> None:
    wide = '<tile><space width="400"/><price size="20">{{ price | money }}</price></tile>'
    renderer = Renderer(WithSpecimens(Bundle({"price/standard": wide})))
    panels = [CATALOGUE["epd-2.9-bw"], CATALOGUE["epd-7.3-e6"]]
    trial = try_template(renderer, "price/standard", panels)
    assert trial.drawn == {"epd-7.3-e6"}
    assert list(trial.undrawn) == ["epd-2.9-bw"]
    assert trial.broken is None
    assert broken_template(renderer, "price/standard", panels[:1]) is None
