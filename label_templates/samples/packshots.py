"""Packshots of sample products, painted by code and cut out: just the product and its shadow.

What is clear in them takes the ground of the tile, white on a label and black on a strip.
"""

import io
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from label_templates.drawing.fonts import font_file

SIDE = 480
_FINE = 2
"""Painted this many times larger and then reduced, so that edges are smooth."""
_CANVAS = (SIDE * _FINE, SIDE * _FINE)
_Rgb = tuple[int, int, int]
_Box = tuple[int, int, int, int]
_Letters = tuple[str, int, _Rgb]
"""Font, size and colour."""
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


@cache
def oranges() -> bytes:
    """Return a heap of oranges with a leaf."""
    picture = _table((60, 680, 900, 900))
    for x, y in ((250, 660), (710, 660), (480, 390), (480, 690)):
        _ball(picture, x, y, 222, (246, 138, 18))
        ImageDraw.Draw(picture).ellipse((x + 58, y - 136, x + 88, y - 116), fill=(112, 106, 30))
    leaf = Image.new("L", _CANVAS)
    ImageDraw.Draw(leaf).chord((500, 60, 880, 330), 190, 330, fill=255)
    _clad(picture, leaf, [(40, 90, 30), (98, 164, 54), (30, 80, 30)])
    return _png(picture)


@cache
def coffee() -> bytes:
    """Return a green bag of coffee among beans."""
    picture = _table((150, 810, 830, 930))
    bag = _polygon((240, 60), (720, 60), (752, 170), (772, 890), (188, 890), (208, 170))
    foil = [(8, 34, 22), (16, 66, 42), (96, 152, 118), (22, 78, 52), (14, 58, 38), (6, 30, 20)]
    _clad(picture, bag, foil)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((238, 56, 722, 118), fill=(198, 150, 66))
    for x in range(246, 722, 14):
        draw.line((x, 58, x, 116), fill=(158, 112, 42), width=4)
    draw.rounded_rectangle((262, 270, 700, 760), 26, fill=(243, 232, 210))
    draw.rectangle((262, 550, 700, 646), fill=(158, 34, 30))
    _words(picture, (480, 376), "CAFFÈ", ("black", 128, (52, 30, 18)))
    _words(picture, (480, 484), "TOSTATO", ("medium", 66, (52, 30, 18)))
    _words(picture, (480, 600), "INTENSO", ("bold", 74, (255, 246, 230)))
    _words(picture, (480, 706), "250 g", ("medium", 58, (52, 30, 18)))
    for x, y in ((110, 880), (170, 916), (70, 922), (850, 884), (800, 922), (900, 922)):
        _bean(draw, x, y)
    return _png(picture)


@cache
def milk() -> bytes:
    """Return a bottle of milk."""
    picture = _table((220, 850, 770, 936))
    bottle = _polygon((392, 70), (568, 70), (568, 190), (680, 400), (280, 400), (392, 190))
    ImageDraw.Draw(bottle).rounded_rectangle((280, 330, 680, 910), 60, fill=255)
    _clad(picture, bottle, _turned((236, 240, 244)), (280, 680))
    _clad(picture, _rounded((384, 26, 576, 112), 18), _turned((24, 88, 178)), (384, 576))
    _clad(picture, _rounded((280, 480, 680, 800), 0), _turned((32, 110, 200)), (280, 680))
    _words(picture, (480, 590), "MILK", ("black", 148, _WHITE))
    _words(picture, (480, 716), "1 gal · 2%", ("medium", 64, _WHITE))
    return _png(picture)


@cache
def granola() -> bytes:
    """Return a box of granola."""
    picture = _table((170, 850, 880, 936))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(714, 90), (806, 56), (806, 846), (714, 912)], fill=(146, 74, 10))
    draw.polygon([(196, 90), (300, 56), (806, 56), (714, 90)], fill=(252, 212, 124))
    front = [(252, 190, 62), (244, 160, 32), (226, 126, 18)]
    _clad(picture, _rounded((196, 90, 714, 912), 0), front, (90, 912), down=True)
    draw.rectangle((196, 200, 714, 450), fill=(255, 250, 236))
    _words(picture, (455, 284), "OAT & HONEY", ("black", 72, (140, 70, 8)))
    _words(picture, (455, 380), "GRANOLA", ("black", 98, (178, 30, 30)))
    draw.ellipse((250, 560, 660, 870), fill=(252, 247, 238))
    draw.ellipse((274, 574, 636, 836), fill=(190, 126, 58))
    shades = [(226, 170, 96), (166, 100, 40), (242, 204, 134), (118, 64, 26), (208, 144, 68)]
    for number, (x, y) in enumerate(_scattered(240, (280, 590, 630, 820))):
        if ((x - 455) / 160) ** 2 + ((y - 705) / 110) ** 2 < 1:
            draw.ellipse((x - 16, y - 11, x + 16, y + 11), fill=shades[number % 5])
    return _png(picture)


@cache
def cola() -> bytes:
    """Return a can of cola."""
    picture = _table((230, 860, 760, 940))
    draw = ImageDraw.Draw(picture)
    _clad(picture, _rounded((310, 60, 650, 930), 30), _turned((178, 182, 190)), (310, 650))
    _clad(picture, _rounded((270, 100, 690, 900), 46), _turned((206, 22, 36)), (270, 690))
    draw.ellipse((316, 44, 644, 96), fill=(216, 220, 224))
    draw.ellipse((338, 52, 622, 88), fill=(150, 156, 164))
    wave = _polygon((270, 690), (690, 530), (690, 680), (270, 840))
    _clad(picture, wave, _turned((244, 244, 246)), (270, 690))
    _words(picture, (480, 400), "COLA", ("black", 156, _WHITE))
    return _png(picture)


@cache
def penne() -> bytes:
    """Return a bag of pasta."""
    picture = _table((180, 860, 790, 940))
    film = [(8, 34, 96), (14, 60, 150), (70, 132, 226), (20, 74, 168), (14, 58, 144), (8, 32, 90)]
    _clad(picture, _rounded((196, 50, 764, 916), 34), film, (196, 764))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((262, 470, 698, 850), 26, fill=(196, 148, 70))
    window = (290, 500, 640, 800)
    shades = [(238, 196, 104), (222, 170, 72), (248, 214, 132)]
    for number, (x, y) in enumerate(_scattered(140, window)):
        slope, shade = number * 7 % 34 - 17, shades[number % 3]
        draw.line((x, y, x + 52, y + slope), fill=_mixed(shade, (90, 50, 0), 40), width=30)
        draw.line((x, y - 4, x + 52, y + slope - 4), fill=shade, width=20)
    draw.rectangle((196, 150, 764, 400), fill=(250, 250, 246))
    _words(picture, (480, 236), "PENNE", ("black", 146, (16, 62, 150)))
    _words(picture, (480, 350), "RIGATE · 500 g", ("bold", 66, (190, 28, 38)))
    return _png(picture)


def _table(shadow: _Box) -> Image.Image:
    """Return a clear canvas with the soft shadow of what will stand on it."""
    picture = Image.new("RGBA", _CANVAS)
    mask = Image.new("L", _CANVAS)
    ImageDraw.Draw(mask).ellipse(shadow, fill=130)
    picture.putalpha(mask.filter(ImageFilter.GaussianBlur(22)))
    return picture


def _clad(
    picture: Image.Image,
    mask: Image.Image,
    colours: Sequence[_Rgb],
    span: tuple[int, int] = (0, _CANVAS[0]),
    down: bool = False,
) -> None:
    """Fill a shape with colours that run into one another over a span, across or down."""
    start, end = span
    strip = Image.new("RGB", (len(colours), 1))
    strip.putdata(list(colours))
    cloth = strip.resize((end - start, _CANVAS[1]), Image.Resampling.BILINEAR)
    if down:
        cloth = cloth.transpose(Image.Transpose.ROTATE_270)
    sheet = Image.new("RGB", _CANVAS)
    sheet.paste(cloth, (0, start) if down else (start, 0))
    picture.paste(sheet, mask=mask)


def _turned(colour: _Rgb) -> list[_Rgb]:
    """Return the shades across something round and upright."""
    light, dark = _mixed(colour, _WHITE, 55), _mixed(colour, _BLACK, 45)
    return [_mixed(colour, _BLACK, 30), light, colour, colour, dark, _mixed(colour, _BLACK, 35)]


def _ball(picture: Image.Image, x: int, y: int, radius: int, colour: _Rgb) -> None:
    """Set a ball, lit from the upper left."""
    side = 2 * radius
    glow = ImageChops.invert(Image.radial_gradient("L")).resize((2 * side, 2 * side))
    light = glow.crop((side * 7 // 10, side * 7 // 10, side * 17 // 10, side * 17 // 10))
    dark, bright = _mixed(colour, (120, 30, 0), 70), _mixed(colour, (255, 226, 130), 45)
    body = Image.composite(
        Image.new("RGB", (side, side), bright), Image.new("RGB", (side, side), dark), light
    )
    shine, mask = Image.new("L", (side, side)), Image.new("L", (side, side))
    spot = (side * 24 // 100, side * 16 // 100, side * 46 // 100, side * 34 // 100)
    ImageDraw.Draw(shine).ellipse(spot, fill=150)
    body.paste(_WHITE, mask=shine.filter(ImageFilter.GaussianBlur(radius // 7)))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    picture.paste(body, (x - radius, y - radius), mask)


def _bean(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    draw.ellipse((x - 52, y - 32, x + 52, y + 32), fill=(66, 36, 18))
    draw.ellipse((x - 40, y - 27, x + 20, y + 4), fill=(122, 74, 40))
    draw.arc((x - 66, y - 4, x + 66, y + 44), 215, 325, fill=(30, 14, 8), width=7)


def _words(picture: Image.Image, middle: tuple[int, int], text: str, letters: _Letters) -> None:
    """Write words around a point."""
    font, size, colour = letters
    face = ImageFont.truetype(font_file(font), size, layout_engine=ImageFont.Layout.BASIC)
    mask = Image.new("L", _CANVAS)
    ImageDraw.Draw(mask).text(middle, text, fill=255, font=face, anchor="mm")
    picture.paste(colour, mask=mask)


def _polygon(*points: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", _CANVAS)
    ImageDraw.Draw(mask).polygon(points, fill=255)
    return mask


def _rounded(box: _Box, radius: int) -> Image.Image:
    mask = Image.new("L", _CANVAS)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=255)
    return mask


def _scattered(count: int, box: _Box) -> list[tuple[int, int]]:
    """Return points that look strewn and are always the same: a linear congruence."""
    left, top, right, bottom = box
    spot, points = 7, []
    for _ in range(count):
        spot = (spot * 1_103_515_245 + 12_345) % 2**31
        points.append((left + spot // 7 % (right - left), top + spot // 4099 % (bottom - top)))
    return points


def _mixed(one: _Rgb, other: _Rgb, percent: int) -> _Rgb:
    """Return a colour on the way from one to another."""
    red, green, blue = [a + (b - a) * percent // 100 for a, b in zip(one, other, strict=True)]
    return red, green, blue


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.resize((SIDE, SIDE), Image.Resampling.BOX).save(file, "PNG", compress_level=6)
    return file.getvalue()
