"""Every example of docs/tile-templates.md draws, or fails with the words printed below it."""

import hashlib
import re
from pathlib import Path

import pytest

from label_templates.bundles import Bundle, installed_bundle
from label_templates.contract.panel import CATALOGUE
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import TemplateError
from label_templates.render import Renderer
from tests.unit.drawing.pictures import file_of, gradient

GUIDE = (Path(__file__).parents[3] / "docs" / "tile-templates.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```xml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
FAILURES = re.findall(
    r"^```xml error\n(.*?)^```\n```text\n(.*?)\n```", GUIDE, re.DOTALL | re.MULTILINE
)
STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
PHOTO = file_of(gradient(90, 60))
TILE = TileContent(
    sku="90312379",
    name="Čaj od kamilice",
    size="30 g",
    brand="Livada",
    price=199,
    gtin="4006381333931",
    unit_price=663_300,
    unit_measure="kg",
    promotion="special",
    image=hashlib.sha256(PHOTO).hexdigest(),
)


def draw(source: str, panel: str) -> int:
    sources = {**installed_bundle().sources, "guide/example": source}
    renderer = Renderer(Bundle(sources, {"images/photo.png": PHOTO}))
    frame = renderer.render("guide/example", TILE, CATALOGUE[panel], STORE)
    return len(frame.indices) - frame.indices.count(0)


@pytest.mark.parametrize("panel", ["epd-2.9-bwr", "epd-7.3-e6"])
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_draws(number: int, panel: str) -> None:
    assert draw(EXAMPLES[number], panel) > 500


@pytest.mark.parametrize(("source", "message"), FAILURES)
def test_a_wrong_example_fails_as_the_guide_says(source: str, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        draw(source, "epd-2.9-bwr")
    assert str(raised.value) in {
        f"template guide/example, {message}",
        f"template guide/example: {message}",
    }


def test_the_guide_has_examples() -> None:
    assert len(EXAMPLES) >= 7
    assert len(FAILURES) == 3
