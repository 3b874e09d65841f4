"""The small file of `prices set --file`: a CSV in UTF-8 with the columns sku and price."""

import csv
from collections.abc import Iterator
from pathlib import Path

from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.printing import counted
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_sku
from label_templates.contract.money import parse_amount

COLUMNS = ("sku", "price")
_SHOWN_ERRORS = 20


def read_prices(path: Path, currency: str) -> dict[str, int]:
    """Return the prices by SKU in minor units.

    Raise WrongUsage where it is no such file, Refused naming the rows where any of them is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _checked(path, csv.reader(file, strict=True), currency)
    except UnicodeDecodeError as error:
        raise WrongUsage(f"{path} is not UTF-8 text") from error
    except csv.Error as error:
        raise WrongUsage(f"{path} is no CSV: {error}") from error


def _checked(path: Path, rows: Iterator[list[str]], currency: str) -> dict[str, int]:
    header = [name.strip() for name in next(rows, [])]
    if not header:
        raise WrongUsage(f"{path}: the first row is empty; the columns are {', '.join(COLUMNS)}")
    if sorted(header) != sorted(COLUMNS):
        raise WrongUsage(f"{path}: the header is {header}; the columns are {', '.join(COLUMNS)}")
    found: dict[str, int] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows, start=2):
        if row:
            _take(number, dict(zip(header, row, strict=False)), currency, found, wrong)
    return _all_right(path, found, wrong)


def _take(
    number: int, row: dict[str, str], currency: str, found: dict[str, int], wrong: list[str]
) -> None:
    try:
        sku = parse_sku(row.get("sku", "").strip())
        amount = parse_amount(row.get("price", ""), currency)
    except ContractError as error:
        wrong.append(f"row {number}: {error}")
        return
    if found.setdefault(sku, amount) != amount:
        wrong.append(f"row {number}: {sku} has another price further up")


def _all_right(path: Path, found: dict[str, int], wrong: list[str]) -> dict[str, int]:
    if wrong:
        rest = len(wrong) - _SHOWN_ERRORS
        more = [f"... and {rest} more"] if rest > 0 else []
        rows = f"{counted(len(wrong), 'row')} {'is' if len(wrong) == 1 else 'are'} wrong"
        message = f"{path}: {rows}; no price was set"
        raise Refused(message, (*wrong[:_SHOWN_ERRORS], *more))
    if not found:
        raise WrongUsage(f"{path} has no rows")
    return found
