"""Reading amounts as people and tills write them: `1.99`, `1,99`, `1.234,50`.

What was said of a file holds. Where nothing was said, an amount that can be read in two ways is
refused: `1,234` may be a little over one euro, or a thousand.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from cloud_service.pricing.imports.rows import Decimals, RowRefused
from label_templates.contract.errors import ContractError
from label_templates.contract.money import check_amount, parse_amount

_REMEMBERED = 1 << 15
_SPACES = " \u00a0\u202f'"
_GROUPED = re.compile(rf"[0-9]{{1,3}}([.,{_SPACES}])[0-9]{{3}}(\1[0-9]{{3}})*")
_ASK = "say which sign its decimals have (decimal=point or decimal=comma)"


def amount_reader(
    currency: str, decimals: Decimals = "plain", *, minor: bool = False
) -> Callable[[str, str], int]:
    """Return a reader of (column, cell) for amounts of a currency, in minor units.

    With `minor` the cells themselves are minor units: `199` is 1.99.
    """

    @lru_cache(_REMEMBERED)
    def read(column: str, text: str) -> int:
        try:
            if minor:
                return _whole(column, text)
            return parse_amount(_plain(column, text, decimals), currency)
        except ContractError as error:
            raise RowRefused(column, text, str(error)) from error

    return read


def _whole(column: str, text: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise RowRefused(column, text, "it is no whole number of the currency's smallest unit")
    return check_amount(int(text), text)


def _plain(column: str, text: str, decimals: Decimals) -> str:
    """Write an amount with a decimal point and nothing else but digits; what is none, as it is."""
    if text.isascii() and text.isdigit():
        return text
    if decimals == "plain":
        if "," in text:
            raise RowRefused(column, text, "amounts have a decimal point, such as 1.99")
        return text
    sign = _sign(column, text) if decimals == "either" else {"point": ".", "comma": ","}[decimals]
    whole, _, fraction = text.partition(sign)
    other = "," if sign == "." else "."
    if sign in fraction or other in fraction:
        raise RowRefused(column, text, f"its decimals stand behind {sign!r}, and it has more signs")
    if not whole.isdigit():
        whole = _ungrouped(column, text, whole, other)
    return f"{whole}.{fraction}" if sign in text else whole


def _ungrouped(column: str, text: str, whole: str, sign: str) -> str:
    """Return the digits before the decimals, whose thousands may be grouped by a sign or spaces."""
    found = _GROUPED.fullmatch(whole)
    if found is not None and found[1] in sign + _SPACES:
        return whole.replace(found[1], "")
    if sign in whole:
        raise RowRefused(column, text, f"{sign!r} groups thousands, and these are none")
    return whole


def _sign(column: str, text: str) -> str:
    """Return the sign before the decimals of an amount of which nothing was said."""
    commas, points = text.count(","), text.count(".")
    if commas and points:
        if text.rindex(",") > text.rindex("."):
            return ","
        reason = f"it has both signs, which a file with decimal commas would not write so; {_ASK}"
        raise RowRefused(column, text, reason)
    sign = "," if commas else "."
    if commas + points != 1:
        return "." if commas else ","
    whole, _, fraction = text.partition(sign)
    if len(fraction) == 3 and whole != "0" and len(whole) <= 3:
        raise RowRefused(column, text, f"{sign!r} may group thousands or begin decimals; {_ASK}")
    return sign
