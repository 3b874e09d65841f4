"""The command line against the real API on a real socket."""

import csv
import json
import re
from pathlib import Path

import pytest

from tests.integration.api.conftest import HEADER, CommandLine, Running
from tests.unit.paper.printing import page_sizes

PAPER = (Path(__file__).parents[3] / "docs" / "paper.md").read_text("utf-8")


def price(running: Running, sku: str) -> int | None:
    found = running.services.product(sku=sku, store="0204").price
    return found.effective if found else None


def test_status_is_the_json_that_scripts_count_on(edge_shelf: CommandLine) -> None:
    ran = edge_shelf("status", "--json")
    assert (ran.code, ran.err) == (0, "")
    status = json.loads(ran.out)
    assert status["devices"] == {"connected": 0, "total": 2}
    assert set(status["tiles"]) == {"shown", "pending", "failed"}
    assert sum(status["tiles"].values()) == 48


def test_status_for_people_counts_the_same(edge_shelf: CommandLine) -> None:
    ran = edge_shelf("status", "--store", "0204")
    assert ran.code == 0
    assert "devices 0 of 2 connected" in ran.out


def test_a_price_is_set_by_one_command(edge_shelf: CommandLine, running: Running) -> None:
    ran = edge_shelf("prices", "set", "1030", "7.77", "--store", "0204", "--json")
    assert ran.code == 0
    done = json.loads(ran.out)
    assert done["new"] == {"amount_minor": 777, "currency": "EUR"}
    assert done["tiles"] == 1
    assert price(running, "1030") == 777


def test_five_hundred_prices_are_set_by_one_command_in_one_publish(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text("sku,price\n" + "".join(f"{1000 + n},0.77\n" for n in range(500)))
    asked = edge_shelf("prices", "set", "--file", str(file), "--store", "0204")
    assert (asked.code, "about ten-fold" in asked.err) == (1, True)
    where = ("--file", str(file), "--store", "0204")
    ran = edge_shelf("prices", "set", *where, "--json", "--confirm")
    assert ran.code == 0
    done = json.loads(ran.out)
    assert (done["prices"], done["tiles"]) == (500, 48)
    revisions = set()
    for sku in ("1000", "1250", "1499"):
        found = running.services.product(sku=sku, store="0204").price
        assert found is not None
        assert found.effective == 77
        revisions.add(found.revision)
    assert revisions == {done["revision"]}


def test_one_unknown_sku_in_a_file_sets_no_price(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "new.csv"
    file.write_text("sku,price\n1030,0.77\n9999,0.77\n")
    before = price(running, "1030")
    ran = edge_shelf("prices", "set", "--file", str(file), "--store", "0204")
    assert (ran.code, ran.out) == (1, "")
    assert "9999" in ran.err
    assert price(running, "1030") == before


def test_waiting_for_a_shelf_that_never_answers_fails_and_names_the_tile(
    edge_shelf: CommandLine,
) -> None:
    ran = edge_shelf(
        "prices", "set", "1030", "7.77", "--store", "0204", "--wait", "--timeout", "0.5", "--json"
    )
    assert ran.code == 1
    assert "b01-s1-p06 (device-1) pending" in ran.err
    waited = json.loads(ran.out)["waited"]
    assert not waited["shown"]
    assert [tile["position"] for tile in waited["lagging"]] == ["b01-s1-p06"]


def test_waiting_for_a_product_that_stands_nowhere_is_over_at_once(edge_shelf: CommandLine) -> None:
    ran = edge_shelf("prices", "set", "1599", "77.77", "--store", "0204", "--wait")
    assert ran.code == 0
    assert "0 tiles" in ran.out


@pytest.mark.parametrize("text", ["0", "-1", "1.999", "cheap", "99999999"])
def test_what_is_no_price_is_wrong_usage(
    edge_shelf: CommandLine, running: Running, text: str
) -> None:
    before = price(running, "1030")
    ran = edge_shelf("prices", "set", "--store", "0204", "--", "1030", text)
    assert (ran.code, ran.out) == (2, "")
    assert price(running, "1030") == before


def test_an_unknown_store_is_named(edge_shelf: CommandLine, products: Path) -> None:
    for arguments in (
        ("prices", "set", "1030", "1.99", "--store", "9999"),
        ("prices", "import", str(products), "--store", "9999", "--format", "csv"),
        ("status", "--store", "9999"),
    ):
        ran = edge_shelf(*arguments)
        assert (ran.code, ran.out) == (1, ""), arguments
        assert "9999" in ran.err


def test_an_import_says_what_it_did(edge_shelf: CommandLine, products: Path) -> None:
    products.write_text(products.read_text().replace(",11.49", ",11.29"))
    arguments = ("prices", "import", str(products), "--store", "0204", "--format", "csv", "--json")
    dry = json.loads(edge_shelf(*arguments, "--dry-run").out)
    done = json.loads(edge_shelf(*arguments).out)
    again = json.loads(edge_shelf(*arguments).out)
    assert (dry["read"], dry["change_id"]) == (600, None)
    assert dry["changed"] == done["changed"] > 0
    assert done["change_id"]
    assert (again["changed"], again["unchanged"], again["change_id"]) == (0, 600, None)


def test_an_import_for_people_says_it_in_words(edge_shelf: CommandLine, products: Path) -> None:
    ran = edge_shelf("prices", "import", str(products), "--store", "0204", "--format", "csv")
    assert ran.code == 0
    assert "600 rows: 0 new, 0 changed, 600 unchanged, 0 refused; 0 tiles follow" in ran.out


def test_a_dry_run_for_people_says_what_would_be(edge_shelf: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("sku,name,price\n1030,Product 1030,9.99\n")
    arguments = ("prices", "import", str(file), "--store", "0204", "--format", "csv")
    dry = edge_shelf(*arguments, "--dry-run")
    assert "1 row: 0 new, 1 changed, 0 unchanged, 0 refused; 1 tile would follow" in dry.out
    assert "; 1 tile follows" in edge_shelf(*arguments).out
    assert "; 0 tiles would follow" in edge_shelf(*arguments, "--dry-run").out


def test_a_list_in_euros_is_refused_where_another_currency_is_paid(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    running.services.add_store(
        id="1001", name="Corner", tz="America/New_York", currency="USD", locale="en-US",
        jurisdiction="US-NJ", actor="test",
    )  # fmt: skip
    file = tmp_path / "list.csv"
    file.write_text("this is not even read")
    ran = edge_shelf("prices", "import", str(file), "--store", "1001", "--format", "konzum")
    assert (ran.code, ran.out) == (1, "")
    assert "a konzum list is in EUR, store 1001 sells in USD; nothing was read" in ran.err


def test_rows_in_error_are_printed_and_written_and_fail_the_command(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file, errors = tmp_path / "broken.csv", tmp_path / "errors.csv"
    file.write_text(f"{HEADER}\n1030,,Kava,,,,,9.99\n1031,,Kruh,,,,,-1\n")
    arguments = ("prices", "import", str(file), "--store", "0204", "--format", "csv")
    before = price(running, "1030")
    stopped = edge_shelf(*arguments, "--errors", str(errors))
    assert stopped.code == 1
    assert "row 3, price" in stopped.err
    with errors.open(newline="") as written:
        rows = list(csv.DictReader(written))
    assert [(row["row"], row["column"], row["value"]) for row in rows] == [("3", "price", "-1")]
    assert price(running, "1030") == before
    went_on = edge_shelf(*arguments, "--on-error", "continue", "--json")
    assert went_on.code == 1
    assert json.loads(went_on.out)["refused"] == 1
    assert price(running, "1030") == 999


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_an_exported_list_is_imported_again_and_changes_nothing(
    edge_shelf: CommandLine, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    assert edge_shelf("prices", "export", "--store", "0204", "-o", str(file)).code == 0
    assert file.read_bytes().startswith(b"sku," if name.endswith("csv") else b"PK")
    again = edge_shelf("prices", "import", str(file), "--store", "0204", "--json")
    report = json.loads(again.out)
    assert (report["unchanged"], report["change_id"]) == (600, None)


def test_an_export_without_a_file_goes_to_stdout(edge_shelf: CommandLine) -> None:
    ran = edge_shelf("prices", "export", "--store", "0204")
    assert (ran.code, len(ran.out.splitlines())) == (0, 601)


def test_an_export_that_fails_leaves_the_file_as_it_was(
    edge_shelf: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "out.csv"
    file.write_text("of yesterday")
    ran = edge_shelf("prices", "export", "--store", "9999", "-o", str(file))
    assert (ran.code, "9999" in ran.err) == (1, True)
    assert [path.read_text() for path in tmp_path.glob("out*")] == ["of yesterday"]


def test_a_list_is_read_as_it_is_said_to_be_written(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file, profile = tmp_path / "list.txt", tmp_path / "till.toml"
    file.write_bytes("Šifra|Naziv|MPC\n1030|Čaj|1.234\n".encode("cp1250"))
    profile.write_text('[columns]\nsku = "Šifra"\nname = "Naziv"\nprice = "MPC"\n')
    arguments = ("prices", "import", str(file), "--store", "0204", "--profile", str(profile))
    ambiguous = edge_shelf(*arguments)
    assert (ambiguous.code, "decimal=point or decimal=comma" in ambiguous.err) == (1, True)
    ran = edge_shelf(*arguments, "--decimal", "comma")
    assert ran.code == 0
    assert "read as CSV with bars, Windows-1250" in ran.out
    assert price(running, "1030") == 123_400


def test_what_is_no_price_list_is_refused(edge_shelf: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("name,cost\nbread,1\n")
    ran = edge_shelf("prices", "import", str(file), "--store", "0204", "--format", "csv")
    assert ran.code == 1
    assert "cost" in ran.err


def test_lists_are_printed_for_people_and_for_scripts(edge_shelf: CommandLine) -> None:
    assert "Zagreb" in edge_shelf("stores", "list").out
    assert json.loads(edge_shelf("stores", "list", "--json").out)[0]["id"] == "0204"
    assert "device-2" in edge_shelf("devices", "list").out
    assert len(json.loads(edge_shelf("devices", "list", "--store", "0204", "--json").out)) == 2
    found = edge_shelf("products", "search", "product 1030", "--store", "0204")
    assert "1030" in found.out
    assert "EUR" in found.out
    listed = json.loads(edge_shelf("products", "search", "product", "--limit", "5", "--json").out)
    assert len(listed["data"]) == 5


def test_a_stores_tiles_are_checked(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    fine = edge_shelf("tiles", "check", "--store", "0204", "--json")
    assert fine.code == 0
    told = json.loads(fine.out)
    assert (told["checked"], told["errors"]) == (48, 0)
    file = tmp_path / "name.csv"
    file.write_text("sku,name,price\n1030,Tea \U00013000,9.99\n")
    taken = edge_shelf("prices", "import", str(file), "--store", "0204", "--format", "csv")
    assert taken.code == 1
    assert "1 tile is unfit to hang as the list has them" in taken.err
    assert "b01-s1-p06 in 0204, 1030: template price/standard" in taken.err
    assert price(running, "1030") == 999

    checked = edge_shelf("tiles", "check", "--store", "0204", "--bay", "1")

    assert checked.code == 1
    assert "b01-s1-p06" in checked.out
    assert "font bold has no" in checked.out
    assert "1 of 24 tiles must not hang" in checked.err
    refused = edge_shelf("prices", "set", "1030", "7.77", "--store", "0204")
    assert refused.code == 1
    assert "the tile of 1030 cannot hang" in refused.err


def test_a_tiles_picture_is_written_to_a_file(edge_shelf: CommandLine, tmp_path: Path) -> None:
    picture = tmp_path / "tile.png"
    nothing = edge_shelf("tiles", "image", "0204", "b01-s1-p01", "-o", str(picture))
    assert nothing.code == 1
    assert not picture.exists()
    wanted = edge_shelf("tiles", "image", "0204", "b01-s1-p01", "--wanted", "-o", str(picture))
    assert wanted.code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_wrong_token_is_named(edge_shelf: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_wrong")
    ran = edge_shelf("status", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "EDGE_SHELF_TOKEN" in ran.err


def test_users_and_tokens_are_made_without_a_server(
    edge_shelf: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_SHELF_DATA_DIR", str(tmp_path / "var"))
    added = json.loads(edge_shelf("users", "add", "ana", "--json").out)
    assert len(added["password"]) >= 12
    assert edge_shelf("users", "add", "ana").code == 1
    token = edge_shelf("tokens", "issue", "pos", "--scope", "read").out.strip()
    monkeypatch.setenv("EDGE_SHELF_TOKEN", token)
    assert edge_shelf("status").code == 0
    refused = edge_shelf("prices", "set", "1030", "1.99", "--store", "0204")
    assert refused.code == 2
    assert "scope write" in refused.err
    assert edge_shelf("tokens", "revoke", "pos").code == 0
    assert edge_shelf("status").code == 2


def test_paper_tags_of_a_bay_are_written_to_a_file(edge_shelf: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "tags.pdf"
    ran = edge_shelf("tiles", "paper", "0204", "--bay", "1", "--output", str(file), "--json")
    assert (ran.code, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert (len(told["tags"]), told["pages"], told["left_out"]) == (24, 2, 0)
    assert [round(width) for width, _ in page_sizes(file.read_bytes())] == [210, 210]


def test_paper_for_tiles_that_no_bay_has_is_refused(
    edge_shelf: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "tags.pdf"
    ran = edge_shelf("tiles", "paper", "0204", "--state", "failed", "-o", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert "no tile to print" in ran.err
    assert not file.exists()


@pytest.mark.parametrize("command", re.findall(r"^    edge-shelf (.+)$", PAPER, re.MULTILINE))
def test_every_command_of_the_guide_to_paper_does_what_it_says(
    edge_shelf: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = edge_shelf(*command.split())
    if "--state" in command:  # none of these shelves has failed, and none is of paper
        assert (ran.code, list(tmp_path.glob("*.pdf"))) == (1, [])
    else:
        assert (ran.code, ran.err) == (0, "")
        assert len(list(tmp_path.glob("*.pdf"))) == 1
