"""The pixels of every template on every panel, exactly; a difference is left as a picture."""

from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageChops

from label_templates.drawing.frame import Frame
from tests.golden.cases import CASES, Case

RESULTS = Path("test-results")
WITH_CODE = [case for case in CASES if case.content.gtin]


def named(case: Case) -> str:
    return f"{case.panel.name}-{case.name}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_tile_has_exactly_the_ink_indices_that_were_looked_at(case: Case) -> None:
    drawn = case.draw()
    kept = Frame.read_png(case.file.read_bytes(), case.panel.inks)
    if drawn != kept:
        pytest.fail(f"{named(case)} differs in {_difference(case, drawn, kept)}")


@pytest.mark.parametrize("zoom", [1, 4])
@pytest.mark.parametrize("case", WITH_CODE, ids=named)
def test_the_barcode_of_a_tile_reads_as_its_gtin(case: Case, zoom: int) -> None:
    gtin = case.content.gtin or ""
    assert gtin.zfill(14) in {text.zfill(14) for text in _read(case.draw(), zoom)}


def _read(frame: Frame, zoom: int) -> list[str]:
    picture = frame.image().convert("L")
    size = (frame.width * zoom, frame.height * zoom)
    return [
        code.text for code in zxingcpp.read_barcodes(picture.resize(size, Image.Resampling.NEAREST))
    ]


def _difference(case: Case, drawn: Frame, kept: Frame) -> str:
    """Write old, new and the changed pixels one below the other; return their box and the file."""
    old, new = kept.image().convert("RGB"), drawn.image().convert("RGB")
    changed = ImageChops.difference(old, new)
    sheet = Image.new("RGB", (old.width, 3 * old.height + 20), "gray")
    for row, picture in enumerate((old, new, changed)):
        sheet.paste(picture, (0, row * (old.height + 10)))
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"golden-{named(case)}.png"
    sheet.save(file)
    return f"box {changed.getbbox()}, see {file}"
