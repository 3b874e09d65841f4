"""Price lists into files: what is exported is taken back and changes nothing."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from cloud_service.errors import NotFound
from cloud_service.pricing.exports.files import FileKind
from cloud_service.pricing.exports.rows import local_time, net_content
from cloud_service.pricing.imports.cells import instant_reader
from cloud_service.pricing.imports.quantity import printed_quantity
from cloud_service.services import Services
from cloud_service.services.views.imports import ImportReport
from tests.book import NOON, as_csv, hang, open_book, take

EVERYTHING = (
    {"sku": "00123", "gtin": "036000291452", "name": "Čaj, \"crni\"", "brand": "Franck",
     "size": "20 kom", "net": "20 ea", "category": "Hrana", "price": "1.99"},
    {"sku": "4011", "name": "Banane", "unit": "kg", "price": "0.59"},
    {"sku": "=1+1", "name": "=SUM(A1)", "price": "1.00"},
    {"sku": "7", "name": "+Kava", "price": "3.00", "special_price": "2.50",
     "special_from": "2026-06-01", "special_until": "2026-10-25T02:30+01:00",
     "best_price_30": "2.75", "reference_price": "2.99", "reference_date": "2025-05-02"},
    {"sku": "8", "name": "Sir", "size": "0,3 kg", "price": "", "special_price": "2.50"},
    {"sku": "9", "name": "Mlijeko", "price": "1.50", "multi_quantity": "2", "multi_price": "2.50",
     "multi_must_buy": "yes", "multi_from": "2026-06-01T06:00:07", "multi_until": "2027-01-01"},
)  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    take(services, "0204", [row for row in EVERYTHING if row["sku"] != "=1+1"])
    hang(services, "0204", "4711", "0815")
    yield services
    services.close()


def _exported(services: Services, kind: FileKind = "csv", store: str = "0204") -> bytes:
    target = io.BytesIO()
    services.export_prices(store=store, format=kind, target=target)
    return target.getvalue()


def _taken_back(services: Services, content: bytes) -> ImportReport:
    return services.import_prices(store="0204", source=io.BytesIO(content), actor="ana")


@pytest.mark.parametrize("kind", get_args(FileKind))
def test_what_is_exported_is_taken_back_and_changes_nothing(book: Services, kind: FileKind) -> None:
    before = book.events_after(after=0)
    report = _taken_back(book, _exported(book, kind))
    assert (report.new, report.changed, report.unchanged, report.refused) == (0, 0, 8, 0)
    assert book.events_after(after=0) == before


def test_a_row_is_what_counts_now_in_the_stores_time(book: Services) -> None:
    rows = {row["sku"]: row for row in csv.DictReader(io.StringIO(_exported(book).decode()))}
    assert list(rows) == sorted(rows)
    assert {name: cell for name, cell in rows["00123"].items() if cell} == {
        "sku": "00123", "gtin": "036000291452", "name": 'Čaj, "crni"', "brand": "Franck",
        "size": "20 kom", "net": "20 ea", "unit": "ea", "category": "Hrana", "price": "1.99",
    }  # fmt: skip
    assert (rows["4011"]["unit"], rows["4011"]["net"]) == ("kg", "")
    assert (rows["7"]["special_from"], rows["7"]["special_until"]) == (
        "2026-06-01", "2026-10-25T02:30:00+01:00"
    )  # fmt: skip
    assert (rows["9"]["multi_from"], rows["9"]["multi_until"]) == (
        "2026-06-01T06:00:07", "2027-01-01"
    )  # fmt: skip


def test_a_price_that_is_to_come_is_not_exported_and_stays(book: Services) -> None:
    book.set_price(store="0204", sku="4711", amount_minor=219, actor="ana", at=NOON + 7 * 86_400)
    content = _exported(book)
    assert b",1.99," in next(line for line in content.splitlines() if line.startswith(b"4711"))
    assert _taken_back(book, content).changed == 0
    assert [step.effective for step in book.upcoming(store="0204", sku="4711")] == [219]


def test_a_workbook_keeps_texts_as_texts_and_amounts_as_numbers(book: Services) -> None:
    book.import_prices(store="0204", source=as_csv([{**EVERYTHING[2], "sku": "1"}]), actor="ana")
    sheet = load_workbook(io.BytesIO(_exported(book, "xlsx"))).worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows()}
    assert [cell.value for cell in rows["00123"][:3]] == ["00123", "036000291452", 'Čaj, "crni"']
    assert (rows["00123"][8].value, rows["00123"][8].data_type) == (1.99, "n")
    assert (rows["1"][2].value, rows["1"][2].data_type) == ("=SUM(A1)", "s")


def test_an_unknown_store_is_named(book: Services) -> None:
    with pytest.raises(NotFound, match="9999"):
        _exported(book, store="9999")


@given(
    st.integers(0, 253_402_214_400),
    st.sampled_from(["Europe/Zagreb", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
@example(1_792_890_000, "Europe/Zagreb")
@example(1_792_893_600, "Europe/Zagreb")
def test_a_time_that_was_written_is_read_as_the_same_instant(instant: int, tz: str) -> None:
    text = local_time(instant, ZoneInfo(tz))
    assert instant_reader(tz)("special_until", text) == instant


@given(st.integers(1, 9_999_999_999), st.sampled_from(["kg", "g", "ml", "fl oz", "ea"]))
def test_a_net_content_that_was_written_is_read_as_the_same(milli: int, measure: str) -> None:
    found = printed_quantity(net_content(milli, measure))
    assert found is not None
    assert (found.milli, found.measure) == (milli, measure)
