"""What people write about the catalogue on a command line and in a planogram's file."""

from pathlib import Path

import pytest

from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.opening import hours_of, read_exceptions
from cloud_service.cli.planogram_file import read_planogram, write_planogram
from cloud_service.cli.product_fields import product_fields


def test_hours_are_written_by_days() -> None:
    assert hours_of(["mo-fr=07:00-21:00", "sa=08:00-12:00 16:00-20:00"]) == [
        *["07:00-21:00"] * 5, "08:00-12:00 16:00-20:00", "",
    ]  # fmt: skip
    assert read_exceptions(["2026-12-25=", "2026-12-24=07:00-13:00"]) == {
        "2026-12-25": "", "2026-12-24": "07:00-13:00"
    }  # fmt: skip
    assert read_exceptions(["none"]) == {}


@pytest.mark.parametrize("text", ["07:00-21:00", "xx=07:00-21:00", "sa-mo=07:00-21:00"])
def test_hours_without_a_day_are_wrong_usage(text: str) -> None:
    with pytest.raises(WrongUsage, match="--hours"):
        hours_of([text])


def test_fields_of_a_product_are_sent_as_the_api_takes_them() -> None:
    fields = product_fields(
        name="Water", content="1,5 l", deposits=["HR=0.10 EUR"], cost="0.60 EUR", brand=None,
        clear=["origin", "other-gtin"],
    )  # fmt: skip
    assert fields == {
        "name": "Water",
        "net_content": {"thousandths": 1500, "measure": "l"},
        "deposits": [{"jurisdiction": "HR", "deposit": {"amount_minor": 10, "currency": "EUR"}}],
        "cost": {"amount_minor": 60, "currency": "EUR"},
        "origin": None,
        "gtins": [],
    }


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"content": "much"}, "no net content such as 500 g"),
        ({"deposits": ["0.10 EUR"]}, "none such as HR=0.10 EUR"),
        ({"cost": "cheap"}, "no amount such as 0.10 EUR"),
        ({"clear": ["name"]}, "what can be taken away is"),
        ({"needed": True}, "name what shall change"),
    ],
)
def test_a_field_that_cannot_be_read_is_wrong_usage(given: dict[str, object], reason: str) -> None:
    with pytest.raises(WrongUsage, match=reason):
        product_fields(**given)  # type: ignore[arg-type]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "planogram.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_planogram_is_read_and_written_alike(tmp_path: Path) -> None:
    text = (
        "position,device,panel,sku,facings\n"
        "b01-s1-p01,d1,epd-2.9-bwr,4711,2\n"
        "b01-s1-p02,,paper-70x37,0815,1\n"
        "b01-s1-p03,d1,epd-2.9-bwr,,1\n"
    )
    places = read_planogram(written(tmp_path, text))
    assert places[0] == {
        "position": "b01-s1-p01", "device_id": "d1", "panel": "epd-2.9-bwr", "sku": "4711",
        "facings": 2,
    }  # fmt: skip
    assert write_planogram(places) == text


def test_columns_stand_in_any_order_and_some_may_be_missing(tmp_path: Path) -> None:
    places = read_planogram(written(tmp_path, "panel,position\npaper-70x37, b01-s1-p01\n"))
    assert places[0]["facings"] == 1
    assert places[0]["sku"] is None


def test_every_cell_that_is_wrong_is_named_with_row_column_value_and_reason(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        "position,device,panel,sku,facings\n"
        "x1,D 1,crt,?,0\n"
        "b01-s1-p01,d1,epd-2.9-bwr,4711,1\n"
        "b01-s1-p01,d1,epd-2.9-bwr,4711,1\n"
        "b01-s1-p02,d1,epd-2.9-bwr,4711,1,more\n",
    )
    with pytest.raises(Refused) as refused:
        read_planogram(path)
    details = refused.value.details
    assert details[0].startswith("row 2, position, 'x1': ")
    assert "row 2, device, 'D 1': " in details[1]
    assert "row 2, panel, 'crt': unknown panel" in details[2]
    assert "row 2, sku, '?': " in details[3]
    assert details[4] == "row 2, facings, '0': no number from 1 to 99"
    assert details[5] == "row 4, position, 'b01-s1-p01': it stands further up already"
    assert details[6].startswith("row 5, , ")
    assert "7 cells wrong; nothing was hung" in str(refused.value)


@pytest.mark.parametrize(
    "text", ["", "position,sku\n", "position,panel,colour\n", "position,panel\n"]
)
def test_what_is_no_planogram_is_wrong_usage(tmp_path: Path, text: str) -> None:
    with pytest.raises(WrongUsage):
        read_planogram(written(tmp_path, text))
