"""Tiles drawn with the templates that ship: what they say, where it stands, and what is refused."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from label_templates.bundles import Bundle, installed_bundle
from label_templates.contract.panel import CATALOGUE, Ink, PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import FitError, UnknownTemplateError
from label_templates.layout.node import PlacedBox
from label_templates.render import Renderer, renderer_digest
from tests.panels import PANELS, SPECS
from tests.unit.render.anything import content, contents

STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
LEAVES = ("text", "badge", "price", "barcode")
RENDERER = Renderer(installed_bundle())
PRICES = [name for name in installed_bundle().names() if name.startswith("price/")]


def apart(one: PlacedBox, other: PlacedBox) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def innermost(boxes: tuple[PlacedBox, ...]) -> list[PlacedBox]:
    """Return what is read; of a badge its words, which stand right after their ground."""
    pairs = itertools.zip_longest(boxes, boxes[1:])
    return [
        box
        for box, next_box in pairs
        if box.node.startswith(LEAVES) and not (next_box and next_box.node == box.node)
    ]


def boxes_or_reason(
    template: str, tile: TileContent, panel: PanelSpec
) -> tuple[PlacedBox, ...] | FitError:
    try:
        return RENDERER.boxes(template, tile, panel, STORE)
    except FitError as error:
        return error


@settings(max_examples=400, deadline=None)
@given(contents(), st.sampled_from(PRICES), st.sampled_from(PANELS))
def test_any_content_stays_in_its_boxes_or_names_the_node(
    tile: TileContent, template: str, panel: str
) -> None:
    spec = SPECS[panel]
    boxes = boxes_or_reason(template, tile, spec)
    if isinstance(boxes, FitError):
        assert boxes.template == template
        assert boxes.place is not None
        assert '"' in boxes.place.node
        return
    leaves = [box for box in innermost(boxes) if box.width and box.height]
    assert all(apart(one, other) for one, other in itertools.combinations(leaves, 2))
    for box in boxes:
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= spec.width
        assert box.y + box.height <= spec.height
    frame = RENDERER.render(template, tile, spec, STORE)
    assert max(frame.indices) < len(spec.inks)


def test_the_same_words_give_the_same_pixels_in_any_renderer_and_thread() -> None:
    tile, spec = content(gtin="4006381333931", size="500 g"), CATALOGUE["epd-2.9-bwr"]

    def digest(_: int) -> str:
        return Renderer(installed_bundle()).render("price/standard", tile, spec, STORE).digest()

    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(digest, range(16)))
    digests.add(RENDERER.render("price/standard", tile, spec, STORE).digest())
    assert len(digests) == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(contents(), min_size=2, max_size=4), st.sampled_from(PANELS))
def test_what_was_drawn_before_changes_no_pixel(tiles: list[TileContent], panel: str) -> None:
    """The second round meets names, boxes and lines that are kept; a fresh renderer none."""
    spec, used = SPECS[panel], Renderer(installed_bundle())
    for tile in tiles + tiles:
        if isinstance(boxes_or_reason("price/promotion", tile, spec), FitError):
            continue
        fresh = Renderer(installed_bundle()).render("price/promotion", tile, spec, STORE)
        assert used.render("price/promotion", tile, spec, STORE) == fresh


def ink_count(panel: PanelSpec, ink: Ink, template: str, **more: Any) -> int:
    frame = RENDERER.render(template, content(**more), panel, STORE)
    return frame.indices.count(panel.inks.index(ink)) if ink in panel.inks else 0


@pytest.mark.parametrize(
    ("template", "panel", "ink"),
    [
        ("price/promotion", "epd-2.9-bw", Ink.BLACK),
        ("price/promotion", "epd-2.9-bwr", Ink.RED),
        ("price/promotion", "epd-7.3-e6", Ink.RED),
        ("price/clearance", "epd-2.9-bwr", Ink.RED),
        ("price/clearance", "epd-2.9-bwry", Ink.YELLOW),
        ("price/clearance", "lcd-ili9341", Ink.YELLOW),
    ],
)
def test_a_reduced_price_stands_on_a_ground_of_the_loudest_ink(
    template: str, panel: str, ink: Ink
) -> None:
    cut = {"promotion": "percent", "prior_price": 299, "percent_off": 33}
    assert ink_count(CATALOGUE[panel], ink, template, **cut) > 5000


def node_names(template: str, panel: str = "epd-2.9-bwr", **more: Any) -> set[str]:
    boxes = RENDERER.boxes(template, content(**more), SPECS[panel], STORE)
    return {box.node.partition('"')[2].rstrip('"') for box in boxes}


@pytest.mark.parametrize("panel", PANELS)
def test_what_the_law_asks_for_is_on_every_panel(panel: str) -> None:
    law = {
        "unit_price": 39_800,
        "unit_measure": "kg",
        "reference_price": 249,
        "reference_date": "2025-05-02",
    }
    assert {"unit-price", "unit-price-label", "reference"} <= node_names(
        "price/standard", panel, **law
    )
    cut = {"promotion": "percent", "prior_price": 299, "percent_off": 33}
    assert {"unit-price", "unit-price-label", "reference", "prior"} <= node_names(
        "price/promotion", panel, **law, **cut
    )


def test_without_a_prior_price_no_cut_is_announced() -> None:
    assert not {"prior", "percent"} & node_names("price/promotion", promotion="special")


def test_a_product_without_gtin_gives_its_price_the_room() -> None:
    def price_height(**more: Any) -> int:
        boxes = RENDERER.boxes("price/standard", content(**more), CATALOGUE["epd-2.9-bwr"], STORE)
        return next(box.height for box in boxes if box.node.startswith("price"))

    assert price_height() > price_height(gtin="4006381333931")


def test_a_barcode_that_does_not_fit_is_refused() -> None:
    bundle = Bundle(
        {"price/strip": '<tile><barcode name="ean" width="90">{{ gtin }}</barcode></tile>'}
    )
    with pytest.raises(FitError) as raised:
        Renderer(bundle).render(
            "price/strip", content(gtin="4006381333931"), CATALOGUE["epd-2.9-bw"], STORE
        )
    assert str(raised.value) == (
        'template price/strip, line 1, barcode "ean":'
        " EAN-13 needs 113 px with its quiet zones, 90 px are there"
    )


def test_an_unknown_template_is_named_with_those_there_are() -> None:
    with pytest.raises(
        UnknownTemplateError, match=r"'price/free'.*price/promotion, price/reference"
    ):
        RENDERER.render("price/free", content(), CATALOGUE["epd-2.9-bw"], STORE)


def test_a_letter_no_font_has_is_an_error_and_no_empty_box() -> None:
    with pytest.raises(FitError, match=r"text \"name\": font bold has no 'ሀ' \(U\+1200\)"):
        RENDERER.render("price/standard", content(name="Tea ሀ"), CATALOGUE["epd-2.9-bw"], STORE)


def test_a_name_may_hold_markup_and_say_it() -> None:
    node = node_names("price/standard", name="<b>50% & more</b> {{ sku }}")
    assert "name" in node


def test_bundles_are_named_by_what_they_contain() -> None:
    one, same = Bundle({"a/a": "<tile/>", "b/b": ""}), Bundle({"b/b": "", "a/a": "<tile/>"})
    assert one.digest == same.digest
    assert one.digest != Bundle({"a/a": "<tile/> ", "b/b": ""}).digest
    assert {"price/promotion", "price/standard", "strip/edge"} <= set(installed_bundle().names())


def test_the_renderer_is_named_by_32_hex_digits() -> None:
    assert len(bytes.fromhex(renderer_digest())) == 16
