"""Tiles that show more than a price: facts, the staff's pages, sponsors, photos, strips."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from label_templates.bundles import Bundle
from label_templates.bundles.manifest import sha256_of
from label_templates.contract.facts import Nutrient, ProductFacts
from label_templates.contract.panel import CATALOGUE, SURFACES, Ink, PanelSpec, panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FitError
from label_templates.layout.node import Bars, PlacedBox, Run
from label_templates.render import Renderer
from label_templates.samples import Sample, sample_bundle, samples_of
from label_templates.samples.goods import PENNE
from label_templates.samples.strip import shelf_strip
from tests.camera import BLURS, gtins, photographed
from tests.unit.render.anything import amounts, contents
from tests.unit.render.anything import texts as names
from tests.unit.render.test_tiles import STORE, apart

PAGES = ("info/facts", "info/out-of-stock", "staff/position", "staff/pick", "sponsor/tile",
         "endcap/photo", "strip/edge")  # fmt: skip
STRIP_PANEL = CATALOGUE["lcd-strip-1920x158"]
BUNDLE = sample_bundle()
RENDERER = Renderer(BUNDLE)
CLAIMS = [(page, panel) for page in PAGES for panel in SURFACES if RENDERER.claims(page, panel)]
READ = ("text", "price", "badge", "barcode")
EVERY = [(sample, panel) for page, panel in CLAIMS for sample in samples_of(page)]
PHOTOS = [(sample, panel) for sample, panel in EVERY if sample.template in PAGES[4:]]


def said(node: PlacedBox) -> str:
    return node.node.partition('"')[2].rstrip('"')


def nodes(template: str, tile: TileContent, panel: str) -> dict[str, PlacedBox]:
    placed = RENDERER.boxes(template, tile, panel_spec(panel), STORE)
    return {said(box): box for box in placed}


def leaves(boxes: tuple[PlacedBox, ...]) -> list[PlacedBox]:
    """Return the boxes of what is read; of a badge, that of its words."""
    read = {box.node + str(box.line): box for box in boxes if box.node.startswith(READ)}
    return [box for box in read.values() if box.width and box.height]


def pixels(frame: Frame, box: PlacedBox) -> bytes:
    rows = range(box.y, box.y + box.height)
    starts = [row * frame.width + box.x for row in rows]
    return b"".join(frame.indices[start : start + box.width] for start in starts)


@st.composite
def pages(draw: st.DrawFn) -> TileContent:
    """Draw contents of all kinds: what a price tile says, and what only pages say."""
    fields = draw(contents()).words()
    known: dict[str, st.SearchStrategy[Any]] = {
        "brand": names, "deposit": amounts, "origin": names, "sponsor": names, "slogan": names,
        "stock": st.integers(0, 99_999), "facings": st.integers(0, 99_999),
        "position": st.sampled_from(["b01-s1-p01", "b100-s12-p120"]),
        "pick_quantity": st.integers(1, 999), "new": st.booleans(), "out_of_stock": st.booleans(),
        "pick_ink": st.sampled_from(["red", "yellow", "blue", "green"]),
        "back_on": st.sampled_from(["2026-01-01", "2026-12-31"]),
        "image": st.sampled_from(sorted(digests("photos/"))),
        "facts": st.sampled_from(sorted(digests("facts/"))),
    }  # fmt: skip
    for name in draw(st.sets(st.sampled_from(sorted(known)))):
        fields[name] = draw(known[name])
    if fields["price"] > 1 and draw(st.booleans()):
        fields["loyalty_price"] = draw(st.integers(1, fields["price"] - 1))
        fields["loyalty_program"] = draw(names)
    return TileContent.model_validate(fields)


def digests(folder: str) -> set[str]:
    return {sha256_of(data) for path, data in BUNDLE.files.items() if path.startswith(folder)}


def boxes_or_reason(
    template: str, tile: TileContent, panel: PanelSpec
) -> tuple[PlacedBox, ...] | FitError:
    try:
        return RENDERER.boxes(template, tile, panel, STORE)
    except FitError as error:
        return error


@settings(max_examples=100, deadline=None)
@given(pages(), st.sampled_from(CLAIMS))
def test_any_content_stays_in_its_boxes_or_names_the_node(
    tile: TileContent, claim: tuple[str, PanelSpec]
) -> None:
    template, panel = claim
    boxes = boxes_or_reason(template, tile, panel)
    if isinstance(boxes, FitError):
        assert boxes.template == template
        assert boxes.place is not None
        assert boxes.place.node
        return
    read = leaves(boxes)
    assert all(apart(one, other) for one, other in itertools.combinations(read, 2))
    for box in boxes:
        assert min(box.x, box.y) >= 0
        assert box.x + box.width <= panel.width
        assert box.y + box.height <= panel.height
    frame = RENDERER.render(template, tile, panel, STORE)
    for box in read:
        assert len(set(pixels(frame, box))) <= 2
        assert max(pixels(frame, box)) < len(panel.inks)


@pytest.mark.parametrize(
    ("sample", "panel"),
    PHOTOS,
    ids=lambda part: part.slug if isinstance(part, Sample) else part.name,
)
def test_what_is_read_is_never_dithered(sample: Sample, panel: PanelSpec) -> None:
    """Two pure inks in each box, and letters of a size that can be read."""
    boxes = RENDERER.boxes(sample.template, sample.content, panel, sample.store)
    frame = RENDERER.render(sample.template, sample.content, panel, sample.store)
    for box in leaves(boxes):
        assert len(set(pixels(frame, box))) == 2, box
        assert max(pixels(frame, box)) < len(panel.inks)


def test_a_sponsored_tile_says_so_and_never_hides_its_price() -> None:
    for sample, panel in EVERY:
        if sample.template == "sponsor/tile":
            boxes = RENDERER.boxes(sample.template, sample.content, panel, sample.store)
            assert {"price", "sponsored", "sponsor", "slogan"} <= {said(box) for box in boxes}


LAW: tuple[dict[str, Any], ...] = (
    {"unit_price": 258_000, "unit_measure": "kg"},
    {"prior_price": 1590, "promotion": "percent", "percent_off": 18, "promotion_until": 2**30},
    {"deposit": 25},
    {"reference_price": 1490, "reference_date": "2025-05-02"},
)
TOGETHER = [sum(chosen, ()) for chosen in itertools.product(*(((), (part,)) for part in LAW))]
LOCALES = {"hr-HR": "EUR", "en-US": "USD", "he-IL": "ILS", "pl-PL": "PLN", "hu-HU": "HUF"}
ON_ALL = {"name": "TIJESTO PŠENIČNO PENNE RIGATE PREMIUM 500g", "sku": "90312379",
          "size": "500 g", "brand": "ĐĆŽ", "gtin": "3850334352507", "price": 1290,
          "position": "b01-s2-p03", "stock": 42, "facings": 3, "pick_quantity": 12,
          "sponsor": "Zlatna", "slogan": "Uvijek al dente", "image": PENNE["image"]}  # fmt: skip
SHOWS = {"unit_price": {"unit-price", "unit-price-label"}, "prior_price": {"prior", "prior-label"},
         "deposit": {"deposit"}, "reference_price": {"reference"}}  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_room_for_the_price_and_what_the_law_has_stand_beside_it(
    page: str, locale: str
) -> None:
    store = StoreWords(id="1", tz="UTC", currency=LOCALES[locale], locale=locale)
    gone = {"out_of_stock": True, "back_on": "2026-12-05"} if page == "info/out-of-stock" else {}
    for parts in TOGETHER:
        if locale != "hr-HR" and LAW[3] in parts:
            continue
        fields = {key: value for part in (ON_ALL, gone, *parts) for key, value in part.items()}
        asked = set[str]({"price"}).union(*(SHOWS[key] for key in SHOWS if key in fields))
        tile = TileContent.model_validate(fields)
        for panel in (panel for template, panel in CLAIMS if template == page):
            boxes = RENDERER.boxes(page, tile, panel, store)
            assert asked <= {said(box) for box in boxes}, panel.name


def kava(**more: Any) -> TileContent:
    return TileContent.model_validate({"sku": "1", "name": "Kava", "price": 199, **more})


def words(template: str, tile: TileContent, panel: str, renderer: Renderer = RENDERER) -> str:
    marks = renderer.marks(template, tile, panel_spec(panel), STORE)
    return " ".join(mark.text for mark in marks if isinstance(mark, Run))


@pytest.mark.parametrize("panel", ["epd-2.13-bw", "epd-4.2-bwr", "lcd-strip-1920x158@160"])
def test_a_product_out_of_stock_says_when_it_is_back_where_that_is_known(panel: str) -> None:
    template = "strip/edge" if "strip" in panel else "info/out-of-stock"
    gone = kava(out_of_stock=True)
    assert "Trenutačno nema" in words(template, gone, panel)
    assert "back-on" not in nodes(template, gone, panel)
    back = kava(out_of_stock=True, back_on="2026-12-05")
    assert "5.12." in words(template, back, panel)


def drawn_facts(facts: ProductFacts) -> str:
    data = facts.model_dump_json(exclude_defaults=True).encode()
    bundle = Bundle(BUNDLE.sources, {"facts/one.json": data})
    tile = kava(facts=sha256_of(data))
    return words("info/facts", tile, "epd-7.5-bw", Renderer(bundle))


def test_facts_that_are_absent_are_not_printed_and_nothing_is_inferred() -> None:
    assert drawn_facts(ProductFacts()) == words("info/facts", kava(), "epd-7.5-bw")
    only = drawn_facts(ProductFacts(allergens=("Mlijeko",)))
    assert "Sadrži: Mlijeko" in only
    assert not {"Hranjive", "Sastojci", "Podrijetlo:"} & set(only.split())


def test_a_nutrition_table_keeps_its_order_and_its_amounts_in_line() -> None:
    table = tuple(Nutrient(name=f"N{n}", amount=f"{n} g", indent=n % 2 == 1) for n in range(12))
    data = ProductFacts(nutrition=table).model_dump_json().encode()
    bundle = Bundle(BUNDLE.sources, {"facts/one.json": data})
    tile, panel = kava(facts=sha256_of(data)), panel_spec("epd-4.2-bw")
    placed = Renderer(bundle).boxes("info/facts", tile, panel, STORE)
    amounts = [box for box in placed if said(box).endswith("-amount")]
    assert [box.y for box in amounts] == sorted({box.y for box in amounts})
    assert len({box.x + box.width for box in amounts}) == 1


def ean(panel: PanelSpec) -> int:
    """Return the width of a module of an EAN-13 on the staff's page."""
    marks = RENDERER.marks("staff/position", kava(gtin="4006381333931"), panel, STORE)
    return next(mark.module for mark in marks if isinstance(mark, Bars))


def test_the_staff_scan_wide_bars_on_every_panel() -> None:
    panels = [panel for page, panel in CLAIMS if page == "staff/position"]
    assert min(map(ean, panels)) == 2


def test_the_staffs_codes_read_in_a_poor_photograph() -> None:
    for sample, panel in EVERY:
        if sample.template == "staff/position" and sample.content.gtin and panel.width <= 400:
            frame = RENDERER.render(sample.template, sample.content, panel, sample.store)
            assert sample.content.gtin.zfill(14) in gtins(photographed(frame, BLURS[-1])), (
                panel.name
            )


def test_a_pick_light_shines_in_the_pickers_colour_where_the_panel_has_it() -> None:
    def share(panel: str, ink: Ink, **more: Any) -> float:
        spec = panel_spec(panel)
        frame = RENDERER.render("staff/pick", kava(pick_ink="yellow", **more), spec, STORE)
        return frame.indices.count(spec.inks.index(ink)) / len(frame.indices)

    assert share("epd-2.9-bwry", Ink.YELLOW) > 0.5
    assert share("epd-2.9-bwr", Ink.BLACK) > 0.5
    assert share("epd-7.3-e6", Ink.YELLOW, pick_quantity=8) > 0.4


@pytest.mark.parametrize(("quantity", "millimetres"), [(8, 15), (24, 10)])
def test_a_pick_light_is_read_from_three_metres(quantity: int, millimetres: int) -> None:
    """A letter is read from two hundred times its height: 15 mm; two digits on two inches less."""
    for page, panel in CLAIMS:
        if page == "staff/pick":
            marks = RENDERER.marks(page, kava(pick_quantity=quantity), panel, STORE)
            size = max(mark.size for mark in marks if isinstance(mark, Run))
            assert panel.mm(size) * 0.711 >= millimetres, panel.name


def test_a_strip_of_positions_is_composed_of_their_frames() -> None:
    strip = shelf_strip(RENDERER)
    assert (strip.width, strip.height) == (1920, 158)
    assert strip.cubed
    assert set(range(len(STRIP_PANEL.inks))) <= set(strip.indices)
