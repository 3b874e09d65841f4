"""Colours are brought to what inks can mix, and those that can be mixed are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from label_templates.contract.panel import CATALOGUE, PanelSpec, Rgb, panel_spec
from label_templates.drawing.gamut import shown

COLOURED = [s for s in CATALOGUE.values() if len(s.inks) > 2 and not s.cube]
each = pytest.mark.parametrize("spec", COLOURED, ids=lambda spec: spec.name)


def one(colour: Rgb, spec: PanelSpec) -> Rgb:
    """Return what becomes of one colour."""
    picture, _ = shown(Image.new("RGB", (1, 1), colour), spec.inks, spec.palette)
    red, green, blue = picture.tobytes()
    return red, green, blue


def lightness(colour: Rgb) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


@each
def test_white_and_black_are_those_of_the_panel(spec: PanelSpec) -> None:
    assert one((255, 255, 255), spec) == spec.palette[0]
    assert one((0, 0, 0), spec) == spec.palette[1]


@each
def test_greys_stay_on_the_line_between_them(spec: PanelSpec) -> None:
    for level in range(0, 256, 5):
        for channel, dark, bright in zip(
            one((level,) * 3, spec), spec.palette[1], spec.palette[0], strict=True
        ):
            assert abs(channel - (dark + level * (bright - dark) / 255)) <= 2


@given(st.lists(st.integers(0, 20), min_size=6, max_size=6).filter(any))
def test_what_inks_can_mix_stays_what_it_is(shares: list[int]) -> None:
    spec = panel_spec("epd-7.3-e6")
    mixed = [
        sum(share * ink[channel] for share, ink in zip(shares, spec.palette, strict=True))
        / sum(shares)
        for channel in range(3)
    ]
    asked = [
        (channel - dark) * 255 / (bright - dark)
        for channel, dark, bright in zip(mixed, spec.palette[1], spec.palette[0], strict=True)
    ]
    red, green, blue = (min(max(round(channel), 0), 255) for channel in asked)
    answer = one((red, green, blue), spec)
    assert max(abs(got - want) for got, want in zip(answer, mixed, strict=True)) <= 24


def test_a_hue_without_an_ink_becomes_grey_of_its_lightness() -> None:
    spec = panel_spec("epd-7.5-bwr")
    grey = one((110, 110, 110), spec)
    for colour in ((0, 170, 90), (60, 130, 130), (100, 110, 150)):
        answer = one(colour, spec)
        assert max(answer) - min(answer) <= 8
        assert abs(lightness(answer) - lightness(grey)) <= 10


def test_red_stays_red_where_it_can() -> None:
    for name in ("epd-7.5-bwr", "epd-7.3-e6", "epd-7.3-acep"):
        red, green, blue = one((230, 20, 30), panel_spec(name))
        assert red > 1.5 * max(green, blue)


@each
def test_what_is_grey_is_told_from_what_has_a_colour(spec: PanelSpec) -> None:
    for colour, coloured in (((0, 0, 0), False), ((130, 130, 130), False), ((220, 20, 20), True)):
        _, hue = shown(Image.new("RGB", (1, 1), colour), spec.inks, spec.palette)
        assert (hue.tobytes()[0] > 20) == coloured
