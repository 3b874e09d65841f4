"""A whole strip as it hangs at a shelf's edge: six positions, each a region of its own."""

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from label_templates.drawing.strip import Region, composed
from label_templates.render import Renderer
from label_templates.samples.stage import STRIP

_STRIP = "lcd-strip-1920x158"
_WIDTHS = {
    "oranges-us": 280,
    "coffee-us": 400,
    "milk-us": 280,
    "granola-us": 400,
    "cola-us": 320,
    "penne-us": 240,
}


def shelf_strip(renderer: Renderer) -> Frame:
    """Return the strip's frame, drawn with the templates and photos of the sample bundle."""
    tiles = {sample.name: sample for sample in STRIP}
    regions = []
    for name, width in _WIDTHS.items():
        tile, panel = tiles[name], panel_spec(f"{_STRIP}@{width}")
        frame = renderer.render(tile.template, tile.content, panel, tile.store)
        regions.append(Region(name, width, frame))
    return composed(panel_spec(_STRIP), regions)
