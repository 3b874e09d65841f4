"""URIs as QR codes (ISO/IEC 18004), written by zxing-cpp in the smallest version that fits."""

from math import isqrt
from typing import TYPE_CHECKING, NamedTuple, cast

from label_templates.layout.errors import CodeError
from label_templates.layout.keep import Keep

if TYPE_CHECKING:
    from typing_extensions import Buffer

QUIET = 4
"""Light modules that the code needs on every side."""
LEVELS = ("M", "L", "Q", "H")
"""Error correction: how much may be dirty or torn, 15, 7, 25 or 30 %."""

_BUDGET = 2**20
_INVERTED = bytes.maketrans(b"\x00\xff", b"\xff\x00")


class Square(NamedTuple):
    """A QR code: `side` modules each way, row by row, 255 dark and 0 light."""

    side: int
    dark: bytes

    @property
    def width(self) -> int:
        """Return the width in modules, quiet zones included."""
        return self.side + 2 * QUIET


_kept: Keep[Square] = Keep(_BUDGET)


def encode(text: str, level: str) -> Square:
    """Return the QR code of a text at a level of error correction; CodeError where it has none."""
    key = (text, level)
    return _kept.get(key) or _keep(key, _written(text, level))


def _keep(key: tuple[str, str], square: Square) -> Square:
    return _kept.put(key, square, 300 + len(key[0]) + len(square.dark))


def _written(text: str, level: str) -> Square:
    # Most tiles have no QR code; a shelf that draws none shall not wait for this to load.
    import zxingcpp  # noqa: PLC0415

    if not (text.isascii() and text.isprintable()):
        raise CodeError(f"{text!r} is no URI: it has characters beyond printable ASCII")
    try:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError as error:
        raise CodeError(f"no QR code holds {_quoted(text)}: {error}") from error
    pixels = bytes(cast("Buffer", code.to_image(scale=1, add_quiet_zones=False)))
    return Square(isqrt(len(pixels)), pixels.translate(_INVERTED))


def _quoted(text: str) -> str:
    return repr(text) if len(text) <= 60 else f"{text[:60]!r}..."
