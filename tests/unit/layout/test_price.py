"""A price is set as large as it fits, by the ink of its digits."""

from typing import Any

import pytest

from label_templates.contract.panel import Ink
from label_templates.drawing.text import FontFaces
from label_templates.layout.formats import Formats, Money
from label_templates.layout.keep import Keep
from label_templates.layout.markup import parse
from label_templates.layout.node import Run, Sheet
from label_templates.layout.template import Filled

FACES = FontFaces()
INKS = (Ink.WHITE, Ink.BLACK)
DOLLARS = Formats("USD", "en-US", "America/New_York")
EUROS = Formats("EUR", "hr-HR", "Europe/Zagreb")
FAR = [
    Formats("ILS", "he-IL", "Asia/Jerusalem"),
    Formats("AED", "ar-AE", "Asia/Dubai"),
    Formats("EGP", "ar-EG", "Africa/Cairo"),
    Formats("KWD", "ar-KW", "Asia/Kuwait"),
    Formats("IRR", "fa-IR", "Asia/Tehran"),
    Formats("JPY", "ja-JP", "Asia/Tokyo"),
    Formats("THB", "th-TH", "Asia/Bangkok"),
    Formats("VND", "vi-VN", "Asia/Ho_Chi_Minh"),
]


def runs(money: Money, width: int = 296, height: int = 128) -> list[Run]:
    markup = '<tile><price name="price" size="20-90" grow="1">\ue0000\ue001</price></tile>'
    values: list[Any] = [money]
    sheet = Sheet(values, FACES, Keep(2**20))
    parse(Filled(markup, values), INKS).root.put(sheet, 0, 0, width, height)
    return [mark for mark in sheet.marks if isinstance(mark, Run)]


def ink(run: Run) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a run's ink."""
    drawn = FACES.run(run.text, run.font, run.size)
    left, top = run.x + drawn.left, run.y + drawn.top
    return left, top, left + drawn.width, top + drawn.height


@pytest.mark.parametrize("minor", [1, 100, 199, 349, 1111, 71_710, 1_234_567])
@pytest.mark.parametrize("formats", [DOLLARS, EUROS, *FAR])
def test_a_price_ends_where_its_ink_ends_and_stays_in_its_box(formats: Formats, minor: int) -> None:
    boxes = [ink(run) for run in runs(formats.money(minor))]
    assert max(right for _, _, right, _ in boxes) == 296
    assert min(top for _, top, _, _ in boxes) >= 0
    assert max(bottom for _, _, _, bottom in boxes) <= 128


def test_no_hole_gapes_beside_a_one() -> None:
    eleven, eighty = runs(DOLLARS.money(1100)), runs(DOLLARS.money(8800))
    gaps = []
    for digits in (eleven, eighty):
        first, second = [ink(run) for run in digits if run.text in {"1", "8"}]
        gaps.append(second[0] - first[2])
    assert abs(gaps[0] - gaps[1]) <= 1


def test_a_currency_sign_begins_at_the_height_of_the_digits() -> None:
    by_text = {run.text: ink(run) for run in runs(DOLLARS.money(700), height=80)}
    assert abs(by_text["$"][1] - by_text["7"][1]) <= 1
