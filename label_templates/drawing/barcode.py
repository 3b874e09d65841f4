"""GTINs as bars.

Patterns, quiet zones and check digits: GS1 General Specifications, sections 5.2 (EAN/UPC) and 5.3
(ITF-14). ITF-14 is written with wide bars of three modules, within the allowed 2.25 to 3.
"""

from functools import lru_cache
from typing import NamedTuple

from label_templates.contract.errors import IdentifierError
from label_templates.contract.identifiers import parse_gtin
from label_templates.layout.errors import CodeError

_ODD = ("0001101", "0011001", "0010011", "0111101", "0100011",
        "0110001", "0101111", "0111011", "0110111", "0001011")  # fmt: skip
_RIGHT = tuple("".join("10"[int(bit)] for bit in code) for code in _ODD)
_EVEN = tuple(code[::-1] for code in _RIGHT)
_PARITY = ("000000", "001011", "001101", "001110", "010011",
           "011001", "011100", "010101", "010110", "011010")  # fmt: skip
"""Which of the six left digits are of even parity, by the first digit of an EAN-13."""
_WIDE = ("00110", "10001", "01001", "11000", "00101",
         "10100", "01100", "00011", "10010", "01010")  # fmt: skip
"""Which of a digit's five ITF elements are wide."""


class Symbol(NamedTuple):
    """A barcode in modules, `1` dark, and the light modules it needs on both sides."""

    kind: str
    modules: str
    quiet_left: int
    quiet_right: int

    @property
    def width(self) -> int:
        """Return the width in modules, quiet zones included."""
        return self.quiet_left + len(self.modules) + self.quiet_right


@lru_cache(maxsize=2048)
def encode(gtin: str) -> Symbol:
    """Return the barcode of a GTIN, by its length; CodeError where it is none."""
    try:
        parse_gtin(gtin)
    except IdentifierError as error:
        raise CodeError(str(error)) from error
    if len(gtin) == 14:
        return Symbol("ITF-14", _itf(gtin), 10, 10)
    if len(gtin) == 13:
        return Symbol("EAN-13", _ean13(gtin), 11, 7)
    if len(gtin) == 12:
        return Symbol("UPC-A", _ean13("0" + gtin), 9, 9)
    return Symbol("EAN-8", _guarded([_ODD[int(d)] for d in gtin[:4]], gtin[4:]), 7, 7)


def _ean13(gtin: str) -> str:
    parities = _PARITY[int(gtin[0])]
    left = [
        (_EVEN if parity == "1" else _ODD)[int(digit)]
        for digit, parity in zip(gtin[1:7], parities, strict=True)
    ]
    return _guarded(left, gtin[7:])


def _guarded(left: list[str], right: str) -> str:
    return "101" + "".join(left) + "01010" + "".join(_RIGHT[int(d)] for d in right) + "101"


def _itf(gtin: str) -> str:
    pairs = zip(gtin[::2], gtin[1::2], strict=True)
    return "1010" + "".join(_itf_pair(int(bars), int(gaps)) for bars, gaps in pairs) + "11101"


def _itf_pair(bars: int, gaps: int) -> str:
    """Interleave two digits: the first in the bars, the second in the gaps between them."""
    return "".join(
        "1" * (3 if bar == "1" else 1) + "0" * (3 if gap == "1" else 1)
        for bar, gap in zip(_WIDE[bars], _WIDE[gaps], strict=True)
    )
