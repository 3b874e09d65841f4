"""Mapping profiles: a till's own list, read by what a file says of its columns."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.mapping import parse_profile
from cloud_service.pricing.imports.table import Written
from cloud_service.services import Services
from cloud_service.services.views.imports import ImportReport
from cloud_service.services.views.products import ProductView
from tests.book import open_book

PROFILE = """
currency = "EUR"

[file]
encoding = "windows-1250"
decimal = "comma"
skip = 1
dates = ["%d.%m.%Y.", "%d.%m.%Y. %H:%M"]
until = "last-day"
other_columns = "ignore"

[columns]
sku = "Šifra"
gtin = "Barkod"
name = "Naziv"
unit = "JM"
price = "MPC"
special_price = "Akcija"
special_from = "Akcija od"
special_until = "Akcija do"

[words.unit]
KOM = "ea"
KG = "kg"

[constants]
category = "Pekara"
"""
LIST = """Cjenik trgovine 17;;;;;;;;
Šifra;Naziv;Grupa;Grupa;JM;Barkod;MPC;Akcija;Akcija od;Akcija do
00101;Kruh bijeli;1;A;KOM;3850334020802;1,99;1,49;01.06.2026.;05.07.2026.
00102;Limun;1;B;KG;;2,49;;;
00103;Sir;2;B;KOM;;1.234,50;1.000,00;01.06.2026. 06:00;05.07.2026. 20:00
"""


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path, rows=())
    yield services
    services.close()


def _take(
    services: Services,
    text: str,
    profile: str,
    written: Written | None = None,
    codec: str = "cp1250",
) -> ImportReport:
    return services.import_prices(
        store="0204",
        source=io.BytesIO(text.encode(codec)),
        profile=profile,
        written=written or Written(),
        actor="ana",
    )


def _product(services: Services, sku: str) -> ProductView:
    return services.product(sku=sku, store="0204")


def test_a_tills_own_list_is_taken_as_its_profile_says(book: Services) -> None:
    report = _take(book, LIST, PROFILE)
    assert (report.new, report.refused) == (3, 0)
    assert report.read_as == "CSV with semicolons, Windows-1250"
    bread, lemon, cheese = (_product(book, sku) for sku in ("00101", "00102", "00103"))
    assert (bread.name, bread.gtin, bread.category) == ("Kruh bijeli", "3850334020802", "Pekara")
    assert (bread.weighed, lemon.weighed) == (False, True)
    assert bread.price is not None
    assert (bread.price.effective, bread.price.regular) == (149, 199)
    assert bread.price.reason == "special price until 2026-07-06 00:00"
    assert cheese.price is not None
    assert cheese.price.regular == 123_450


def test_what_is_said_of_one_file_holds_over_its_profile(book: Services) -> None:
    report = _take(book, LIST, PROFILE, Written(encoding="utf-8"), codec="utf-8")
    assert (report.new, report.read_as) == (3, "CSV with semicolons, UTF-8")


def test_a_row_in_error_is_named_by_their_columns(book: Services) -> None:
    text = LIST.replace("1,99", "1.99").replace("KG", "VREĆA").replace("01.06.2026. 06", "lipanj")
    report = _take(book, text, PROFILE)
    assert [(error.row, error.column, error.value) for error in report.errors] == [
        (3, "MPC", "1.99"), (4, "JM", "VREĆA"), (5, "Akcija od", "lipanj:00")
    ]  # fmt: skip


def test_a_sku_that_stands_twice_is_named_by_their_column(book: Services) -> None:
    report = _take(book, LIST + "00101;Kruh;1;A;KOM;;1,99;;;\n", PROFILE)
    assert [(error.row, error.column) for error in report.errors] == [(6, "Šifra")]


def test_columns_by_their_places_and_amounts_in_cents(book: Services) -> None:
    profile = """
        [file]
        header = false
        amounts = "minor"
        [columns]
        sku = 1
        name = 3
        price = 2
    """
    assert _take(book, "7|199|Sol\n8|49|Papar\n", profile).new == 2
    prices = [_product(book, sku).price for sku in ("7", "8")]
    assert [price and price.effective for price in prices] == [199, 49]


def test_a_column_that_is_mapped_and_missing_or_not_mapped_is_named(book: Services) -> None:
    with pytest.raises(Invalid, match="missing: 'MPC'"):
        _take(book, LIST.replace("MPC", "VPC"), PROFILE)
    strict = PROFILE.replace('other_columns = "ignore"', "")
    with pytest.raises(Invalid, match="unknown: 'Grupa'"):
        _take(book, LIST, strict)


def test_a_list_in_other_money_is_not_read(book: Services) -> None:
    with pytest.raises(Invalid, match="a profile list is in USD, store 0204 sells in EUR"):
        _take(book, LIST, PROFILE.replace('"EUR"', '"USD"'))


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ("columns = 1", "profile, columns"),
        ("[columns", "profile: no valid TOML"),
        ("", r"profile, columns: Field required"),
        ('[columns]\nsku = "a"\nname = "b"', "profile, price: it is mapped to no column"),
        ('[columns]\nsku = "a"\nname = "b"\nprize = "c"', "profile, prize: we have no such column"),
        ('[columns]\nsku = "a"\nname = "b"\nprice = "b"', "profile, b: it is mapped twice"),
        ('[columns]\nsku = "a"\nname = "b"\nprice = "c"\n[constants]\nprice = "1"',
         "profile, price: it is both a column and a constant"),
        ('[columns]\nsku = "a"\nname = "b"\nprice = "c"\n[words.unit]\nKG = "kg"',
         "profile, unit: its words are given, but no column"),
        ('[file]\ncolour = "red"\n[columns]\nsku = "a"', "profile, file.colour"),
        ('[file]\ndecimal = ","\n[columns]\nsku = "a"', "profile, file.decimal"),
        ('currency = "euro"\n[columns]\nsku = "a"', "profile, currency"),
        ("x" * 70_000, "it is longer"),
    ],
)  # fmt: skip
def test_a_profile_that_is_wrong_is_named_where_it_is(profile: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        parse_profile(profile)
