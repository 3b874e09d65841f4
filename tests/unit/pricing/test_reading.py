"""What a file is, is told by its content: CSV in its kinds, workbooks, JSON."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from typing_extensions import override

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.csv import CSV
from cloud_service.pricing.imports.reading import checked_header, opened, read_table
from cloud_service.pricing.imports.rows import Kind
from cloud_service.pricing.imports.table import Broken, Table, Written

AS_FOUND = Written()


def _table(content: bytes, written: Written = AS_FOUND, kind: Kind = CSV) -> Table:
    return read_table(io.BytesIO(content), written, kind, "EUR", None)


def _rows(content: bytes, written: Written = AS_FOUND) -> list[tuple[int, Sequence[str]]]:
    return list(_table(content, written).rows)


def _cells(content: bytes, written: Written = AS_FOUND) -> list[Sequence[str]]:
    return [cells for _, cells in _rows(content, written)]


def _book(*rows: Sequence[Any], title: str = "Cjenik", more: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name in more:
        book.create_sheet(name)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# -- CSV


@pytest.mark.parametrize(
    ("delimiter", "name", "decimals"),
    [(",", "commas", "plain"), (";", "semicolons", "either"), ("\t", "tabs", "either"),
     ("|", "bars", "either")],
)  # fmt: skip
def test_the_delimiter_is_told_from_the_header_and_said(
    delimiter: str, name: str, decimals: str
) -> None:
    text = delimiter.join(["sku", "name", "price"]) + "\n" + delimiter.join(["1", "Sol", "1"])
    table = _table(text.encode())
    assert (table.read_as, table.decimals) == (f"CSV with {name}, UTF-8", decimals)
    assert [cells for _, cells in table.rows] == [["sku", "name", "price"], ["1", "Sol", "1"]]


def test_a_delimiter_that_finds_known_columns_wins_over_one_that_finds_more() -> None:
    content = b"sku;name;price;a,b,c,d,e\n"
    assert _cells(content) == [["sku", "name", "price", "a,b,c,d,e"]]


def test_what_is_said_of_the_delimiter_holds_by_the_sender_or_by_the_first_line() -> None:
    assert _cells(b"sku;a|b\n", Written(delimiter="|")) == [["sku;a", "b"]]
    assert _cells(b"sku;a|b\n", Written(delimiter="bar")) == [["sku;a", "b"]]
    assert _rows(b"sep=|\r\nsku;a|b\r\n1|2\r\n") == [(2, ["sku;a", "b"]), (3, ["1", "2"])]
    for wrong in ("", ";;", '"', "\n"):
        with pytest.raises(Invalid, match="delimiter"):
            _table(b"sku\n", Written(delimiter=wrong))


def test_quotes_embedded_line_ends_and_empty_lines_keep_the_numbers_of_lines() -> None:
    content = b'sku;name\r\n\r\n1;"Two\r\nlines; ""really"""\r\n\r\n2;Sol\r\n'
    assert _rows(content) == [
        (1, ["sku", "name"]), (3, ["1", 'Two\r\nlines; "really"']), (6, ["2", "Sol"])
    ]  # fmt: skip


def test_broken_quoting_is_named_by_the_line_where_it_begins() -> None:
    with pytest.raises(Invalid, match=r"line 3: no valid CSV"):
        _rows(b'sku;name\n1;Sol\n2;"Kruh\n3;Mlijeko\n')


def test_lines_before_the_header_are_passed_over_and_counted() -> None:
    content = "Cjenik;;\nod 3.7.2025.;;\nsku;name\n1;Čaj\n".encode()
    assert _rows(content, Written(skip=2)) == [(3, ["sku", "name"]), (4, ["1", "Čaj"])]


def test_a_list_without_a_header_has_columns_by_their_places() -> None:
    assert _rows(b"1;Sol\n2;Kruh\n", Written(header=False)) == [
        (0, ["1", "2"]), (1, ["1", "Sol"]), (2, ["2", "Kruh"])
    ]  # fmt: skip
    assert _rows(b"", Written(header=False)) == []


# -- encodings

WORDS = "Šećer, đumbir i žitarice"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
     ("utf-16-be", "UTF-16"), ("cp1250", "Windows-1250")],
)  # fmt: skip
def test_an_encoding_is_found_out_and_said(codec: str, name: str) -> None:
    table = _table(f"sku;name\r\n1;{WORDS}\r\n".encode(codec))
    assert [cells for _, cells in table.rows] == [["sku", "name"], ["1", WORDS]]
    assert table.read_as == f"CSV with semicolons, {name}"
    guessed = "the file is not UTF-8; it was read as Windows-1250"
    assert list(table.notes) == ([guessed] if codec == "cp1250" else [])


def test_what_is_said_of_the_encoding_holds() -> None:
    content = "sku;name\n1;Škampi\n".encode("iso8859-2")
    table = _table(content, Written(encoding="ISO-8859-2"))
    assert [cells for _, cells in table.rows][1] == ["1", "Škampi"]
    assert (table.read_as, table.notes) == ("CSV with semicolons, iso8859-2", [])
    marked = "\ufeffsku;name\n".encode()
    assert _cells(marked, Written(encoding="utf-8")) == [["sku", "name"]]


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13", ""])
def test_an_encoding_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="encoding"):
        _table(b"sku\n", Written(encoding=name))


@pytest.mark.parametrize(
    ("content", "written", "reason"),
    [
        ("sku\nčaj\n".encode() + b"\xe8aj\n", AS_FOUND,
         r"line 3: not UTF-8 \(byte 0xE8\), while lines before it are"),
        (b"sku\n\x81\n", AS_FOUND, r"line 2: not Windows-1250 \(byte 0x81\)"),
        (b"sku\n\n\xe8aj\n", Written(encoding="utf-8"), r"line 3: not UTF-8 \(byte 0xE8\)"),
        (b"sku\n\xc4", Written(encoding="utf-8"), r"line 2: not UTF-8 \(byte 0xC4\)"),
        ("sku\nčaj\n".encode("utf-16")[:-1], AS_FOUND, "not UTF-16"),
        (b"sku\x00\x00\x00\x00name", AS_FOUND, "it is no text"),
    ],
)  # fmt: skip
def test_bytes_that_fit_to_no_encoding_are_named_by_their_line(
    content: bytes, written: Written, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason):
        _rows(content, written)


@given(st.lists(st.text("abcčćžšđ ,;'|xyz0189", min_size=1, max_size=8), min_size=2, max_size=5))
def test_what_was_written_is_read_whatever_its_encoding(cells: list[str]) -> None:
    line = "\t".join(cells)
    for codec in ("utf-8", "utf-16", "utf-8-sig"):
        assert _cells(f"sku\tname\n{line}\n".encode(codec))[1] == cells


# -- workbooks


def test_a_sheets_cells_become_the_texts_that_a_list_would_have() -> None:
    # A workbook knows no time zones.
    morning = datetime(2026, 7, 5, 6)  # noqa: DTZ001
    content = _book(
        ("sku", "price", "special_until", "multi_must_buy", "name"),
        ("00123", 1.99, morning, True, "Sol"),
        ("00124", 2, date(2026, 7, 6), None, "0.1 + 0.2"),
        ("00125", 0.1 + 0.2, morning.replace(second=7), False, 3850334020802),
        (None, None, None, None, None),
        ("00126", 1.234, None, None, 1e22),
    )
    table = _table(content)
    assert list(table.rows) == [
        (1, ["sku", "price", "special_until", "multi_must_buy", "name"]),
        (2, ["00123", "1.99", "2026-07-05T06:00:00", "yes", "Sol"]),
        (3, ["00124", "2", "2026-07-06", "", "0.1 + 0.2"]),
        (4, ["00125", "0.3", "2026-07-05T06:00:07", "no", "3850334020802"]),
        (6, ["00126", "1.2340", "", "", "10000000000000000000000"]),
    ]
    assert (table.read_as, table.decimals) == ("xlsx, sheet 'Cjenik'", "either")
    assert table.numbers == {1: (4, 2), 4: (2, 4)}


def test_a_sheets_numbers_are_written_as_the_decimals_that_were_said() -> None:
    content = _book(("price",), (1.99,), ("2,49",))
    assert _cells(content, Written(decimals="comma")) == [["price"], ["1,99"], ["2,49"]]


def test_the_first_sheet_is_read_and_said_or_the_one_asked_for() -> None:
    content = _book(("sku",), title="Cijene", more=("Upute",))
    table = _table(content)
    assert (table.read_as, list(table.notes)) == (
        "xlsx, sheet 'Cijene'", ["the workbook has 2 sheets; 'Cijene' was read"]
    )  # fmt: skip
    assert _cells(content, Written(sheet="Upute")) == []
    with pytest.raises(Invalid, match="there is no 'Upite'; the workbook has 'Cijene', 'Upute'"):
        _table(content, Written(sheet="Upite"))


def test_rows_above_a_sheets_header_are_passed_over_and_counted() -> None:
    content = _book(("Cjenik",), (), ("sku", "name"), ("1", "Sol"))
    assert _rows(content, Written(skip=2)) == [(3, ["sku", "name"]), (4, ["1", "Sol"])]


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04", "no workbook that can be read"),
        (_zip(prices=b"sku,name,price\n"), "no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old .xls workbook, or one with a password"),
        (_book(("sku",))[:2000], "no workbook that can be read"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        _rows(content)


def test_a_workbook_that_would_fill_the_memory_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cloud_service.pricing.imports.sheets._MAX_OTHER_BYTES", 1000)
    with pytest.raises(Invalid, match="unpacks to more than can be read"):
        _table(_book(*((f"text {number}",) for number in range(100))))


def test_entities_of_a_workbook_are_not_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    with zipfile.ZipFile(io.BytesIO(_book(("sku",), ("1",)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = bomb + parts[name].replace(b"<v>", b"<v>&b;")
    with pytest.raises(Invalid, match="EntitiesForbidden"):
        _rows(_zip(**parts))


# -- JSON

ITEM = {"sku": "1", "name": "Sol", "price": "1.99"}


def _json(*items: Any, lines: bool = False, indent: int | None = None) -> bytes:
    if lines:
        return "\n".join(json.dumps(item) for item in items).encode()
    return json.dumps(items, indent=indent).encode()


def _named(content: bytes) -> list[dict[str, str]]:
    header, *rows = _cells(content)
    return [
        {name: cell for name, cell in zip(header, cells, strict=True) if cell} for cells in rows
    ]


@pytest.mark.parametrize("lines", [True, False])
def test_items_of_an_array_or_one_a_line_are_rows(lines: bool) -> None:
    table = _table(_json(ITEM, {**ITEM, "sku": "2"}, lines=lines))
    assert (table.read_as, table.decimals) == ("JSON, UTF-8", "point")
    assert [row for row, _ in table.rows] == [0, 1, 2]
    assert _named(_json(ITEM, {**ITEM, "sku": "2"}, lines=lines, indent=2)) == [
        ITEM, {**ITEM, "sku": "2"}
    ]  # fmt: skip


def test_numbers_are_taken_as_they_are_written_and_money_as_the_api_has_it() -> None:
    content = b"""[{"sku": 123, "name": null, "gtin": 3850334020802, "multi_must_buy": true,
        "price": 1.10, "special_price": {"amount_minor": 99, "currency": "EUR"}}]"""
    assert _named(content) == [
        {"sku": "123", "gtin": "3850334020802", "multi_must_buy": "yes", "price": "1.10",
         "special_price": "0.99"}
    ]  # fmt: skip


def test_an_item_may_leave_out_prices_but_no_fact_of_its_product() -> None:
    first = {**ITEM, "brand": "Solana"}
    special = {**first, "special_price": "0.99"}
    assert _named(_json(first, special, first)) == [first, special, first]
    (_, (_, broken)) = _rows(_json(first, ITEM))[1:]
    assert isinstance(broken, Broken)
    assert (broken.column, broken.reason) == (
        "brand", "the first item has it; write null where there is none"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("item", "column", "reason"),
    [
        ({**ITEM, "colour": "red"}, "colour", "the first item does not have it"),
        ({**ITEM, "name": ["Sol"]}, "", "is no text, number, yes or no, or amount of money"),
        ({**ITEM, "price": {"amount_minor": 199, "currency": "USD"}}, "",
         "the amount is in USD, the store sells in EUR"),
        ({**ITEM, "price": {"amount_minor": 1.5, "currency": "EUR"}}, "", "is no whole number"),
        ("Sol", "", "it is no object"),
        (None, "", "it is no object"),
    ],
)  # fmt: skip
def test_an_item_that_is_no_row_is_named(item: Any, column: str, reason: str) -> None:
    (_, broken) = _rows(_json(ITEM, item, ITEM))[2]
    assert isinstance(broken, Broken)
    assert broken.column == column
    assert reason in broken.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_json(ITEM)[:-1], "it ends too early"),
        (_json(ITEM)[:-5], "item 1: no valid JSON"),
        (_json(ITEM) + b"]", "something follows the array"),
        (_json(ITEM)[:-1] + b" {}]", "a comma is missing behind it"),
        (b'[{"sku": 1,}]', "item 1: no valid JSON"),
        (b'{"sku": 1} {', "item 2: no valid JSON"),
        (b'{"a":' * 100_000, "item 1: no valid JSON"),
    ],
)
def test_broken_json_is_named_by_its_item(content: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        _rows(content)


def test_items_reach_over_the_pieces_in_which_they_are_read() -> None:
    items = [{**ITEM, "sku": str(number), "name": "čaj " * (number % 30)} for number in range(6000)]
    found = _named(_json(*items))
    assert [item["sku"] for item in found] == [item["sku"] for item in items]


# -- sources and headers


class _Pipe(io.BytesIO):
    """A stream that cannot be gone back in."""

    @override
    def seekable(self) -> bool:
        return False

    @override
    def seek(self, _offset: int, _whence: int = 0) -> int:
        raise OSError("a pipe cannot seek")


def test_a_stream_that_cannot_be_gone_back_in_is_read_too() -> None:
    with opened(_Pipe(_book(("sku",), ("1",)))) as stream:
        table = read_table(stream, AS_FOUND, CSV, "EUR", None)
        assert [cells for _, cells in table.rows] == [["sku"], ["1"]]


def test_a_stream_that_was_open_is_left_open() -> None:
    for content in (b"sku\n1\n", _json(ITEM), _book(("sku",))):
        source = io.BytesIO(content)
        with opened(source) as stream:
            list(read_table(stream, AS_FOUND, CSV, "EUR", None).rows)
        assert not source.closed


def test_empty_columns_at_the_end_of_a_header_are_none() -> None:
    assert checked_header(["sku", " name", "price", "", " "], CSV) == ["sku", "name", "price"]
    with pytest.raises(Invalid, match="unknown: ''"):
        checked_header(["sku", "", "name", "price"], CSV)
    for nothing in ([], ["", ""]):
        with pytest.raises(Invalid, match="the file is empty"):
            checked_header(nothing, CSV)
