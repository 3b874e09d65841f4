"""The file of `planograms import` and `export`: a CSV in UTF-8, one position a row."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.printing import counted
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_device_id, parse_position_id, parse_sku
from label_templates.contract.panel import panel_spec

COLUMNS = ("position", "device", "panel", "sku", "facings")
_NEEDED = ("position", "panel")
_SHOWN_ERRORS = 20
_MOST_FACINGS = 99
Row = dict[str, str]


@dataclass
class _Reading:
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def refuse(self, row: int, column: str, value: str, reason: str) -> None:
        self.wrong.append(f"row {row}, {column}, {value!r}: {reason}")


def read_planogram(path: Path) -> list[dict[str, Any]]:
    """Return the places of a file, as the API takes them.

    Raise WrongUsage where it is no such file, Refused naming row, column, value and reason of all
    that is wrong.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _checked(path, csv.reader(file, strict=True))
    except UnicodeDecodeError as error:
        raise WrongUsage(f"{path} is not UTF-8 text") from error
    except csv.Error as error:
        raise WrongUsage(f"{path} is no CSV: {error}") from error


def write_planogram(places: list[dict[str, Any]]) -> str:
    """Return places as such a file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place in places:
        cells = (place["position"], place["device_id"], place["panel"], place["sku"])
        writer.writerow([*(cell or "" for cell in cells), place["facings"]])
    return text.getvalue()


def _checked(path: Path, rows: Iterator[list[str]]) -> list[dict[str, Any]]:
    header = [name.strip() for name in next(rows, [])]
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in _NEEDED if name not in header]
    if unknown or missing or len(set(header)) < len(header):
        raise WrongUsage(f"{path}: the header is {header}; the columns are {', '.join(COLUMNS)}")
    reading = _Reading()
    for number, row in enumerate(rows, start=2):
        if len(row) > len(header):
            reading.refuse(number, "", ",".join(row), f"{len(row)} cells, not {len(header)}")
        elif any(cell.strip() for cell in row):
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
            _take(number, cells, reading)
    return _all_right(path, reading)


def _take(number: int, row: Row, reading: _Reading) -> None:
    before = len(reading.wrong)
    for column, parse in _PARSED.items():
        value = row.get(column, "")
        if value or column in _NEEDED:
            _try(number, column, value, parse, reading)
    facings = row.get("facings") or "1"
    if not (facings.isascii() and facings.isdigit() and 1 <= int(facings) <= _MOST_FACINGS):
        reading.refuse(number, "facings", facings, f"no number from 1 to {_MOST_FACINGS}")
    position = row.get("position", "")
    if position in reading.places:
        reading.refuse(number, "position", position, "it stands further up already")
    if len(reading.wrong) > before:
        return
    reading.places[position] = {
        "position": position,
        "device_id": row.get("device") or None,
        "panel": row["panel"],
        "sku": row.get("sku") or None,
        "facings": int(facings),
    }


def _try(
    number: int, column: str, value: str, parse: Callable[[str], object], reading: _Reading
) -> None:
    try:
        parse(value)
    except ContractError as error:
        reading.refuse(number, column, value, str(error))


_PARSED: dict[str, Callable[[str], object]] = {
    "position": parse_position_id,
    "device": parse_device_id,
    "panel": panel_spec,
    "sku": parse_sku,
}


def _all_right(path: Path, reading: _Reading) -> list[dict[str, Any]]:
    if reading.wrong:
        rest = len(reading.wrong) - _SHOWN_ERRORS
        more = [f"... and {rest} more"] if rest > 0 else []
        message = f"{path}: {counted(len(reading.wrong), 'cell')} wrong; nothing was hung"
        raise Refused(message, (*reading.wrong[:_SHOWN_ERRORS], *more))
    if not reading.places:
        raise WrongUsage(f"{path} has no rows")
    return list(reading.places.values())
