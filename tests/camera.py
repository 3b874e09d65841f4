"""A simulated camera before a shelf, and what a scanner reads in its photographs.

The camera sees each pixel of a frame as four by four of its own, in the inks' seen colours, out of
focus by a Gaussian blur of some of its pixels.
"""

import zxingcpp
from PIL import Image, ImageFilter

from label_templates.drawing.frame import Frame

ZOOM = 4
BLURS = (0.8, 1.4, 2.0)
"""From a camera in good focus to one that is barely good enough."""

_CODES = zxingcpp.BarcodeFormat
_BARS = zxingcpp.BarcodeFormats([_CODES.EANUPC, _CODES.ITF])
_SQUARES = zxingcpp.BarcodeFormats([_CODES.QRCode])
_SHARPENED = ImageFilter.UnsharpMask(radius=2, percent=200, threshold=0)
"""What phones do to a photograph before they look for a QR code in it."""


def photographed(frame: Frame, blur: float) -> Image.Image:
    """Return what a camera sees of a frame, in greys; `blur` in pixels of the photograph."""
    size = (frame.width * ZOOM, frame.height * ZOOM)
    picture = frame.image().convert("L").resize(size, Image.Resampling.NEAREST)
    return picture.filter(ImageFilter.GaussianBlur(blur))


def codes(picture: Image.Image) -> set[str]:
    """Return what the codes in a picture say; a UPC-E says the GTIN it stands for.

    A picture of a label is evenly lit, so dark is what is darker than the middle. Scanners of
    ITF-14 take 14 digits only, because a part of such a code may look like a shorter one.
    """
    bars = {code.text for code in _read(picture, _BARS) if not _is_part(code)}
    return bars | {code.text for code in _read(picture.filter(_SHARPENED), _SQUARES)}


def gtins(picture: Image.Image) -> set[str]:
    """Return the GTINs of the barcodes in a picture, filled up to 14 digits."""
    return {text.zfill(14) for text in codes(picture) if text.isdigit()}


def _is_part(code: zxingcpp.Barcode) -> bool:
    return code.format == _CODES.ITF and len(code.text) < 14


def _read(picture: Image.Image, formats: zxingcpp.BarcodeFormats) -> list[zxingcpp.Barcode]:
    middle = zxingcpp.Binarizer.FixedThreshold
    return list(zxingcpp.read_barcodes(picture, formats=formats, binarizer=middle))
