"""The contact sheet shows every tile pixel for pixel, and the same tiles give the same bytes."""

import io
import itertools
from dataclasses import replace

import pytest
from PIL import Image

from label_templates.bundles import Bundle
from label_templates.contact_sheet import (
    MOST_WIDE,
    STRIP_TEMPLATE,
    Print,
    contact_sheet,
    make_prints,
)
from label_templates.contract.panel import CATALOGUE, panel_spec
from label_templates.render import Renderer
from label_templates.samples import SAMPLES, sample_bundle
from label_templates.samples.strip import shelf_strip

RENDERER = Renderer(sample_bundle())
FIRST = next(sample for sample in SAMPLES if sample.template == "price/standard")


def opened(prints: list[Print]) -> Image.Image:
    picture = Image.open(io.BytesIO(contact_sheet(prints)))
    picture.load()
    return picture


def drawn(*panels: str, tiles: int = 1) -> list[Print]:
    return list(make_prints(RENDERER, [FIRST] * tiles, [panel_spec(name) for name in panels]))


def test_a_tile_is_on_the_sheet_pixel_for_pixel() -> None:
    (one,) = prints = drawn("epd-2.9-bwr")
    assert one.frame
    sheet, tile = opened(prints).convert("RGB"), one.frame.image().convert("RGB")
    corners = itertools.product(
        range(sheet.width - tile.width + 1), range(sheet.height - tile.height + 1)
    )
    black = tile.getpixel((0, tile.height // 2))
    found = [
        (x, y)
        for x, y in corners
        if sheet.getpixel((x, y + tile.height // 2)) == black
        and sheet.crop((x, y, x + tile.width, y + tile.height)).tobytes() == tile.tobytes()
    ]
    assert len(found) == 1


def test_the_same_tiles_give_the_same_bytes() -> None:
    assert contact_sheet(drawn("epd-2.13-bw")) == contact_sheet(drawn("epd-2.13-bw"))


@pytest.mark.parametrize("tiles", [1, 7, 60])
def test_a_sheet_is_no_wider_than_it_may_be_and_holds_all_its_tiles(tiles: int) -> None:
    sheet = opened(drawn("epd-2.13-bw", "lcd-st7789", "epd-7.3-e6", tiles=tiles))
    assert sheet.width <= MOST_WIDE
    area = sum(CATALOGUE[name].width * CATALOGUE[name].height
               for name in ("epd-2.13-bw", "lcd-st7789", "epd-7.3-e6"))  # fmt: skip
    assert sheet.width * sheet.height > tiles * area


def test_only_panels_that_a_template_is_made_for_are_on_it() -> None:
    panels = list(CATALOGUE.values())
    prints = list(make_prints(RENDERER, [FIRST], panels))
    assert {one.panel.name for one in prints} == {
        panel.name for panel in panels if RENDERER.claims(FIRST.template, panel)
    }


def test_a_tile_that_cannot_be_drawn_leaves_its_place_and_says_why() -> None:
    broken = Renderer(Bundle({FIRST.template: '<tile><text width="9">{{ name }}</text></tile>'}))
    (one,) = prints = list(make_prints(broken, [FIRST], [panel_spec("epd-2.9-bw")]))
    assert one.frame is None
    assert "does not fit" in one.why
    blank = [replace(one, why="")]
    assert contact_sheet(prints) != contact_sheet(blank)
    assert opened(prints).size == opened(blank).size


def test_a_strip_is_shown_whole() -> None:
    strip = panel_spec("lcd-strip-1920x158")
    samples = [sample for sample in SAMPLES if sample.template == STRIP_TEMPLATE]
    (whole,) = make_prints(RENDERER, samples, [strip])
    assert whole.frame == shelf_strip(RENDERER)
    regions = list(make_prints(RENDERER, samples, [strip.region(320)]))
    assert [one.sample for one in regions] == [sample.name for sample in samples]
    assert not list(make_prints(RENDERER, [FIRST], [strip]))


def test_a_sheet_of_nothing_is_a_title() -> None:
    assert opened([]).width > 0
