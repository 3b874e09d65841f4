"""Lines as pictures, and the same drawn by Pillow alone, to compare."""

from PIL import Image, ImageDraw, ImageFont

from label_templates.drawing.fonts import Cut, font_path
from label_templates.drawing.glyphs import Ink


def picture(ink: Ink) -> Image.Image:
    """Return ink as a one-bit picture of its size."""
    mask = Image.new("1", (max(ink.width, 1), max(ink.height, 1)))
    mask.im.paste(1, (0, 0, ink.width, ink.height), ink.mask)
    return mask


def by_pillow(text: str, cut: Cut, size: int, **how: str) -> Image.Image:
    """Return the ink of a text as Pillow draws it with raqm."""
    font = ImageFont.truetype(font_path(cut.file), size, layout_engine=ImageFont.Layout.RAQM)
    if cut.axes:
        font.set_variation_by_axes(list(cut.axes))
    page = Image.new("1", (40 * size, 4 * size))
    ImageDraw.Draw(page).text((2 * size, 2 * size), text, 1, font, anchor="ls", **how)  # type: ignore[arg-type]
    return page.crop(page.getbbox())


def columns(image: Image.Image) -> list[int]:
    """Return how much ink stands in each column."""
    return [
        sum(bool(image.getpixel((x, y))) for y in range(image.height)) for x in range(image.width)
    ]
