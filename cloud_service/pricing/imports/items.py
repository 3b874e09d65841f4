"""JSON in a stream: an array of objects, or an object a line, with the fields of a price list.

Numbers are taken as they are written, never as floats. The first item says which facts of products
the list speaks of; every other must have them too, for a fact left out would be lost.
"""

import io
import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, BinaryIO

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.encoding import Encoding, decode_error
from cloud_service.pricing.imports.table import (
    Broken,
    Columns,
    Progress,
    Rows,
    Table,
    Written,
    size_left,
)
from label_templates.contract.money import plain

LOOKS_LIKE_ITEMS = re.compile(r'\ufeff?\s*(\[\s*[{\]]|\{\s*["}])')
_CHUNK = 1 << 16
_MAX_ITEM = 1 << 20
_EVERY_ITEMS = 2000
_Numbered = Generator[tuple[int, Any], None, None]
_BLANK = re.compile(r"[ \t\r\n]*")


def items_table(
    stream: BinaryIO,
    encoding: Encoding,
    written: Written,
    columns: Columns,
    progress: Progress | None,
) -> Table:
    """Return the table of a JSON document. Its rows raise Invalid naming the item that breaks it.

    Amounts are texts, numbers, or money as the API has it.
    """
    items = _counted(stream, encoding, progress)
    notes = [encoding.note] if encoding.note else []
    read_as = f"JSON, {encoding.name}"
    rows = _rows(items, columns)
    return Table(rows, read_as, written.decimals or "point", notes)


def _rows(items: _Numbered, columns: Columns) -> Rows:
    header: list[str] = []
    facts: list[str] = []
    with closing(items):
        for number, item in items:
            if not header:
                facts = _facts(number, item, columns)
                header = [*facts, *columns.prices]
                yield 0, header
            yield number, _cells(item, header, facts, columns.currency)


def _facts(number: int, item: Any, columns: Columns) -> list[str]:
    """Return what the first item, and so every other, has beside prices."""
    if not isinstance(item, dict) or not item:
        raise Invalid(f"file, item {number}", "it is no object with the columns of a list")
    return [name for name in item if name not in columns.prices]


def _cells(item: Any, header: Sequence[str], facts: Sequence[str], currency: str) -> Sequence[str]:
    if not isinstance(item, dict):
        return Broken("", str(item), "it is no object with the columns of a list")
    for name in facts:
        if name not in item:
            return Broken(name, "", "the first item has it; write null where there is none")
    try:
        cells = [_text(item.get(name), currency) for name in header]
    except ValueError as error:
        return Broken("", json.dumps(item, ensure_ascii=False), str(error))
    unknown = next((name for name in item if name not in header), None)
    if unknown is not None:
        return Broken(unknown, str(item[unknown]), "the first item does not have it")
    return cells


def _text(value: Any, currency: str) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and value.keys() == {"amount_minor", "currency"}:
        return _amount(value, currency)
    raise ValueError(f"{json.dumps(value)} is no text, number, yes or no, or amount of money")


def _amount(money: dict[str, Any], currency: str) -> str:
    minor = str(money["amount_minor"])
    if money["currency"] != currency:
        raise ValueError(f"the amount is in {money['currency']}, the store sells in {currency}")
    if not minor.removeprefix("-").isdecimal():
        raise ValueError(f"amount_minor {minor!r} is no whole number")
    return plain(int(minor), currency)


def _counted(stream: BinaryIO, encoding: Encoding, progress: Progress | None) -> _Numbered:
    start, total = stream.tell(), size_left(stream)
    text = io.TextIOWrapper(stream, encoding.codec)
    try:
        for number, item in enumerate(_items(text), 1):
            yield number, item
            if progress and number % _EVERY_ITEMS == 0:
                progress(stream.tell() - start, total)
    except UnicodeDecodeError as error:
        stream.seek(start)
        raise decode_error(stream, encoding) from error
    finally:
        text.detach()
    if progress:
        progress(total, total)


def _items(text: io.TextIOWrapper) -> Iterator[Any]:
    buffer = _Buffer(text)
    array = buffer.take("[")
    number = 0
    while not buffer.at("]" if array else ""):
        if array and number and not buffer.take(","):
            raise Invalid(f"file, item {number}", "no valid JSON: a comma is missing behind it")
        number += 1
        yield buffer.value(number)
    if array:
        buffer.take("]")
        if not buffer.at(""):
            raise Invalid("file", "no valid JSON: something follows the array")


class _Buffer:
    """A window on a text, from which JSON values are taken one by one."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._window = ""
        self._at = 0
        self._ended = False
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)

    def at(self, sign: str) -> bool:
        """Whether the next thing that is not blank is a sign; an empty one is the end."""
        self._pass_blanks()
        if self._at == len(self._window):
            if sign:
                raise Invalid("file", "no valid JSON: it ends too early")
            return True
        return bool(sign) and self._window[self._at] == sign

    def take(self, sign: str) -> bool:
        """Take a sign, if it comes next."""
        self._pass_blanks()
        found = self._window.startswith(sign, self._at)
        self._at += len(sign) if found else 0
        return found

    def value(self, number: int) -> Any:
        """Take the next value, which may reach beyond the window."""
        self._pass_blanks()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
            except (json.JSONDecodeError, RecursionError) as error:
                if self._ended or len(self._window) - self._at > _MAX_ITEM:
                    reason = getattr(error, "msg", "it is nested too deeply")
                    raise Invalid(f"file, item {number}", f"no valid JSON: {reason}") from error
            else:
                # A number that touches the window's end may go on behind it.
                if end < len(self._window) or self._ended:
                    self._at = end
                    return value
            self._read_on()

    def _pass_blanks(self) -> None:
        while True:
            self._at = _BLANK.match(self._window, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._window) or self._ended:
                return
            self._read_on()

    def _read_on(self) -> None:
        piece = self._text.read(_CHUNK)
        self._ended = not piece
        self._window = self._window[self._at :] + piece
        self._at = 0
