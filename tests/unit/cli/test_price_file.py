"""The file of `prices set --file` is taken whole or not at all, and says which rows are wrong."""

from pathlib import Path

import pytest

from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.price_file import read_prices


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_prices_are_read_in_minor_units(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,price\n4711,1.99\n0042,0.5\n")
    assert read_prices(path, "EUR") == {"4711": 199, "0042": 50}


def test_the_currency_decides_the_decimals(tmp_path: Path) -> None:
    assert read_prices(write(tmp_path, "sku,price\n1,150\n"), "JPY") == {"1": 150}


def test_columns_may_change_places_and_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    path = write(tmp_path, "price,sku\n1.99,4711\n\n", encoding="utf-8-sig")
    assert read_prices(path, "EUR") == {"4711": 199}


@pytest.mark.parametrize("header", ["sku;price", "sku", "sku,price,store", "SKU,PRICE", ""])
def test_another_header_is_no_price_file(tmp_path: Path, header: str) -> None:
    with pytest.raises(WrongUsage, match="columns are sku, price"):
        read_prices(write(tmp_path, f"{header}\n4711,1.99\n"), "EUR")


def test_every_wrong_row_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,price\n1,1.99\n2,-1\n3,cheap\n,2\n4\n1,2.99\n")
    with pytest.raises(Refused, match="5 rows are wrong") as refused:
        read_prices(path, "EUR")
    assert [line.split(":")[0] for line in refused.value.details] == [
        f"row {number}" for number in (3, 4, 5, 6, 7)
    ]


def test_a_thousand_wrong_rows_are_counted_but_not_all_printed(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,price\n" + "1,x\n" * 1000)
    with pytest.raises(Refused, match="1000 rows") as refused:
        read_prices(path, "EUR")
    assert refused.value.details[-1] == "... and 980 more"
    assert len(refused.value.details) == 21


def test_a_file_that_is_no_text_is_wrong_usage(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"sku,price\n\xff\xfe,1\n")
    with pytest.raises(WrongUsage, match="UTF-8"):
        read_prices(path, "EUR")


def test_a_file_without_rows_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="no rows"):
        read_prices(write(tmp_path, "sku,price\n"), "EUR")
