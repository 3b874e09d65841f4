"""What is refreshed between two tiles: every changed pixel, and little else."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.bundles import Bundle
from label_templates.contract.panel import CATALOGUE, PanelSpec, panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError
from label_templates.layout.node import PlacedBox
from label_templates.refresh import MOST, Rectangle, dirty
from label_templates.render import Renderer

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
LABEL = """
<tile pad="4 6" gap="4">
  <text name="name" font="bold" size="14-18">{{ name }}</text>
  <space/>
  <row align="end">
    <barcode name="code" height="30">{{ gtin }}</barcode>
    <price name="price" size="48" grow="1">{{ price | money }}</price>
  </row>
</tile>
"""
RENDERER = Renderer(Bundle({"price/label": LABEL}))
BW = panel_spec("epd-2.9-bw")
PARTIAL = [s for s in CATALOGUE.values() if s.partial_refresh_ms is not None]
WHOLE = [s for s in CATALOGUE.values() if s.partial_refresh_ms is None]
TILE: dict[str, Any] = {
    "sku": "90312379", "name": "Čaj od kamilice", "price": 199, "gtin": "4006381333931",
}  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> tuple[PanelSpec, Frame, Frame, list[PlacedBox]]:
    """Draw a panel cut small, two frames that differ in spots, and boxes anywhere."""
    whole = draw(st.sampled_from(PARTIAL))
    width, height = draw(st.integers(1, 60)), draw(st.integers(1, 40))
    spec = whole.model_copy(update={"width": width, "height": height})
    before = Frame(width, height, spec.inks, bytes(width * height))
    pixels = bytearray(before.indices)
    for at in draw(st.lists(st.integers(0, width * height - 1), max_size=12)):
        pixels[at] = 1
    boxes = [
        PlacedBox(
            "text", 1, x, y, draw(st.integers(0, width - x)), draw(st.integers(0, height - y))
        )
        for x, y in draw(
            st.lists(st.tuples(st.integers(0, width), st.integers(0, height)), max_size=5)
        )
    ]
    return spec, before, dataclasses.replace(before, indices=bytes(pixels)), boxes


@given(changes())
def test_no_changed_pixel_is_left_out_and_every_rectangle_is_needed(
    change: tuple[PanelSpec, Frame, Frame, list[PlacedBox]],
) -> None:
    spec, before, after, boxes = change
    found = dirty(spec, before, after, boxes)
    changed = {
        (at % spec.width, at // spec.width)
        for at, (old, new) in enumerate(zip(before.indices, after.indices, strict=True))
        if old != new
    }
    held = [
        {(x, y) for x, y in changed if inside(x, y, part)}
        for part in found
    ]  # fmt: skip
    assert set().union(*held) == changed
    assert all(held)
    assert len(found) <= MOST
    for x, y, width, height in found:
        assert x % spec.align_x == y % spec.align_y == 0
        assert x + width == spec.width or (x + width) % spec.align_x == 0
        assert y + height == spec.height or (y + height) % spec.align_y == 0
        assert 0 < width <= spec.width - x
        assert 0 < height <= spec.height - y


def inside(x: int, y: int, part: Rectangle) -> bool:
    return part.x <= x < part.x + part.width and part.y <= y < part.y + part.height


def between(panel: PanelSpec, **change: Any) -> tuple[Rectangle, ...]:
    """Return what is refreshed when a tile changes in some fields."""
    tiles = [TileContent.model_validate(TILE), TileContent.model_validate(TILE | change)]
    before, after = (RENDERER.render("price/label", tile, panel, STORE) for tile in tiles)
    boxes = [box for tile in tiles for box in RENDERER.boxes("price/label", tile, panel, STORE)]
    return dirty(panel, before, after, boxes)


def test_cents_that_change_are_all_that_is_refreshed() -> None:
    (cents,) = between(BW, price=189)
    assert cents.area // 8 <= 64, "bytes of 4,736"
    boxes = RENDERER.boxes("price/label", TileContent.model_validate(TILE), BW, STORE)
    (price,) = [box for box in boxes if box.node.startswith("price")]
    assert price.x <= cents.x
    assert cents.x + cents.width <= price.x + price.width


def test_what_changes_far_apart_is_refreshed_apart() -> None:
    panel = panel_spec("epd-4.2-bw")
    apart = between(panel, price=189, name="Čaj od kamilica")
    assert len(apart) == 2
    assert sum(part.area for part in apart) < panel.width * panel.height // 4


def test_the_same_tile_is_not_refreshed() -> None:
    assert between(BW) == ()


@pytest.mark.parametrize("spec", WHOLE, ids=lambda spec: spec.name)
def test_a_panel_without_partial_refresh_is_refreshed_as_a_whole(spec: PanelSpec) -> None:
    before = Frame(spec.width, spec.height, spec.inks, bytes(spec.width * spec.height))
    after = dataclasses.replace(before, indices=b"\1" + before.indices[1:])
    assert dirty(spec, before, after) == ((0, 0, spec.width, spec.height),)
    assert dirty(spec, before, before) == ()


def test_a_pixel_that_no_box_holds_is_refreshed_all_the_same() -> None:
    before = Frame(BW.width, BW.height, BW.inks, bytes(BW.width * BW.height))
    after = dataclasses.replace(before, indices=before.indices[:-1] + b"\1")
    box = PlacedBox("text", 1, 0, 0, 20, 20)
    assert dirty(BW, before, after, [box]) == ((295, 120, 1, 8),)


def test_frames_of_another_panel_are_refused() -> None:
    small = Frame(2, 1, BW.inks, b"\0\1")
    with pytest.raises(FrameError, match="2 x 1 in white, black is none of epd-2"):
        dirty(BW, small, small)
