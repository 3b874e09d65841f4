"""The pixels of every template on every panel, exactly; a difference is left as a picture."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from label_templates.drawing.frame import Frame
from tests.camera import BLURS, gtins, photographed
from tests.golden.cases import CASES, Case

RESULTS = Path("test-results")
CODED = [case for case in CASES if case.content.gtin]


def named(case: Case) -> str:
    return f"{case.panel.name}-{case.sample.slug}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_tile_has_exactly_the_ink_indices_that_were_looked_at(case: Case) -> None:
    drawn = case.draw()
    kept = Frame.read_png(case.file.read_bytes(), case.panel.inks)
    if drawn != kept:
        pytest.fail(f"{named(case)} differs in {_difference(case, drawn, kept)}")


@pytest.mark.parametrize("case", CODED, ids=named)
def test_the_barcode_of_a_tile_reads_as_its_gtin(case: Case) -> None:
    frame = case.draw()
    drawn = {(case.content.gtin or "").zfill(14)} if case.bars() else set()
    assert gtins(frame.image().convert("L")) == drawn
    assert [gtins(photographed(frame, blur)) for blur in BLURS] == [drawn] * len(BLURS)


def test_barcodes_are_drawn_on_every_panel_that_is_no_region() -> None:
    panels = {case.panel.name for case in CODED if case.bars()}
    assert panels >= {case.panel.name for case in CASES if "@" not in case.panel.name}


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
