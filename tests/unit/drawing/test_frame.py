"""A frame is its ink indices, and a picture of it gives them back exactly."""

import dataclasses
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from label_templates.contract.panel import Ink, panel_spec
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError

ALL = tuple(Ink)


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    inks = ALL[: draw(st.sampled_from([2, 3, 6]))]
    width, height = draw(st.integers(1, 20)), draw(st.integers(1, 20))
    pixels = st.lists(
        st.integers(0, len(inks) - 1), min_size=width * height, max_size=width * height
    )
    return Frame(width, height, inks, bytes(draw(pixels)))


@given(st.lists(st.integers(0, 5 + 216), min_size=1, max_size=40), st.booleans())
def test_a_picture_gives_back_a_photo_in_the_cubes_colours(pixels: list[int], clear: bool) -> None:
    frame = Frame(len(pixels), 1, ALL[:6], bytes(pixels))
    assert frame.cubed == (max(pixels) > 5)
    assert Frame.read_png(frame.png(clear), frame.inks) == frame


def test_indices_beyond_the_cube_are_refused() -> None:
    inks = ALL[:2]
    beyond = Frame(2, 1, inks, bytes([0, len(inks) + 216]))
    with pytest.raises(FrameError, match="uses ink 218 of only 218"):
        Frame.read_png(beyond.png(), inks)


def test_a_frame_knows_its_panel() -> None:
    panel = panel_spec("epd-2.9-bw")
    Frame(296, 128, panel.inks, bytes(296 * 128)).check_panel(panel)
    with pytest.raises(FrameError, match="a frame of 2 x 1 in black, white is none of epd-2"):
        Frame(2, 1, (Ink.BLACK, Ink.WHITE), b"\0\1").check_panel(panel)


@given(frames(), st.booleans())
def test_a_picture_gives_back_the_frame(frame: Frame, clear: bool) -> None:
    assert Frame.read_png(frame.png(clear), frame.inks) == frame


@given(frames())
def test_the_digest_is_of_size_inks_and_pixels(frame: Frame) -> None:
    assert len(frame.digest()) == 32
    assert dataclasses.replace(frame).digest() == frame.digest()
    pixels = bytes([(frame.indices[0] + 1) % len(frame.inks)]) + frame.indices[1:]
    assert dataclasses.replace(frame, indices=pixels).digest() != frame.digest()
    turned = dataclasses.replace(frame, inks=tuple(reversed(frame.inks)))
    assert turned.digest() != frame.digest()


def test_clear_paper_lets_the_page_shine_through() -> None:
    frame = Frame(2, 1, (Ink.WHITE, Ink.BLACK), b"\0\1")
    picture = Image.open(io.BytesIO(frame.png(clear_paper=True))).convert("RGBA")
    assert picture.getchannel("A").tobytes() == b"\0\xff"


def test_a_frame_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(FrameError, match="2 x 2 cannot hold 3 pixels"):
        Frame(2, 2, (Ink.WHITE, Ink.BLACK), b"\0\1\1")


def test_a_picture_that_is_no_frame_is_refused() -> None:
    frame = Frame(2, 1, (Ink.WHITE, Ink.BLACK, Ink.RED), b"\0\2")
    with pytest.raises(FrameError, match="no whole PNG"):
        Frame.read_png(frame.png()[:40], frame.inks)
    with pytest.raises(FrameError, match="uses ink 2 of only 2"):
        Frame.read_png(frame.png(), frame.inks[:2])
    with pytest.raises(FrameError, match="palette"):
        Frame.read_png(frame.png(), (Ink.BLACK, Ink.WHITE, Ink.RED))
