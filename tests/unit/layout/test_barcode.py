"""A barcode in its box: whole modules, quiet zones and digits inside it, or an error."""

import pytest

from label_templates.contract.panel import Ink
from label_templates.layout.errors import FitError
from label_templates.layout.keep import Keep
from label_templates.layout.markup import parse
from label_templates.layout.node import Bars, Run, Sheet
from label_templates.layout.template import Filled
from tests.unit.layout.plain_faces import PlainFaces

GTIN = "4006381333931"


def laid(attributes: str, gtin: str, width: int, height: int) -> Sheet:
    markup = f'<tile><barcode {attributes} grow="1">{gtin}</barcode></tile>'
    root = parse(Filled(markup, []), (Ink.WHITE, Ink.BLACK)).root
    sheet = Sheet([], PlainFaces(), Keep(10_000))
    root.put(sheet, 0, 0, width, height)
    return sheet


def only_bars(sheet: Sheet) -> Bars:
    (mark,) = [mark for mark in sheet.marks if isinstance(mark, Bars)]
    return mark


@pytest.mark.parametrize(("width", "module"), [(113, 1), (225, 1), (226, 2), (400, 2)])
def test_modules_are_the_widest_whole_pixels_that_fit(width: int, module: int) -> None:
    assert only_bars(laid('module="1-2"', GTIN, width, 40)).module == module


def test_the_quiet_zones_stay_inside_the_box() -> None:
    mark = only_bars(laid('module="1" align="start"', GTIN, 200, 40))
    assert mark.x == 11
    mark = only_bars(laid('module="1" align="end"', GTIN, 200, 40))
    assert mark.x + len(mark.modules) == 200 - 7


@pytest.mark.parametrize(
    ("attributes", "gtin", "width", "height", "reason"),
    [
        ('module="1-2"', GTIN, 112, 40, "EAN-13 needs 113 px with its quiet zones, 112 px"),
        ('module="2"', GTIN, 200, 40, "EAN-13 needs 226 px with its quiet zones, 200 px"),
        ('module="1" form="short"', "012345000058", 66, 40, "UPC-E needs 67 px"),
        ('module="1"', GTIN, 113, 7, "needs 8 px of height, 7 px are there"),
        ('module="1" digits="10"', GTIN, 130, 16, "needs 20 px of height, 16 px are there"),
        ('module="1" digits="20"', GTIN, 113, 60, "its digits need 130 px, 113 px are there"),
    ],
)
def test_a_code_that_does_not_fit_says_what_it_needs(
    attributes: str, gtin: str, width: int, height: int, reason: str
) -> None:
    with pytest.raises(FitError, match=reason):
        laid(attributes, gtin, width, height)


def test_digits_wider_than_the_bars_stay_inside_the_box() -> None:
    sheet = laid('module="1" digits="24" form="short" align="start"', "012345000058", 100, 60)
    (run,) = [mark for mark in sheet.marks if isinstance(mark, Run)]
    assert (run.text, run.x) == ("01234558", 0)
