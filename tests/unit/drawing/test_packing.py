"""What a controller is sent, read back pixel by pixel as its data sheet says."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.panel import CATALOGUE, Ink, Packing, PanelSpec, panel_spec
from label_templates.drawing.frame import Frame
from label_templates.drawing.packing import packed
from label_templates.drawing.palette import CUBE, palette_bytes
from label_templates.layout.errors import FrameError

BITS = {Packing.ONE_BIT: 1, Packing.TWO_PLANES: 1, Packing.TWO_BITS: 2, Packing.FOUR_BITS: 4}
SIZED = {Packing.RGB565: 2, Packing.XRGB8888: 4}
each = pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)


def cut(spec: PanelSpec, width: int, height: int) -> PanelSpec:
    return spec.model_copy(update={"width": width, "height": height})


def places(spec: PanelSpec) -> Iterator[tuple[int, int, int]]:
    """Yield for each pixel its place in the frame, and its row and column at the controller."""
    for y in range(spec.height):
        for x in range(spec.width):
            row, column = (spec.width - 1 - x, y) if spec.turned else (y, x)
            yield y * spec.width + x, row, column


def codes(plane: bytes, spec: PanelSpec) -> list[int]:
    """Return the code of each pixel of the frame."""
    bits = BITS[spec.packing]
    across = spec.height if spec.turned else spec.width
    stride = -(-across * bits // 8)
    found = [0] * (spec.width * spec.height)
    for place, row, column in places(spec):
        byte = plane[row * stride + column * bits // 8]
        found[place] = byte >> (8 - bits - column * bits % 8) & (1 << bits) - 1
    return found


def read_back(planes: tuple[bytes, ...], spec: PanelSpec) -> list[Ink]:
    """Return the ink of each pixel as the controller shows it."""
    inks = [codes(plane, spec) for plane in planes]
    if spec.packing is Packing.ONE_BIT:
        return [Ink.WHITE if bit else Ink.BLACK for bit in inks[0]]
    if spec.packing is Packing.TWO_PLANES:
        shown = {(1, 0): Ink.WHITE, (0, 0): Ink.BLACK, (1, 1): Ink.RED}
        return [shown[bits] for bits in zip(*inks, strict=True)]
    named = dict(zip(spec.codes, spec.inks, strict=True))
    return [named[code] for code in inks[0]]


@given(st.data(), st.sampled_from([s for s in CATALOGUE.values() if s.packing in BITS]))
def test_every_pixel_of_e_ink_arrives(data: st.DataObject, whole: PanelSpec) -> None:
    spec = cut(whole, data.draw(st.integers(1, 20)), data.draw(st.integers(1, 20)))
    count = spec.width * spec.height
    pixels = st.lists(st.integers(0, len(spec.inks) - 1), min_size=count, max_size=count)
    frame = Frame(spec.width, spec.height, spec.inks, bytes(data.draw(pixels)))
    assert read_back(packed(frame, spec), spec) == [spec.inks[index] for index in frame.indices]


@given(st.data(), st.sampled_from([s for s in CATALOGUE.values() if s.packing in SIZED]))
def test_every_pixel_of_a_screen_arrives(data: st.DataObject, whole: PanelSpec) -> None:
    spec = cut(whole, data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9)))
    count, most = spec.width * spec.height, len(spec.inks) + len(CUBE) - 1
    pixels = st.lists(st.integers(0, most), min_size=count, max_size=count)
    frame = Frame(spec.width, spec.height, spec.inks, bytes(data.draw(pixels)))
    (words,) = packed(frame, spec)
    palette = palette_bytes(spec.inks, cube=True)
    for at, index in enumerate(frame.indices):
        red, green, blue = palette[3 * index : 3 * index + 3]
        if spec.packing is Packing.RGB565:
            word = int.from_bytes(words[2 * at : 2 * at + 2], "big")
            assert (word >> 11, word >> 5 & 63, word & 31) == (red >> 3, green >> 2, blue >> 3)
        else:
            assert tuple(words[4 * at : 4 * at + 3]) == (blue, green, red)


@each
def test_a_whole_frame_has_the_size_that_the_controller_takes(spec: PanelSpec) -> None:
    white = bytes([spec.inks.index(Ink.WHITE)]) * (spec.width * spec.height)
    planes = packed(Frame(spec.width, spec.height, spec.inks, white), spec)
    across, rows = (spec.height, spec.width) if spec.turned else (spec.width, spec.height)
    bits = 8 * SIZED[spec.packing] if spec.packing in SIZED else BITS[spec.packing]
    count = 2 if spec.packing is Packing.TWO_PLANES else 1
    assert [len(plane) for plane in planes] == count * [rows * -(-across * bits // 8)]


def test_pixels_that_no_glass_has_are_white() -> None:
    spec = panel_spec("epd-2.13-bw")
    black = bytes([spec.inks.index(Ink.BLACK)]) * (250 * 122)
    (plane,) = packed(Frame(250, 122, spec.inks, black), spec)
    assert plane == (b"\x00" * 15 + b"\x3f") * 250


def test_the_bytes_are_those_of_the_data_sheets() -> None:
    spec = cut(panel_spec("epd-7.3-e6"), 6, 1)
    order = bytes(map(spec.inks.index, ("black", "white", "yellow", "red", "blue", "green")))
    assert packed(Frame(6, 1, spec.inks, order), spec) == (b"\x01\x23\x56",)
    spec = cut(panel_spec("epd-7.3-acep"), 7, 1)
    names = ("black", "white", "green", "blue", "red", "yellow", "orange")
    order = bytes(map(spec.inks.index, names))
    assert packed(Frame(7, 1, spec.inks, order), spec) == (b"\x01\x23\x45\x61",)
    spec = cut(panel_spec("epd-2.9-bwry"), 1, 4)
    order = bytes(map(spec.inks.index, ("black", "white", "yellow", "red")))
    assert packed(Frame(1, 4, spec.inks, order), spec) == (b"\x1b",)


def test_a_frame_of_another_panel_is_refused() -> None:
    bw, bwr = panel_spec("epd-2.9-bw"), panel_spec("epd-2.9-bwr")
    frame = Frame(296, 128, bw.inks, bytes(296 * 128))
    with pytest.raises(FrameError, match="296 x 128 in white, black is none of epd-2"):
        packed(frame, bwr)
