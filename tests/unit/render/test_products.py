"""The products of two real price lists, each drawn on panels of every size."""

import itertools
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.fitting import ELLIPSIS
from label_templates.layout.node import Run
from label_templates.render import Renderer
from label_templates.samples import sample_bundle
from tests.panels import SPECS
from tests.unit.render.products import contents

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
PANELS = ("epd-2.13-bw", "epd-2.9-bwr", "epd-4.2-bw", "epd-7.3-e6", "lcd-st7789")
TOLD_BY = ("name", "size")
"""What tells two products apart; sizes stand with their brand where there is room."""


class Shown(NamedTuple):
    """What a tile says of its product, the smallest letters on it, and whether the name is cut."""

    product: TileContent
    words: tuple[str, ...]
    smallest: int
    cut: bool


@cache
def shelves(folder: Path) -> list[list[tuple[str, TileContent]]]:
    return [list(contents(file)) for file in sorted((folder / "konzum").glob("*.csv"))]


def shown(rows: Sequence[tuple[str, TileContent]], panel: str) -> list[Shown]:
    """Draw all rows; one that does not fit, or has a letter that no font has, raises."""
    renderer, spec = Renderer(sample_bundle()), SPECS[panel]
    read = []
    for template, content in rows:
        words, smallest, cut = [], 1000, False
        for box, marks in renderer.drawn(template, content, spec, STORE):
            runs = [mark for mark in marks if type(mark) is Run]
            node = box.node.partition('"')[2].rstrip('"')
            smallest = min([smallest, *(run.size for run in runs)])
            if node in TOLD_BY:
                words += [run.text for run in runs]
            cut |= node == "name" and any(ELLIPSIS in run.text for run in runs)
        read.append(Shown(content, tuple(words), smallest, cut))
    return read


def alike(read: Sequence[Shown]) -> list[tuple[str, str]]:
    """Return the SKUs of neighbours that differ in the list and read the same on a shelf."""
    return [
        (one.product.sku, other.product.sku)
        for one, other in itertools.pairwise(read)
        if one.words == other.words and told(one.product) != told(other.product)
    ]


def told(content: TileContent) -> tuple[str, str | None, str | None]:
    return content.name, content.size, content.brand


@pytest.mark.parametrize("panel", PANELS)
def test_a_sample_of_real_products_fits_every_size_of_panel(shared_data: Path, panel: str) -> None:
    rows = [row for shelf in shelves(shared_data) for row in shelf[::100]]
    read = shown(rows, panel)
    assert not any(tile.cut for tile in read)
    assert min(tile.smallest for tile in read) >= SPECS[panel].least_text


@pytest.mark.slow
@pytest.mark.parametrize("panel", PANELS)
def test_all_real_products_fit_and_no_two_neighbours_read_alike(
    shared_data: Path, panel: str
) -> None:
    read = [shown(shelf, panel) for shelf in shelves(shared_data)]
    tiles = list(itertools.chain.from_iterable(read))
    assert len(tiles) == 16_934
    assert min(tile.smallest for tile in tiles) >= SPECS[panel].least_text
    assert sum(tile.cut for tile in tiles) <= len(tiles) // 100
    assert [pair for shelf in read for pair in alike(shelf)] == []
