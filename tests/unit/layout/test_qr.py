"""A QR code in its box: whole modules and the quiet zone inside it, or an error that says why."""

import pytest

from label_templates.contract.identifiers import digital_link
from label_templates.contract.panel import Ink
from label_templates.layout.errors import FitError
from label_templates.layout.keep import Keep
from label_templates.layout.markup import parse
from label_templates.layout.node import Matrix, PlacedBox, Sheet
from label_templates.layout.template import Filled
from tests.unit.layout.plain_faces import PlainFaces

LINK = digital_link("9521234543213")
SEAT = "\ue0000\ue001"


def laid(attributes: str, width: int, height: int, text: str = LINK) -> Sheet:
    markup = f'<tile align="start"><qr {attributes}>{SEAT}</qr></tile>'
    root = parse(Filled(markup, [text]), (Ink.WHITE, Ink.BLACK)).root
    sheet = Sheet([text], PlainFaces(), Keep(10_000), [])
    root.put(sheet, 0, 0, width, height)
    return sheet


def only_code(sheet: Sheet) -> Matrix:
    (mark,) = [mark for mark in sheet.marks if isinstance(mark, Matrix)]
    return mark


def box(sheet: Sheet) -> PlacedBox:
    assert sheet.boxes
    return sheet.boxes[-1]


@pytest.mark.parametrize(("side", "module"), [(74, 2), (110, 2), (111, 3), (148, 4), (400, 4)])
def test_modules_are_the_widest_whole_pixels_that_fit(side: int, module: int) -> None:
    sheet = laid("", side, side)
    assert only_code(sheet).module == module
    assert (box(sheet).width, box(sheet).height) == (37 * module, 37 * module)


def test_the_narrower_direction_decides() -> None:
    assert only_code(laid('module="1-9"', 300, 80)).module == 2
    assert only_code(laid('module="1-9"', 80, 300)).module == 2


@pytest.mark.parametrize(
    ("sides", "corner"),
    [('align="start" valign="start"', (4, 4)), ('align="end" valign="end"', (67, 67))],
)
def test_the_quiet_zone_stays_inside_the_box(sides: str, corner: tuple[int, int]) -> None:
    mark = only_code(laid(f'module="1" width="100" height="100" {sides}', 100, 100))
    assert (mark.x, mark.y) == corner
    assert mark.x + mark.side <= 100 - 4


def test_a_code_that_does_not_fit_says_what_it_needs() -> None:
    with pytest.raises(FitError, match=r"needs 74 x 74 px with its quiet zone, 73 x 200 px"):
        laid('name="link"', 73, 200)


def test_what_no_code_can_hold_is_refused_with_its_node() -> None:
    with pytest.raises(FitError, match=r'qr "link": .*beyond printable ASCII'):
        laid('name="link"', 200, 200, "čaj")
