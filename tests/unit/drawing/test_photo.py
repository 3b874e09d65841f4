"""Photos become inks: fitted, dithered with what the panel really shows, the same everywhere."""

import io
import struct
import zlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from label_templates.contract.panel import CATALOGUE, Ink, PanelSpec, panel_spec
from label_templates.drawing.palette import CUBE
from label_templates.layout.errors import AssetError
from tests.unit.drawing.pictures import drawn, file_of, gradient

E6, LCD, BW = panel_spec("epd-7.3-e6"), panel_spec("lcd-st7789"), panel_spec("epd-7.5-bw")
WHITE, RED = E6.inks.index(Ink.WHITE), E6.inks.index(Ink.RED)


def plain(colour: str | tuple[int, ...], size: tuple[int, int] = (8, 8)) -> Image.Image:
    return Image.new("RGB" if isinstance(colour, str) or len(colour) == 3 else "RGBA", size, colour)


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
def test_white_paper_stays_white_and_black_stays_black(spec: PanelSpec) -> None:
    for colour, ink in (("white", Ink.WHITE), ("black", Ink.BLACK)):
        frame = drawn(file_of(plain(colour)), spec)
        assert set(frame.indices) == {spec.inks.index(ink)}


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)
def test_a_photo_uses_the_inks_of_the_panel_and_on_screens_the_cube(spec: PanelSpec) -> None:
    used = set(drawn(file_of(gradient(64, 64)), spec).indices)
    assert max(used) < len(spec.inks) + (len(CUBE) if spec.cube else 0)
    assert len(used) > 20 if spec.cube else len(used) >= min(len(spec.inks), 5)


def test_a_shade_keeps_its_lightness_on_the_whole() -> None:
    for level in range(0, 256, 15):
        frame = drawn(file_of(plain((level,) * 3)), BW)
        white = frame.indices.count(BW.inks.index(Ink.WHITE)) / len(frame.indices)
        assert abs(white - level / 255) < 0.02


def test_a_photo_in_colours_that_no_ink_has_is_grey() -> None:
    bwr = panel_spec("epd-7.5-bwr")
    for colour in ((20, 160, 60), (90, 90, 200), (128, 128, 128)):
        frame = drawn(file_of(plain(colour)), bwr)
        assert {bwr.inks[index] for index in frame.indices} == {Ink.WHITE, Ink.BLACK}


def test_a_colour_between_inks_is_mixed_of_them_as_they_are_measured() -> None:
    shown = {E6.inks[index] for index in drawn(file_of(plain((255, 150, 0)))).indices}
    assert {Ink.RED, Ink.YELLOW} <= shown
    assert Ink.BLUE not in shown


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 95, "subsampling": 0})],
)
def test_png_jpeg_and_webp_are_read(kind: str, options: dict[str, object]) -> None:
    frame = drawn(file_of(gradient(64, 64), kind, **options))
    if kind != "JPEG":
        assert frame == drawn(file_of(gradient(64, 64)))
    assert len(set(frame.indices)) == len(E6.inks)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_pictures_of_every_usual_kind_of_pixels_are_read(mode: str) -> None:
    frame = drawn(file_of(gradient(64, 64).convert(mode)))
    assert len(set(frame.indices)) >= 2


def test_a_photo_stands_whole_in_its_box_where_the_template_says() -> None:
    data = file_of(plain("red", (20, 10)))
    for valign, rows in (("start", range(16)), ("center", range(8, 24)), ("end", range(16, 32))):
        frame = drawn(data, size=(32, 32), valign=valign)
        lines = [frame.indices[y * 32 : y * 32 + 32] for y in range(32)]
        assert [y for y, line in enumerate(lines) if set(line) != {WHITE}] == list(rows)
    wide = drawn(data, size=(64, 16), align="end")
    assert [x for x in range(64) if wide.indices[x] != WHITE] == list(range(32, 64))


def test_a_photo_is_cut_to_fill_its_box_from_the_side_the_template_says() -> None:
    halves = plain("white", (20, 10))
    halves.paste("black", (10, 0, 20, 10))
    black = BW.inks.index(Ink.BLACK)
    shares = [
        drawn(file_of(halves), BW, size=(40, 40), fit="cover", align=align).indices.count(black)
        for align in ("start", "center", "end")
    ]
    assert shares == [0, 800, 1600]


@given(st.integers(1, 90), st.integers(1, 90), st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=60, deadline=None)
def test_a_photo_of_any_shape_fills_or_fits_any_box(
    w: int, h: int, width: int, height: int
) -> None:
    data = file_of(plain("black", (w, h)))
    black = BW.inks.index(Ink.BLACK)
    full = drawn(data, BW, size=(width, height), fit="cover")
    assert set(full.indices) == {black}
    fitted = drawn(data, BW, size=(width, height))
    columns = max(fitted.indices[y * width : (y + 1) * width].count(black) for y in range(height))
    rows = fitted.indices.count(black) // columns
    assert columns == width or rows == height
    assert abs(columns * h - rows * w) <= max(w, h)


def test_what_shines_through_shows_the_paper_or_the_ground() -> None:
    clear = file_of(plain((0, 0, 0, 0)))
    assert set(drawn(clear).indices) == {WHITE}
    assert set(drawn(clear, ground=RED).indices) == {RED}
    half = plain((0, 0, 0, 255), (8, 4))
    assert set(drawn(file_of(half), BW, ground=1).indices) == {1}


def test_a_ground_fills_what_the_photo_leaves() -> None:
    frame = drawn(file_of(plain("white", (10, 20))), size=(40, 40), ground=RED)
    assert Counter(frame.indices) == {WHITE: 800, RED: 800}


def test_a_photo_is_turned_as_its_camera_was() -> None:
    picture = plain("white", (20, 10))
    picture.paste("black", (0, 0, 10, 10))
    turned = Image.Exif()
    turned[0x0112] = 6
    data = file_of(picture, "JPEG", exif=turned, quality=95)
    frame = drawn(data, BW, size=(10, 20), fit="cover")
    assert frame.indices[5] == BW.inks.index(Ink.BLACK)
    assert frame.indices[-5] == BW.inks.index(Ink.WHITE)


def test_the_same_file_gives_the_same_pixels_on_every_machine() -> None:
    """Digests written down on x86-64; an aarch64 machine finds the same."""
    data = file_of(gradient(200, 150))
    digests = {name: drawn(data, name, size=(120, 80)).digest() for name in DIGESTS}
    assert digests == DIGESTS


DIGESTS = {
    "epd-2.9-bw": "531fecf00d436e22261a0d573fd6bdb1",
    "epd-7.5-bwr": "fa6c5e1e760eb6df1ace90d23e4b5c42",
    "epd-2.9-bwry": "494784653796857eb9462d69f8130545",
    "epd-7.3-acep": "29c9c7d9991a13004c3ca4a870981b95",
    "epd-7.3-e6": "6fe6b30779a6dab1c9c8293e84c1a88b",
    "lcd-st7789": "9e1ada8214ee09d7c7972f0315ebbbe7",
}


def bomb() -> bytes:
    """Return a PNG that says it is of 40,000 x 40,000 pixels."""
    size = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n"
    for kind, data in ((b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        whole += struct.pack(">I", len(data)) + kind + data
        whole += struct.pack(">I", zlib.crc32(kind + data))
    return whole


def test_a_photo_that_cannot_be_read_is_named_with_its_place_and_reason() -> None:
    cases = [
        (b"GIF89a", "no whole picture in PNG, JPEG, WEBP"),
        (file_of(plain("red"), "GIF"), "no whole picture in PNG, JPEG, WEBP"),
        (file_of(gradient(300, 300))[:1000], "no whole picture"),
        (file_of(gradient(64, 64), "JPEG")[:400], "no whole picture"),
        (bomb(), "more than 16 million"),
        (file_of(Image.new("1", (8000, 2001))), "8000 x 2001 pixels, more than 16 million"),
        (file_of(Image.new("I;16", (4, 4))), "pixels of type I;16 are not read"),
    ]
    for data, reason in cases:
        with pytest.raises(AssetError, match=reason) as raised:
            drawn(data)
        assert str(raised.value).startswith('line 3, image "photo": photo ')


def test_a_picture_just_large_enough_is_read() -> None:
    data = file_of(Image.new("1", (8000, 2000)))
    assert len(io.BytesIO(data).getvalue()) < 10_000
    assert set(drawn(data, BW, fit="cover").indices) == {BW.inks.index(Ink.BLACK)}
