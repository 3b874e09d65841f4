"""Regions side by side make the strip, each pixel where it belongs."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.panel import Ink, panel_spec
from label_templates.drawing.frame import Frame
from label_templates.drawing.strip import Region, composed
from label_templates.layout.errors import FrameError

STRIP = panel_spec("lcd-strip-1920x158")
WHITE = STRIP.inks.index(Ink.WHITE)


def plain(index: int, width: int = 320) -> Frame:
    return Frame(width, STRIP.height, STRIP.inks, bytes([index]) * (width * STRIP.height))


def region(index: int, width: int = 320, gap: int = 0) -> Region:
    return Region(f"b01-s1-p{index:02}", width, plain(index, width), gap)


@given(
    st.lists(
        st.tuples(st.sampled_from([160, 168, 320]), st.sampled_from([0, 8, 40]), st.booleans()),
        max_size=5,
    )
)
def test_every_region_stands_in_its_place_and_gaps_are_white(
    parts: list[tuple[int, int, bool]],
) -> None:
    regions, row = [], []
    for index, (width, gap, drawn) in enumerate(parts, start=1):
        whole = region(index, width, gap)
        regions.append(whole if drawn else dataclasses.replace(whole, frame=None))
        row += [WHITE] * gap + [index if drawn else WHITE] * width
    row += [WHITE] * (STRIP.width - len(row))
    frame = composed(STRIP, regions)
    assert (frame.width, frame.height, frame.inks) == (1920, 158, STRIP.inks)
    assert frame.indices == bytes(row) * 158


def test_six_positions_fill_a_strip() -> None:
    frame = composed(STRIP, [region(index) for index in (1, 2, 3, 4, 5, 1)])
    assert WHITE not in frame.indices


def test_a_regions_pixels_are_kept_as_they_are() -> None:
    pixels = bytes((x * 7 + y * 3) % 200 for y in range(158) for x in range(160))
    frame = composed(STRIP, [Region("a", 160, Frame(160, 158, STRIP.inks, pixels), gap=16)])
    rows = [frame.indices[y * 1920 + 16 : y * 1920 + 176] for y in range(158)]
    assert b"".join(rows) == pixels


@pytest.mark.parametrize(
    ("regions", "reason"),
    [
        ([region(1), region(2, gap=4)], "region b01-s1-p02: begins at 324 px"),
        ([region(1), region(2, gap=-320)], "region b01-s1-p02: begins at 0 px"),
        ([region(1)] * 6 + [region(2)], "region b01-s1-p02: ends at 2240 px of 1920"),
        ([Region("a", 80)], "region a: a region of lcd-strip-1920x158 is 160 to 1920 px wide"),
        (
            [Region("a", 160, plain(1))],
            "region a: a frame of 320 x 158 in .* is none of lcd-strip-1920x158@160",
        ),
        (
            [Region("a", 320, dataclasses.replace(plain(1), inks=STRIP.inks[:2]))],
            "region a: a frame of 320 x 158 in white, black is none of lcd-strip-1920x158@320",
        ),
    ],
)
def test_a_region_that_does_not_belong_is_named(regions: list[Region], reason: str) -> None:
    with pytest.raises(FrameError, match=reason):
        composed(STRIP, regions)


def test_only_strips_are_put_together() -> None:
    with pytest.raises(FrameError, match="region b01-s1-p01: panel lcd-st7789 cannot be divided"):
        composed(panel_spec("lcd-st7789"), [region(1)])
