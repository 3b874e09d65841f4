"""What a person may ask for, and what is refused before anything is started."""

from pathlib import Path

import pytest

from simulators.up.errors import WrongStart
from simulators.up.folder import Folder
from simulators.up.options import Options, own_lists


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.touch()
    return path


def test_nothing_asked_for_is_no_list_of_ones_own() -> None:
    assert own_lists([], [], []) == ()


def test_one_format_holds_for_every_store(prices: Path) -> None:
    lists = own_lists(["0204", "1601"], [prices, prices], ["konzum"])
    assert [(own.store.id, own.format, own.store.currency) for own in lists] == [
        ("0204", "konzum", "EUR"),
        ("1601", "konzum", "EUR"),
    ]


def test_each_store_may_have_its_own_format(prices: Path) -> None:
    lists = own_lists(["0204", "77"], [prices, prices], ["konzum", "csv"])
    assert [(own.format, own.store.tz) for own in lists] == [
        ("konzum", "Europe/Zagreb"),
        ("csv", "America/New_York"),
    ]


def test_a_list_without_a_format_is_in_our_own(prices: Path) -> None:
    assert own_lists(["77"], [prices], [])[0].format == "csv"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongStart, match=r"--prices: there is no file .*absent\.csv"):
        own_lists(["77"], [tmp_path / "absent.csv"], [])


def test_an_unknown_format_is_named_with_those_there_are(prices: Path) -> None:
    with pytest.raises(WrongStart, match="--format: 'xlsx' is none; known are konzum, csv"):
        own_lists(["77"], [prices], ["xlsx"])


def test_a_store_that_cannot_be_is_named(prices: Path) -> None:
    with pytest.raises(WrongStart, match="--store: 'no store!' is no store"):
        own_lists(["no store!"], [prices], [])


def test_a_store_without_a_list_is_refused() -> None:
    with pytest.raises(WrongStart, match="come in pairs, not 1 and 0"):
        own_lists(["77"], [], [])


def test_a_format_without_a_store_is_refused() -> None:
    with pytest.raises(WrongStart, match="--format is given once"):
        own_lists([], [], ["konzum"])


def test_a_store_named_twice_is_refused(prices: Path) -> None:
    with pytest.raises(WrongStart, match="named twice"):
        own_lists(["77", "77"], [prices, prices], [])


def test_every_port_says_what_it_is_for_and_how_to_choose_another(tmp_path: Path) -> None:
    ports = Options(Folder(tmp_path), port=8001, rest_port=9443).ports()
    assert [port.number for port in ports] == [8883, 9443, 8001]
    assert [port.way_out.rpartition(" --")[2].split()[0] for port in ports] == [
        "hub-host",
        "rest-port",
        "port",
    ]


def test_the_console_is_reached_by_the_name_that_browsers_trust(tmp_path: Path) -> None:
    assert Options(Folder(tmp_path)).url == "http://localhost:8000"
    assert Options(Folder(tmp_path), host="127.0.0.9").url == "http://127.0.0.9:8000"
