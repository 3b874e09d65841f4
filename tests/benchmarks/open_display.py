"""Comparator: odl-renderer, which draws OpenEPaperLink labels for Home Assistant.

The same labels as drawing instructions; it has no barcode, no fitting, no raised cents, and leaves
photos in full colour, undithered.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from odl_renderer import generate_image

from label_templates.contract.tile import TileContent
from label_templates.drawing.fonts import font_file
from label_templates.samples import sample_bundle


def render_all(tiles: Sequence[TileContent]) -> None:
    """Draw all tiles, in one event loop."""
    asyncio.run(_all(tiles))


def render_all_promos(tiles: Sequence[TileContent]) -> None:
    """Draw the heads of an aisle, with a photo each, in one event loop."""
    asyncio.run(_all_promos(tiles))


async def _all_promos(tiles: Sequence[TileContent]) -> None:
    for tile in tiles:
        picture = await generate_image(800, 480, _promo_elements(tile), accent_color="red")
        picture.tobytes()


def _promo_elements(tile: TileContent) -> list[dict[str, Any]]:
    whole, cents = divmod(tile.price, 100)
    photo = {"type": "dlimg", "url": sample_bundle().asset(tile.image or ""), "x": 0, "y": 0}
    flag = {"type": "rectangle", "x_start": 0, "x_end": 170, "y_start": 24, "y_end": 84}
    ground = {"type": "rectangle", "x_start": 360, "x_end": 800, "y_start": 230, "y_end": 480}
    stroke = {"type": "line", "x_start": 424, "x_end": 500, "y_start": 162, "y_end": 162}
    return [
        {**photo, "xsize": 360, "ysize": 480, "resize_method": "cover"},
        {**flag, "fill": "red", "outline": "red"},
        {**_text(20, 34, f"{tile.percent_off}% off", "black", 38), "color": "white"},
        {**_text(378, 14, tile.name, "bold", 40), "max_width": 404},
        _text(378, 118, tile.size or "", "regular", 20),
        _text(378, 150, "was", "regular", 20),
        _text(424, 146, f"${(tile.prior_price or 0) / 100:.2f}", "medium", 26),
        stroke,
        _text(378, 186, "Unit price", "regular", 20),
        _text(478, 182, f"{(tile.unit_price or 0) / 100:.1f}¢/oz", "medium", 26),
        {**ground, "fill": "red", "outline": "red"},
        {**_text(400, 240, "$", "black", 88), "color": "white"},
        {**_text(460, 228, str(whole), "black", 176), "color": "white"},
        {**_text(670, 240, f"{cents:02}", "black", 88), "color": "white"},
        {**_text(384, 446, "until 7/5", "medium", 20), "color": "white"},
    ]


async def _all(tiles: Sequence[TileContent]) -> None:
    for tile in tiles:
        picture = await generate_image(296, 128, _elements(tile), accent_color="red")
        picture.tobytes()


def _elements(tile: TileContent) -> list[dict[str, Any]]:
    whole, cents = divmod(tile.price, 100)
    flag = {"type": "rectangle", "x_start": 6, "x_end": 70, "y_start": 43, "y_end": 68}
    stroke = {"type": "line", "x_start": 81, "x_end": 115, "y_start": 63, "y_end": 63}
    return [
        {**_text(6, 2, tile.name, "bold", 16), "max_width": 284},
        {**flag, "fill": "red", "outline": "red", "radius": 2},
        {**_text(11, 48, f"{tile.percent_off}% off", "bold", 17), "color": "white"},
        _text(81, 45, "was", "regular", 10),
        _text(81, 57, f"${(tile.prior_price or 0) / 100:.2f}", "medium", 13),
        stroke,
        _text(6, 78, "Unit price", "regular", 10),
        _text(56, 75, f"{(tile.unit_price or 0) / 100:.1f}¢/oz", "medium", 13),
        _text(6, 92, "until 7/5", "regular", 10),
        {**_text(160, 40, "$", "black", 38), "color": "red"},
        {**_text(190, 34, str(whole), "black", 76), "color": "red"},
        {**_text(244, 40, f"{cents:02}", "black", 38), "color": "red"},
        _text(6, 114, tile.sku, "regular", 10),
    ]


def _text(x: int, y: int, value: str, font: str, size: int) -> dict[str, Any]:
    path = str(font_file(font))
    return {"type": "text", "x": x, "y": y, "value": value, "font": path, "size": size}
