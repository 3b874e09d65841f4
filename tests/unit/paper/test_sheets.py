"""Paper tags stand on their sheet to the tenth of a millimetre, and read as what they say."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from label_templates.bundles import installed_bundle
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import check_digit
from label_templates.contract.panel import CATALOGUE, Ink, panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError
from label_templates.paper import FORMATS, SheetFormat, pdf, sheet_format, sheets, usual_format
from label_templates.render import Renderer
from tests.camera import gtins
from tests.unit.paper.printing import page_sizes, pictures, printed

EXACT_MM = 0.2
STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
RENDERER = Renderer(installed_bundle())
each = pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)


def plain(form: SheetFormat, ink: Ink) -> Frame:
    spec = form.spec
    pixels = bytes([spec.inks.index(ink)]) * (spec.width * spec.height)
    return Frame(spec.width, spec.height, spec.inks, pixels)


def priced(form: SheetFormat, number: int) -> tuple[str, Frame]:
    body = f"{385_000_000_000 + number:012}"
    gtin = body + check_digit(body)
    content = TileContent(sku=str(number), name=f"Kava {number}", price=100 + number, gtin=gtin)
    return gtin, RENDERER.render("price/standard", content, form.spec, STORE)


def inked(form: SheetFormat, place: int) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom, in millimetres of the printed page, of one black tag."""
    white, black = plain(form, Ink.WHITE), plain(form, Ink.BLACK)
    dpi = 600
    (bare,) = printed(pdf(sheets([white], form)), dpi)
    (page,) = printed(pdf(sheets([white] * place + [black], form)), dpi)
    box = ImageChops.difference(bare, page).getbbox()
    assert box is not None
    left, top, right, bottom = (edge * 25.4 / dpi for edge in box)
    return left, top, right, bottom


@pytest.mark.parametrize(
    ("name", "page", "tag", "corners"),
    [
        ("a4", (210, 297), (70, 37), {0: (35, 19), 1: (105, 19), 13: (105, 241)}),
        ("a4-24", (210, 297), (70, 37), {0: (0, 0.5), 2: (140, 0.5), 23: (140, 259.5)}),
        (
            "letter", (215.9, 279.4), (101.6, 50.8),
            {0: (3.97, 12.7), 1: (110.33, 12.7), 9: (110.33, 215.9)},
        ),
    ],
)  # fmt: skip
def test_tags_stand_where_the_sheet_has_them(
    name: str,
    page: tuple[float, float],
    tag: tuple[float, float],
    corners: dict[int, tuple[float, float]],
) -> None:
    form = sheet_format(name)
    assert page_sizes(pdf(sheets([plain(form, Ink.WHITE)], form))) == [
        pytest.approx(page, abs=EXACT_MM)
    ]
    for place, (left, top) in corners.items():
        right, bottom = min(left + tag[0], page[0]), top + tag[1]
        assert inked(form, place) == pytest.approx((left, top, right, bottom), abs=EXACT_MM)


@each
def test_no_two_tags_overlap_and_all_are_on_the_page(form: SheetFormat) -> None:
    width, height = form.pixels
    assert len(form.places()) == form.tags
    for x, y in form.places():
        assert 0 <= x <= width - form.spec.width + 1  # three of 70 mm are a pixel too much
        assert 0 <= y <= height - form.spec.height
    for (x, y), (other_x, other_y) in itertools.combinations(form.places(), 2):
        assert abs(other_x - x) >= form.spec.width - 1 or abs(other_y - y) >= form.spec.height - 1


@each
def test_every_barcode_on_a_printed_sheet_reads_as_its_gtin(form: SheetFormat) -> None:
    tags = [priced(form, number) for number in range(form.tags + 1)]
    pages = printed(pdf(sheets([frame for _, frame in tags], form)))
    assert len(pages) == 2
    for place, (gtin, _) in enumerate(tags):
        page, (x, y) = pages[place // form.tags], form.places()[place % form.tags]
        tag = page.crop((x, y, x + form.spec.width, y + form.spec.height))
        assert gtins(tag) == {gtin.zfill(14)}
    assert gtins(pages[1]) == {tags[-1][0].zfill(14)}


@each
def test_a_document_holds_every_pixel_of_its_pages(form: SheetFormat) -> None:
    tags = [priced(form, number)[1] for number in range(form.tags)]
    (page,) = sheets(tags, form)
    (held,) = pictures(pdf([page]))
    assert held.tobytes() == page.convert("L").tobytes()


@given(count=st.integers(1, 40))
def test_every_tag_is_printed_once(count: int) -> None:
    form = sheet_format("a4-24")
    black = plain(form, Ink.BLACK)
    pages = list(sheets([black] * count, form))
    assert len(pages) == form.pages(count)
    ink = sum(page.histogram()[0] for page in pages)
    column = sum(1 for number in range(count) if number % 3 == 2)
    # The third column ends a pixel beyond the page, and neighbours below share a row of pixels.
    least = count * (black.width - 1) * (black.height - 1)
    assert least - column * black.height <= ink <= count * black.width * black.height


def test_the_same_tags_give_the_same_bytes_without_a_date() -> None:
    form = sheet_format("a4")
    tags = [priced(form, number)[1] for number in range(3)]
    document = pdf(sheets(tags, form))
    assert document == pdf(sheets(tags, form))
    assert b"Date" not in document


def test_pages_are_made_one_at_a_time() -> None:
    form = sheet_format("a4")
    taken = []

    def tags() -> Iterator[Frame]:
        for number in range(100):
            taken.append(number)
            yield plain(form, Ink.WHITE)

    first = next(iter(sheets(tags(), form)))
    assert isinstance(first, Image.Image)
    assert len(taken) == form.tags


def test_marks_for_cutting_touch_no_tag() -> None:
    form = sheet_format("a4")
    (page,) = sheets([plain(form, Ink.WHITE)], form)
    x, y = form.places()[0]
    width, height = 2 * form.spec.width, 7 * form.spec.height
    assert page.histogram()[0] > 0
    assert page.crop((x, y, x + width, y + height)).histogram()[0] == 0


def test_a_tag_of_another_size_is_refused() -> None:
    glass = CATALOGUE["epd-2.9-bw"]
    frame = Frame(glass.width, glass.height, glass.inks, bytes(glass.width * glass.height))
    with pytest.raises(FrameError, match="296 x 128 px is none of paper-70x37, 827 x 437 px"):
        list(sheets([frame], sheet_format("a4")))


def test_an_unknown_sheet_is_refused_with_those_there_are() -> None:
    with pytest.raises(ContractError, match="'a5'; there are a4, a4-24, letter"):
        sheet_format("a5")


@pytest.mark.parametrize(("territory", "name"), [("HR", "a4"), ("US", "letter"), ("", "a4")])
def test_a_country_has_its_usual_paper(territory: str, name: str) -> None:
    assert usual_format(territory).name == name


def test_every_format_prints_a_paper_panel() -> None:
    assert {panel_spec(form.panel).kind for form in FORMATS.values()} == {"paper"}
