"""A machine reads the price off a photographed tile, as a shopper does at a metre.

Tesseract is given the digits of the price's box, as the camera of `tests/camera.py` sees them: cut
out by where they stand, so without the currency's sign, the raised ones brought to the height of
the others, all in one line.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import TileContent
from label_templates.drawing.frame import Frame
from label_templates.layout.node import PlacedBox, Run
from label_templates.render import Renderer
from tests.benchmarks.groceries import STORE, contents
from tests.camera import BLURS, ZOOM, photographed
from tests.panels import PANELS

TILES, HEIGHT = 1000, 36
RENDERER = Renderer(installed_bundle())
MARGIN = 8
"""Pixels of the frame around the price's box."""
WIDEST_DIGIT = 0.58
"""Of a digit's size: how far it reaches from where it begins."""


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract-ocr is not installed")
def test_a_machine_reads_the_price_right_on_99_of_100_tiles(tmp_path: Path) -> None:
    written, files = [], []
    for number, tile in enumerate(contents(TILES, 7)):
        file = tmp_path / f"{number}.png"
        _digits(tile, number).save(file)
        written.append(f"{tile.price:03}")
        files.append(str(file))
    read = _read(files, tmp_path / "files.txt")
    wrong = [pair for pair in zip(written, read, strict=True) if pair[0] != pair[1]]
    assert len(wrong) <= TILES // 100, wrong


def _read(files: list[str], listing: Path) -> list[str]:
    listing.write_text("\n".join(files))
    options = ("--psm", "7", "--dpi", "300", "-c", "tessedit_char_whitelist=0123456789")
    done = subprocess.run(
        ["tesseract", str(listing), "stdout", *options],  # noqa: S607  wherever it is installed
        check=True, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    return [re.sub(r"\D", "", page) for page in done.stdout.split("\f")][: len(files)]


def _digits(tile: TileContent, number: int) -> Image.Image:
    """Return the digits of a tile's price in one line, dark on white."""
    panel = panel_spec(PANELS[number % len(PANELS)])
    template = ("price/promotion", "price/standard")[number % 2]
    place = next(
        box for box in RENDERER.boxes(template, tile, panel, STORE) if box.node == 'price "price"'
    )
    around = _around(RENDERER.render(template, tile, panel, STORE), place)
    picture = photographed(around, BLURS[number % len(BLURS)])
    left, top = place.x - MARGIN, place.y - MARGIN
    inside = [
        mark._replace(x=mark.x - left, y=mark.y - top)
        for mark in RENDERER.marks(template, tile, panel, STORE)
        if type(mark) is Run
        and mark.text.isdigit()
        and place.x <= mark.x < place.x + place.width
        and place.y < mark.y <= place.y + place.height
    ]
    return _in_line(list(_parts(picture, inside, place.width + MARGIN)))


def _around(frame: Frame, place: PlacedBox) -> Frame:
    """Return a box of a frame with a margin: the camera comes near enough for that alone."""
    box = (
        place.x - MARGIN, place.y - MARGIN,
        place.x + place.width + MARGIN, place.y + place.height + MARGIN,
    )  # fmt: skip
    part = frame.image().crop(box)
    return Frame(part.width, part.height, frame.inks, part.tobytes())


def _parts(picture: Image.Image, digits: list[Run], edge: int) -> Iterator[Image.Image]:
    """Yield the pictures of digits of one size that stand together, brought to one height.

    Nothing right of the price's box is cut out: its ink ends there.
    """
    digits = sorted(digits, key=lambda run: run.x)
    groups = [list(group) for _, group in groupby(digits, key=lambda run: (run.size, run.y))]
    ends = [after[0].x for _, after in pairwise(groups)]
    for group, end in zip(groups, [*ends, edge], strict=True):
        first, last = group[0], group[-1]
        caps = RENDERER.caps(first.font, first.size)
        reach = last.x + round(last.size * WIDEST_DIGIT * len(last.text)) + 1
        box = (first.x, first.y - caps - 2, min(reach, end), first.y + 3)
        left, top, right, bottom = (side * ZOOM for side in box)
        yield _dark_on_light(picture.crop((left, top, right, bottom)))


def _dark_on_light(part: Image.Image) -> Image.Image:
    corner = part.getpixel((0, 0))
    dark = isinstance(corner, int | float) and corner < 128
    upright = ImageOps.invert(part) if dark else part
    width = max(1, round(part.width * HEIGHT / part.height))
    return upright.resize((width, HEIGHT), Image.Resampling.LANCZOS)


def _in_line(parts: Iterable[Image.Image]) -> Image.Image:
    found = list(parts)
    width = sum(part.width for part in found) + HEIGHT
    line = Image.new("L", (width, 2 * HEIGHT), 255)
    left = HEIGHT // 2
    for part in found:
        line.paste(part, (left, HEIGHT // 2))
        left += part.width
    return line
