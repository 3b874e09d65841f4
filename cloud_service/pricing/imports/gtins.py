"""Reading GTINs, and naming what a spreadsheet did to those that it ruined.

A spreadsheet takes a GTIN for a number: it drops leading zeros, and writes what is long in powers
of ten, `3.85E+12`, which loses the digits themselves. Check digits: GS1 General Specifications 7.9.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cloud_service.pricing.imports.cells import bare
from cloud_service.pricing.imports.rows import Notes, RowRefused
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import GTIN_LENGTHS, check_digit, parse_gtin

# A GTIN's digits as bytes are 48 too high each; weighted 1, 3, 1 ... that sums up to this much.
_TOO_HIGH = {n: 48 * ((n + 1) // 2 + 3 * (n // 2)) for n in GTIN_LENGTHS}
_FILLED = {7: 8, 9: 12, 10: 12, 11: 12}
"""How long a GTIN was before it lost its leading zeros, by what is left of it."""
_POWER = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
_DECIMALS = re.compile(r"([0-9]{7,14})[.,]0+")
_ROUNDED_ZEROS = 5
KEEP_AS_TEXT = (
    "give the column the format Text before the list is pasted or opened in a spreadsheet, "
    "or take the file as it left the till"
)


@dataclass(frozen=True)
class Ruin:
    """What happened to a GTIN, and the GTIN as it was where no digit is lost for good."""

    story: str
    mended: str | None


def gtin_reader(column: str, notes: Notes, *, repair: bool) -> Callable[[int, str], str | None]:
    """Return a reader of (row, cell) for GTINs; an empty cell is none.

    With `repair` a GTIN that a spreadsheet ruined is taken as it was where no digit is lost for
    good, and noted.
    """

    def read(row: int, text: str) -> str | None:
        if not text:
            return None
        try:
            return read_gtin(column, text)
        except RowRefused:
            ruined = ruin(bare(text)) if repair else None
            if ruined is None or ruined.mended is None:
                raise
            notes.add(f"{column} was ruined by a spreadsheet, repaired", row, text)
            return ruined.mended

    return read


def read_gtin(column: str, text: str) -> str:
    """Return a GTIN; refuse one that is ruined, or whose check digit is wrong."""
    size = len(text)
    if size in _TOO_HIGH and text.isascii() and text.isdigit():
        digits = text.encode()
        weighted = sum(digits[::-2]) + 3 * sum(digits[-2::-2]) - _TOO_HIGH[size]
        if weighted % 10 == 0:
            return text
    kept = bare(text)
    ruined = ruin(kept)
    if ruined is not None:
        raise RowRefused(column, text, _reason(ruined))
    try:
        return parse_gtin(kept)
    except ContractError as error:
        raise RowRefused(column, text, str(error)) from error


def ruin(text: str) -> Ruin | None:
    """Return what a spreadsheet did to a GTIN, None where it did nothing that can be told."""
    if power := _POWER.fullmatch(text):
        return _in_powers(text, power[1] + (power[2] or ""), int(power[3]))
    if decimals := _DECIMALS.fullmatch(text):
        return Ruin("a spreadsheet made it a number with decimals", _valid(decimals[1]))
    if not (text.isascii() and text.isdigit()):
        return None
    if (mended := _valid(text)) is not None and mended != text:
        lost = len(mended) - len(text)
        zeros = "a leading zero" if lost == 1 else f"{lost} leading zeros"
        return Ruin(f"a spreadsheet took it for a number and dropped {zeros}", mended)
    if len(text) in GTIN_LENGTHS and text.endswith("0" * _ROUNDED_ZEROS) and not mended:
        return Ruin("a spreadsheet seems to have rounded its last digits to zeros", None)
    return None


def _in_powers(text: str, digits: str, exponent: int) -> Ruin:
    wrote = "a spreadsheet took it for a number and wrote it in powers of ten"
    if len(digits) <= exponent:
        return Ruin(f"{wrote}: of {exponent + 1} digits {len(digits)} are left", None)
    whole, rest = digits[: exponent + 1], digits[exponent + 1 :]
    return Ruin(wrote, None if rest.strip("0") else _valid(whole))


def _valid(digits: str) -> str | None:
    """Return digits as the GTIN they are, or were before they lost zeros; None: they are none."""
    filled = digits.zfill(_FILLED.get(len(digits), len(digits)))
    if len(filled) not in GTIN_LENGTHS or filled[-1] != check_digit(filled[:-1]):
        return None
    return filled


def _reason(ruined: Ruin) -> str:
    if ruined.mended is None:
        return f"{ruined.story}; {KEEP_AS_TEXT}"
    return f"{ruined.story}; it was {ruined.mended}: repair GTINs, or {KEEP_AS_TEXT}"
