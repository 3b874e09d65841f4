"""Price lists from files: what is taken, what is refused, and that nothing else changes."""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from cloud_service.errors import Invalid, NotFound
from cloud_service.pricing.imports.rows import RowError
from cloud_service.pricing.imports.table import Written
from cloud_service.services import Services
from cloud_service.services.views.imports import ImportReport
from cloud_service.services.views.prices import PriceView
from cloud_service.services.views.products import ProductView
from tests.book import ROWS, add_store, as_csv, hang, open_book, take

KONZUM = (
    "Product,ProductId,Brand,Quantity,Unit,Barcode,Category,Price,UnitPrice,SpecialPrice,"
    "BestPrice30,AnchorPrice\n"
)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    hang(services, "0204", "4711", "0815")
    yield services
    services.close()


def _everything(services: Services) -> tuple[object, ...]:
    """All that a refused file must leave as it was."""
    stores = [store.id for store in services.stores()]
    return (
        services.stores(),
        services.events_after(after=0),
        [services.search(store=store) for store in stores],
        [services.history(store=stores[0], sku=str(row["sku"])) for row in ROWS],
        services.bay(store="0204", number=1),
    )


def _konzum(services: Services, *rows: str) -> ImportReport:
    text = KONZUM + "\n".join(rows)
    stream = io.BytesIO(text.encode())
    return services.import_prices(store="0204", source=stream, format="konzum", actor="ana")


def _raw(services: Services, content: bytes, store: str = "0204") -> ImportReport:
    stream = io.BytesIO(content)
    return services.import_prices(store=store, source=stream, format="csv", actor="ana")


def _product(services: Services, sku: str) -> ProductView:
    return services.product(sku=sku, store="0204")


def _row(**cells: str) -> dict[str, str]:
    return {"sku": "4711", "name": "Kečap blagi", "price": "1.99", **cells}


def test_the_same_file_a_second_time_changes_and_marks_nothing(book: Services) -> None:
    before = _everything(book)
    report = take(book, "0204", ROWS)
    assert (report.new, report.changed, report.unchanged, report.tiles) == (0, 0, 3, 0)
    assert report.change_id is None
    assert _everything(book) == before


def test_a_dry_run_says_what_it_would_do_and_does_nothing(book: Services) -> None:
    before = _everything(book)
    rows = [{**ROWS[0], "price": "2.49"}, ROWS[1], {**ROWS[2], "sku": "9999"}]
    report = book.import_prices(
        store="0204", source=as_csv(rows), format="csv", actor="ana", dry_run=True
    )
    assert (report.new, report.changed, report.unchanged, report.tiles) == (1, 1, 1, 1)
    assert report.change_id is None
    assert _everything(book) == before


def test_only_the_tiles_of_what_changed_must_follow(book: Services) -> None:
    report = take(book, "0204", [{**ROWS[0], "price": "2.49"}, *ROWS[1:]])
    assert (report.changed, report.tiles) == (1, 1)
    pending = book.events_after(after=0)[-1]
    assert pending.kind == "tile.pending"
    assert pending.data["positions"] == ["b01-s1-p01"]


def test_a_new_name_marks_its_tile_in_every_store(book: Services) -> None:
    add_store(book, "1601")
    take(book, "1601", ROWS)
    hang(book, "1601", "4711", device="d2")
    report = take(book, "0204", [{**ROWS[0], "name": "Kečap ljuti"}])
    assert (report.changed, report.tiles) == (1, 2)
    assert _product(book, "4711").name == "Kečap ljuti"


def test_a_product_column_that_a_file_lacks_is_left_as_it_is(book: Services) -> None:
    take(book, "0204", [{"sku": "4711", "name": "Kečap blagi", "price": "2.09"}])
    product = _product(book, "4711")
    assert product.price is not None
    assert (product.price.effective, product.brand, product.size) == (209, "Ribar", "500 g")
    assert product.gtin == "3850334020802"


def test_search_finds_a_product_by_its_new_brand(book: Services) -> None:
    take(book, "0204", [{**ROWS[0], "brand": "Šumar"}])
    assert [found.sku for found in book.search(text="sumar").products] == ["4711"]
    assert book.search(text="ribar").products == ()


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"gtin": "3850334020803"}, "gtin", "check digit is 2"),
        ({"gtin": "3.85E+12"}, "gtin", "a spreadsheet took it for a number"),
        ({"price": "-1.99"}, "price", "negative"),
        ({"price": "1000000.00"}, "price", "too large"),
        ({"price": "0"}, "price", "above zero"),
        ({"price": "1,99"}, "price", "decimal point"),
        ({"price": ""}, "price", "not an amount"),
        ({"name": ""}, "name", "empty"),
        ({"sku": "../etc"}, "sku", "no SKU"),
        ({"unit": "box"}, "unit", "expected one of"),
        ({"special_price": "2.49"}, "special_price", "above the regular price"),
        ({"special_price": "1.49", "special_until": "soon"}, "special_until", "no time"),
        ({"special_until": "2026-07-05"}, "special_price", "without the special price"),
        (
            {"special_price": "1.49", "special_from": "2026-07-05", "special_until": "2026-07-05"},
            "special_until",
            "not after",
        ),
        ({"multi_quantity": "2"}, "multi_quantity", "both its quantity and its price"),
        ({"multi_quantity": "2", "multi_price": "3.98"}, "multi_price", "cost no more"),
        ({"multi_quantity": "two", "multi_price": "3"}, "multi_quantity", "no whole number"),
        ({"reference_price": "1.49"}, "reference_price", "come together"),
    ],
)
def test_a_row_in_error_is_named_and_keeps_the_whole_file_out(
    book: Services, cells: dict[str, str], column: str, reason: str
) -> None:
    before = _everything(book)
    report = take(book, "0204", [_row(sku="1", price="5.00"), _row(**cells)])
    (error,) = report.errors
    assert (error.row, error.column) == (3, column)
    assert error.value == {**_row(), **cells}.get(column, "")
    assert reason in error.reason
    assert (report.change_id, report.refused) == (None, 1)
    assert _everything(book) == before


def test_good_rows_go_on_where_that_is_asked_and_the_sums_tally(book: Services) -> None:
    rows = [_row(price="2.09"), _row(sku="1", price="x"), _row(sku="2"), ROWS[1]]
    report = take(book, "0204", rows, go_on=True)
    assert (report.new, report.changed, report.unchanged, report.refused) == (1, 1, 1, 1)
    assert report.read == 4
    price = _product(book, "4711").price
    assert price is not None
    assert price.effective == 209


def test_a_sku_that_stands_twice_is_named_with_both_rows(book: Services) -> None:
    report = take(book, "0204", [_row(), _row(sku="1"), _row(), _row()])
    assert [(error.row, error.column) for error in report.errors] == [(4, "sku"), (5, "sku")]
    assert "row 2" in report.errors[0].reason
    assert report.read == report.new + report.changed + report.unchanged + report.refused


def test_a_row_with_too_few_cells_is_named(book: Services) -> None:
    report = _raw(book, b"sku,name,price\n4711,Ketchup\n0815,Flour,1.00\n")
    (error,) = report.errors
    assert error.row == 2
    assert "2 cells" in error.reason


def test_errors_are_listed_to_a_thousand_and_counted_beyond(book: Services) -> None:
    report = take(book, "0204", [_row(sku=str(n), price="x") for n in range(1200)])
    assert (len(report.errors), report.refused) == (1000, 1200)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"sku,name,prize\n", r"missing: 'price'; unknown: 'prize'"),
        (b"sku,name,price,price\n", r"given twice: 'price'"),
        (b"", "the file is empty"),
        (b"sku name price\n", r"missing: 'sku', 'name', 'price'"),
        (b'sku,name,price\n1,"Flour,1.00\n', "no valid CSV"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused_whole(
    book: Services, content: bytes, reason: str
) -> None:
    before = _everything(book)
    with pytest.raises(Invalid, match=reason):
        _raw(book, content)
    assert _everything(book) == before


def test_an_unknown_store_or_file_is_named(book: Services) -> None:
    before = _everything(book)
    with pytest.raises(NotFound, match=r"'9999'.*0204"):
        _raw(book, b"sku,name,price\n", store="9999")
    with pytest.raises(NotFound, match=r"nowhere\.csv"):
        book.import_prices(store="0204", source=Path("nowhere.csv"), format="csv", actor="ana")
    assert _everything(book) == before


def test_a_byte_order_mark_and_letters_of_all_scripts_are_taken(book: Services) -> None:
    content = "\ufeffsku,name,price\r\n77,Čokolada 巧克力,1.00\r\n".encode()
    assert _raw(book, content).new == 1
    assert _product(book, "77").name == "Čokolada 巧克力"


def test_progress_reaches_the_whole_file(book: Services) -> None:
    told: list[tuple[int, int]] = []
    rows = [_row(sku=str(n)) for n in range(5000)]
    stream = as_csv(rows)
    book.import_prices(
        store="0204",
        source=stream,
        format="csv",
        actor="ana",
        progress=lambda done, total: told.append((done, total)),
    )
    size = len(stream.getvalue())
    assert told[-1] == (size, size)
    assert told == sorted(told)
    assert len(told) > 1


def test_every_promotion_of_our_own_format_is_taken(book: Services) -> None:
    report = take(
        book,
        "0204",
        [
            _row(sku="1", special_price="1.49", best_price_30="1.89"),
            _row(sku="2", multi_quantity="2", multi_price="3.00"),
            _row(sku="3", multi_quantity="2", multi_price="3.00", multi_must_buy="yes"),
            _row(sku="4", special_price="1.00", special_from="2026-06-22T06:00"),
            _row(sku="5", price="", special_price="1.00"),
            _row(sku="6", reference_price="1.79", reference_date="2025-05-02"),
            _row(sku="7", unit="kg"),
        ],
    )
    assert report.errors == ()
    found = [_product(book, str(n)).price for n in range(1, 8)]
    assert [price and price.effective for price in found] == [149, 150, 199, 199, 100, 199, 199]
    assert [price and price.prior for price in found[:2]] == [189, None]
    assert [price and price.reference for price in found[4:6]] == [None, 179]
    assert [step.effective for step in book.upcoming(store="0204", sku="4")] == [100]


# -- the lists of the Konzum shops


def test_a_konzum_row_is_taken_as_its_columns_say(book: Services) -> None:
    report = _konzum(
        book,
        "KEČAP BLAGI 500g,90704273,K PLUS,0.50 kg,ko,3850334020802,HRANA,,2.38,1.19,1.59,1.59",
    )
    assert report.new == 1
    product = _product(book, "90704273")
    price = product.price
    assert product.size == "500 g"
    assert price is not None
    assert (price.effective, price.regular, price.prior, price.reference) == (119, None, 159, 159)
    assert price.unit_price == "2,38\u00a0€/kg"


def test_a_konzum_row_without_barcode_is_taken_and_noted(book: Services) -> None:
    report = _konzum(book, "LUBENICA,07000001,,1.00 kg,kg,,HRANA,1.19,1.19,,,0.99")
    assert report.notes == ("1 row: no barcode, taken without one (first: row 2)",)
    product = _product(book, "07000001")
    assert (product.gtin, product.weighed, product.brand) == (None, True, None)


def test_a_nonsense_quantity_is_noted_and_gives_no_unit_price(book: Services) -> None:
    report = _konzum(
        book, "ŠTAPIĆI ZA UŠI,90486317,LOLA,0.20 ko,ko,3858890795264,TOALETA,1.49,7.45,,,1.49"
    )
    assert report.notes == ("1 row: quantity gives no unit price (first: row 2, '0.20 ko')",)
    price = _product(book, "90486317").price
    assert price is not None
    assert price.unit_price is None


def test_a_konzum_row_with_a_wrong_price_is_named_by_its_column(book: Services) -> None:
    report = _konzum(
        book,
        "A,1,,1.00 ko,ko,,HRANA,,1,,,1",
        "B,2,,1.00 ko,box,,HRANA,1,1,,,1",
        "C,3,,1.00 ko,ko,,HRANA,1,1,2,3,1",
    )
    assert [(e.row, e.column) for e in report.errors] == [
        (2, "Price"), (3, "Unit"), (4, "SpecialPrice")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("A,1,,1.00 ko,ko,3850334020803,HRANA,1,1,,,1", "Barcode", "check digit is 2"),
        ("A,1,,1.00 ko,ko,,HRANA,-1,1,,,1", "Price", "negative"),
        ("A,1,,1.00 ko,ko,,HRANA,1000000.00,1,,,1", "Price", "too large"),
        ("A,1,,1.00 ko,ko,,HRANA,1,1,0.99,,-1", "AnchorPrice", "negative"),
        (",1,,1.00 ko,ko,,HRANA,1,1,,,1", "Product", "empty"),
        ("A,../etc,,1.00 ko,ko,,HRANA,1,1,,,1", "ProductId", "no SKU"),
        ("A,1,,1.00 ko,ko,,HRANA,1", "", "8 cells, the header has 12"),
    ],
)
def test_a_konzum_row_in_error_is_named_and_keeps_the_whole_file_out(
    book: Services, row: str, column: str, reason: str
) -> None:
    before = _everything(book)
    report = _konzum(book, "LUBENICA,07000001,,1.00 kg,kg,,HRANA,1.19,1.19,,,0.99", row)
    (error,) = report.errors
    assert (error.row, error.column) == (3, column)
    assert reason in error.reason
    assert _everything(book) == before


def test_a_konzum_list_with_a_wrong_header_is_refused_whole(book: Services) -> None:
    before = _everything(book)
    stream = io.BytesIO(KONZUM.replace("SpecialPrice", "Akcija").encode())
    with pytest.raises(Invalid, match=r"missing: 'SpecialPrice'; unknown: 'Akcija'"):
        book.import_prices(store="0204", source=stream, format="konzum", actor="ana")
    assert _everything(book) == before


def test_a_list_in_euros_is_not_read_where_another_currency_is_paid(book: Services) -> None:
    book.add_store(
        id="1001", name="Corner", tz="America/New_York", currency="USD", locale="en-US",
        jurisdiction="US-NJ", actor="ana",
    )  # fmt: skip
    before = _everything(book)
    stream = io.BytesIO(f"{KONZUM}LUBENICA,07000001,,1.00 kg,kg,,HRANA,1.19,1.19,,,0.99".encode())
    with pytest.raises(
        Invalid, match="a konzum list is in EUR, store 1001 sells in USD; nothing was read"
    ):
        book.import_prices(
            store="1001", source=stream, format="konzum", actor="ana", on_error="continue"
        )
    assert stream.tell() == 0
    assert _everything(book) == before


@pytest.fixture(scope="module")
def real(
    tmp_path_factory: pytest.TempPathFactory, shared_data: Path
) -> Iterator[tuple[Services, Sequence[ImportReport]]]:
    services = open_book(tmp_path_factory.mktemp("real"), rows=())
    add_store(services, "1601")
    reports = [
        services.import_prices(
            store=store,
            source=shared_data / "konzum" / f"{store}-2025-07-03.csv",
            format="konzum",
            actor="ana",
        )
        for store in ("0204", "1601")
    ]
    yield services, reports
    services.close()


@pytest.fixture(scope="module")
def sold(real: tuple[Services, Sequence[ImportReport]]) -> dict[str, dict[str, PriceView]]:
    """The prices of both real stores, by SKU."""
    return {store: dict(_prices(real[0], store)) for store in ("0204", "1601")}


def _prices(services: Services, store: str) -> Iterator[tuple[str, PriceView]]:
    after: str | None = None
    while True:
        page = services.search(store=store, after=after, limit=500)
        yield from ((found.sku, found.price) for found in page.products if found.price)
        if page.next is None:
            return
        after = page.next


def test_the_real_lists_are_taken_whole(real: tuple[Services, Sequence[ImportReport]]) -> None:
    reports = real[1]
    assert [(report.read, report.new, report.refused) for report in reports] == [
        (10_950, 10_950, 0), (5_984, 5_984, 0)
    ]  # fmt: skip
    assert "158 rows: no barcode, taken without one (first: row 74)" in reports[0].notes


def test_two_real_stores_have_prices_of_their_own(sold: dict[str, dict[str, PriceView]]) -> None:
    here, there = sold["0204"], sold["1601"]
    shared = here.keys() & there.keys()
    differing = [sku for sku in shared if here[sku].effective != there[sku].effective]
    assert (len(here), len(there)) == (10_950, 5_984)
    assert (len(shared), len(differing)) == (4_933, 4_656)


def test_a_cut_is_announced_only_where_the_real_lists_allow_it(
    sold: dict[str, dict[str, PriceView]],
) -> None:
    counts = {}
    for store, prices in sold.items():
        special = [price for price in prices.values() if price.reason == "special price"]
        counts[store] = (len(special), sum(price.prior is not None for price in special))
    assert counts == {"0204": (817, 497), "1601": (115, 83)}


def test_every_real_price_stands_beside_its_reference_price(
    sold: dict[str, dict[str, PriceView]],
) -> None:
    assert all(price.reference for prices in sold.values() for price in prices.values())


# -- other files than our own CSV


def _take_as(services: Services, content: bytes, written: Written) -> ImportReport:
    source = io.BytesIO(content)
    return services.import_prices(store="0204", source=source, written=written, actor="ana")


SPREADSHEET = "sku;name;size;price;special_price\r\n{};Čaj;0,5 kg;1.234,50;99,90\r\n;;;;\r\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_what_a_spreadsheet_saves_is_taken_and_how_it_was_read_is_said(
    book: Services, codec: str
) -> None:
    report = _raw(book, SPREADSHEET.format("77").encode(codec))
    assert (report.read, report.new, report.refused) == (1, 1, 0)
    assert report.read_as.startswith("CSV with semicolons")
    product = _product(book, "77")
    assert (product.name, product.size) == ("Čaj", "0,5 kg")
    assert product.price is not None
    assert (product.price.regular, product.price.effective) == (123_450, 9990)
    assert product.price.unit_price == "199,80\u00a0€/kg"


def test_a_guessed_encoding_is_noted(book: Services) -> None:
    report = _raw(book, SPREADSHEET.format("77").encode("cp1250"))
    assert report.notes == ("the file is not UTF-8; it was read as Windows-1250",)


def test_lost_zeros_are_refused_or_put_back_by_choice_and_counted(book: Services) -> None:
    rows = [_row(sku="1", gtin="36000291452"), _row(sku="2", gtin="3.85E+12")]
    content = as_csv(rows).getvalue()
    report = _take_as(book, content, Written())
    assert [(error.row, error.column) for error in report.errors] == [(2, "gtin"), (3, "gtin")]
    mended = _take_as(book, as_csv(rows[:1]).getvalue(), Written(repair=True))
    assert mended.notes == (
        "1 row: gtin was ruined by a spreadsheet, repaired (first: row 2, '36000291452')",
    )
    assert _product(book, "1").gtin == "036000291452"


def test_a_workbook_is_taken_and_skus_that_are_numbers_are_noted(book: Services) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for row in (["sku", "name", "gtin", "price"], [123, "Čaj", 3850334020802, 1.99],
                ["00124", "Kava", "036000291452", "2,49"]):  # fmt: skip
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    report = _raw(book, file.getvalue())
    assert (report.new, report.refused, report.read_as) == (2, 0, "xlsx, sheet 'Sheet'")
    assert report.notes == (
        "1 row: SKU is a number in the sheet, so leading zeros would be lost (first: row 2)",
    )
    assert [_product(book, sku).gtin for sku in ("123", "00124")] == [
        "3850334020802", "036000291452"
    ]  # fmt: skip


def test_json_is_taken_with_the_same_fields_and_names_items(book: Services) -> None:
    items = [
        {"sku": "1", "name": "Čaj", "price": {"amount_minor": 199, "currency": "EUR"}},
        {"sku": "2", "name": "Kava", "price": "2.49", "special_price": 1.99},
        {"sku": "3", "name": "Sol", "price": "-1"},
        {"sku": "4", "price": "1.00"},
        {"sku": "1", "name": "Čaj", "price": "1.99"},
    ]
    source = io.BytesIO(json.dumps(items).encode())
    report = book.import_prices(store="0204", source=source, actor="ana", on_error="continue")
    assert (report.read, report.new, report.refused) == (5, 2, 3)
    assert [(error.row, error.column) for error in report.errors] == [
        (3, "price"), (4, "name"), (5, "sku")
    ]  # fmt: skip
    price = _product(book, "2").price
    assert price is not None
    assert price.effective == 199


def test_every_row_in_error_is_told_while_the_file_is_read(book: Services) -> None:
    told = list[RowError]()
    rows = [*(_row(sku=str(n), price="x") for n in range(1200)), _row(), _row()]
    report = book.import_prices(
        store="0204", source=as_csv(rows), actor="ana", refusals=told.append
    )
    assert [error.row for error in told] == [*range(2, 1202), 1203]
    assert len(told) == report.refused == 1201
    assert report.read == report.new + report.changed + report.unchanged + report.refused


def test_the_net_content_may_be_told_where_the_size_does_not_say_it(book: Services) -> None:
    report = take(
        book,
        "0204",
        [_row(sku="1", size="obiteljsko", net="1.5 kg", price="3.00"),
         _row(sku="2", size="300 g", net="", price="3.00"),
         _row(sku="3", net="a lot")],
        go_on=True,
    )  # fmt: skip
    assert [(error.column, error.value) for error in report.errors] == [("net", "a lot")]
    prices = [_product(book, sku).price for sku in ("1", "2")]
    assert [price and price.unit_price for price in prices] == [
        "2,00\u00a0€/kg", "10,00\u00a0€/kg"
    ]  # fmt: skip
