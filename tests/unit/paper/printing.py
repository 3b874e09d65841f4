"""Sheets of paper tags as a printer draws them."""

import pypdfium2
from PIL import Image

from label_templates.paper import DPI

MM_PER_POINT = 25.4 / 72


def printed(document: bytes, dpi: int = DPI) -> list[Image.Image]:
    """Return the pages of a PDF, drawn in greys."""
    with pypdfium2.PdfDocument(document) as pdf:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pdf]


def page_sizes(document: bytes) -> list[tuple[float, float]]:
    """Return the width and height of each page of a PDF in millimetres."""
    with pypdfium2.PdfDocument(document) as pdf:
        sizes = [page.get_size() for page in pdf]
    return [(width * MM_PER_POINT, height * MM_PER_POINT) for width, height in sizes]


def pictures(document: bytes) -> list[Image.Image]:
    """Return the picture that each page of a PDF holds, as it is."""
    with pypdfium2.PdfDocument(document) as pdf:
        return [next(page.get_objects()).get_bitmap().to_pil().convert("L") for page in pdf]
