"""The products of two real price lists, each drawn on every panel."""

from pathlib import Path

import pytest

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import CATALOGUE
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.fitting import ELLIPSIS
from label_templates.layout.node import Run
from label_templates.render import Renderer
from tests.unit.render.products import contents

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
PANELS = sorted(CATALOGUE)


def products(folder: Path, step: int) -> list[tuple[str, TileContent]]:
    rows = [row for file in sorted((folder / "konzum").glob("*.csv")) for row in contents(file)]
    return rows[::step]


def ellipses(rows: list[tuple[str, TileContent]], panel: str) -> int:
    """Lay all rows out; one that does not fit raises. Return how many names were cut."""
    renderer, spec = Renderer(installed_bundle()), CATALOGUE[panel]
    cut = 0
    for template, content in rows:
        marks = renderer.marks(template, content, spec, STORE)
        cut += any(type(mark) is Run and mark.text.endswith(ELLIPSIS) for mark in marks)
    return cut


@pytest.mark.parametrize("panel", PANELS)
def test_a_sample_of_real_products_fits_every_panel(shared_data: Path, panel: str) -> None:
    rows = products(shared_data, step=50)
    assert ellipses(rows, panel) <= len(rows) // 100


@pytest.mark.slow
@pytest.mark.parametrize("panel", PANELS)
def test_all_real_products_fit_every_panel(shared_data: Path, panel: str) -> None:
    rows = products(shared_data, step=1)
    assert len(rows) == 16_934
    assert ellipses(rows, panel) <= len(rows) // 100
