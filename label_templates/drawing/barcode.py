"""GTINs as bars.

Patterns, quiet zones and check digits: GS1 General Specifications, sections 5.2 (EAN/UPC) and 5.3
(ITF-14). ITF-14 is written with wide bars of three modules, within the allowed 2.25 to 3. Guard
bars are as long as the others, which the standard leaves to the printer.

Leading zeros by which a GTIN was filled up to 13 or 14 digits are no part of its symbol: a file's
`03859893615214` is drawn as the EAN-13 that is on the product. A scanner reads the same number.
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


_ZERO_PARITY = ("111000", "110100", "110010", "110001", "101100",
                "100110", "100011", "101010", "101001", "100101")  # fmt: skip
"""Which of the six digits of a UPC-E are of even parity, by its check digit."""


class Symbol(NamedTuple):
    """A barcode in modules, `1` dark, and the light modules it needs on both sides."""

    kind: str
    digits: str
    """The number as it is printed under the bars."""
    modules: str
    quiet_left: int
    quiet_right: int

    @property
    def width(self) -> int:
        """Return the width in modules, quiet zones included."""
        return self.quiet_left + len(self.modules) + self.quiet_right


@lru_cache(maxsize=2048)
def encode(gtin: str, short: bool = False) -> Symbol:
    """Return the barcode of a GTIN, by its length; CodeError where it is none.

    `short` takes a UPC-E, half as wide, for a GTIN-12 whose zeros can be left out.
    """
    try:
        own = unfilled(parse_gtin(gtin))
    except IdentifierError as error:
        raise CodeError(str(error)) from error
    if len(own) == 14:
        return Symbol("ITF-14", own, _itf(own), 10, 10)
    if len(own) == 13:
        return Symbol("EAN-13", own, _ean13(own), 11, 7)
    if len(own) == 8:
        left = [_ODD[int(digit)] for digit in own[:4]]
        return Symbol("EAN-8", own, _guarded(left, own[4:]), 7, 7)
    body = suppressed(own) if short else None
    if body is not None:
        return Symbol("UPC-E", f"0{body}{own[-1]}", _upc_e(body, own[-1]), 9, 7)
    return Symbol("UPC-A", own, _ean13("0" + own), 9, 9)


def unfilled(gtin: str) -> str:
    """Return a GTIN of 13 or 14 digits without the zeros it was filled up with.

    GS1 gives out no GTIN-13 and no GTIN-12 that a shorter one filled up could be taken for.
    """
    for length in (8, 12, 13):
        if len(gtin) > max(length, 12) and not gtin[:-length].strip("0"):
            return gtin[-length:]
    return gtin


def suppressed(gtin: str) -> str | None:
    """Return the six digits of a GTIN-12 in a UPC-E, None where it has none.

    GS1 General Specifications, 5.2.2.4: the four rules, in their order.
    """
    if gtin[0] != "0":
        return None
    maker, item = gtin[1:6], gtin[6:11]
    if maker[4] != "0" and item[:4] == "0000" and item[4] >= "5":
        return maker + item[4]
    if maker[3] != "0" and maker[4] == "0" and item[:4] == "0000":
        return maker[:4] + item[4] + "4"
    if maker[2:] in {"000", "100", "200"} and item[:2] == "00":
        return maker[:2] + item[2:] + maker[2]
    if maker[3:] == "00" and maker[2] >= "3" and item[:3] == "000":
        return maker[:3] + item[3:] + "3"
    return None


def _ean13(gtin: str) -> str:
    parities = _PARITY[int(gtin[0])]
    left = [
        (_EVEN if parity == "1" else _ODD)[int(digit)]
        for digit, parity in zip(gtin[1:7], parities, strict=True)
    ]
    return _guarded(left, gtin[7:])


def _upc_e(body: str, check: str) -> str:
    parities = zip(body, _ZERO_PARITY[int(check)], strict=True)
    digits = ((_EVEN if parity == "1" else _ODD)[int(digit)] for digit, parity in parities)
    return "101" + "".join(digits) + "010101"


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
