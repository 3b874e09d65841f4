"""Names of things: GTINs with their check digits, SKUs, stores, devices, positions.

GTINs are text: leading zeros are significant. Check digit rule: GS1 General Specifications 7.9,
weights 3, 1, 3 ... from the right of the body.
"""

import re
from typing import Annotated

from pydantic import AfterValidator

from label_templates.contract.errors import IdentifierError

GTIN_LENGTHS = (8, 12, 13, 14)

GS1_STEM = "https://id.gs1.org"
"""Where GS1 itself resolves links."""

_STEM = re.compile(r"https?://[0-9a-z][0-9a-z.-]*(:[0-9]+)?(/[0-9a-z._~-]+)*/?", re.IGNORECASE)
_SKU = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,31}")
_STORE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,15}")
_POSITION = re.compile(r"b[0-9]{2,3}-s[0-9]{1,2}-p[0-9]{2,3}")
_DEVICE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def check_digit(body: str) -> str:
    """Return the GS1 check digit for a GTIN's digits without the last one."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def parse_gtin(text: str) -> str:
    """Return the GTIN as written, 8, 12, 13 or 14 digits; raise IdentifierError with the reason."""
    if not (text.isascii() and text.isdigit()):
        raise IdentifierError(f"GTIN {text!r} is not made of digits")
    if len(text) not in GTIN_LENGTHS:
        raise IdentifierError(f"GTIN {text} has {len(text)} digits; 8, 12, 13 or 14 are possible")
    expected = check_digit(text[:-1])
    if text[-1] != expected:
        raise IdentifierError(f"GTIN {text} ends with {text[-1]}; its check digit is {expected}")
    return text


def digital_link(gtin: str, stem: str = GS1_STEM) -> str:
    """Return the GS1 Digital Link URI of a product, for a QR code.

    `stem` is where links of the retailer or the brand begin. Source: GS1 Digital Link standard,
    URI syntax 4.11: the GTIN has 14 digits there.
    """
    if not _STEM.fullmatch(stem):
        raise IdentifierError(f"{stem!r} is where no link begins; expected one such as {GS1_STEM}")
    return f"{stem.rstrip('/')}/01/{parse_gtin(gtin).zfill(14)}"


def _pattern(noun: str, pattern: re.Pattern[str], made_of: str, text: str) -> str:
    if not pattern.fullmatch(text):
        raise IdentifierError(f"{text!r} is no {noun}; it is {made_of}")
    return text


def parse_sku(text: str) -> str:
    """Return a SKU: the retailer's own item number, leading zeros significant."""
    return _pattern(
        "SKU", _SKU, "1 to 32 letters without accents, digits, - and _, no sign first", text
    )


def parse_store_id(text: str) -> str:
    """Return a store's identifier, such as 0204."""
    return _pattern(
        "store", _STORE, "1 to 16 letters without accents, digits and -, no sign first", text
    )


def parse_position_id(text: str) -> str:
    """Return a position's identifier, such as b01-s2-p03: bay 1, shelf 2, place 3."""
    return _pattern("position", _POSITION, "bay, shelf and place, such as b01-s2-p03", text)


def parse_device_id(text: str) -> str:
    """Return a device's identifier: lower case, digits and hyphens, at most 64."""
    return _pattern("device", _DEVICE, "1 to 64 small letters, digits and -, no sign first", text)


def position_id(bay: int, shelf: int, place: int) -> str:
    """Return the identifier of the position at a bay, shelf and place, each counted from 1."""
    return parse_position_id(f"b{bay:02}-s{shelf}-p{place:02}")


def position_parts(position: str) -> tuple[int, int, int]:
    """Return (bay, shelf, place) of a position's identifier."""
    bay, shelf, place = (int(part[1:]) for part in parse_position_id(position).split("-"))
    return bay, shelf, place


Gtin = Annotated[str, AfterValidator(parse_gtin)]
Sku = Annotated[str, AfterValidator(parse_sku)]
StoreId = Annotated[str, AfterValidator(parse_store_id)]
PositionId = Annotated[str, AfterValidator(parse_position_id)]
DeviceId = Annotated[str, AfterValidator(parse_device_id)]
