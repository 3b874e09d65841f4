"""The catalogue by the command line against the real API."""

import json
from pathlib import Path

from tests.integration.api.conftest import CommandLine, Running


def test_a_store_is_made_and_hung_by_commands_alone(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    assert edge_shelf("zones", "add", "north", "North", "--currency", "EUR").code == 0
    ran = edge_shelf(
        "stores", "add", "1601", "Split", "--tz", "Europe/Zagreb", "--currency", "EUR",
        "--locale", "hr-HR", "--jurisdiction", "HR", "--zone", "north",
        "--hours", "mo-sa=07:00-21:00", "--on", "2026-12-25=",
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    assert "in zone north" in ran.out
    ran = edge_shelf(
        "products", "add", "w1", "Jamnica", "--content", "1.5 l", "--deposit", "DE=0.25 EUR",
        "--other-gtin", "96385074", "--origin", "Hrvatska",
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, "")
    assert edge_shelf("prices", "set", "w1", "0.89", "--store", "1601").code == 0
    file = tmp_path / "planogram.csv"
    file.write_text(
        "position,device,panel,sku,facings\n"
        "b01-s1-p01,split-1,epd-2.9-bwr,w1,3\n"
        "b01-s1-p02,,paper-70x37,w1,1\n"
    )
    ran = edge_shelf("planograms", "import", str(file), "--store", "1601")
    assert (ran.code, ran.err) == (0, "")
    assert "2 positions in change" in ran.out
    assert "1 tile follows" in ran.out
    again = edge_shelf("planograms", "import", str(file), "--store", "1601", "--json")
    assert json.loads(again.out)["change_id"] is None
    assert edge_shelf("planograms", "export", "--store", "1601").out == file.read_text()
    shown = edge_shelf("products", "show", "w1", "--store", "1601")
    assert "deposit: DE 0.25 EUR" in shown.out
    assert "hangs at: b01-s1-p01, b01-s1-p02" in shown.out
    assert edge_shelf("stores", "list").out.count("1601") == 1


def test_a_price_is_shown_with_what_its_tile_must_print_by_law(edge_shelf: CommandLine) -> None:
    edge_shelf("products", "add", "w1", "Jamnica", "--content", "1.5 l", "--deposit", "HR=0.10 EUR")
    edge_shelf("prices", "set", "w1", "0.89", "--store", "0204")
    price = edge_shelf("prices", "show", "w1", "--store", "0204")
    assert "w1 costs 0.89 EUR in store 0204: regular price" in price.out
    assert "deposit: 0.10 EUR" in price.out
    assert "must print: deposit (Directive 98/6/EC art. 2(a), CJEU C-543/21)" in price.out
    assert "unit price: 0,59 €/l" in price.out.replace("\xa0", " ")


def test_a_product_that_is_changed_is_followed_by_its_tiles(edge_shelf: CommandLine) -> None:
    ran = edge_shelf("products", "set", "1030", "--name", "Better name", "--note", "clearer")
    assert (ran.code, ran.out) == (0, "1030 is changed; 1 tile follows\n")
    found = json.loads(edge_shelf("products", "show", "1030", "--json").out)
    late = edge_shelf("products", "set", "1030", "--name", "Other", "--version", "1")
    assert late.code == 1
    assert "Somebody else changed product 1030 meanwhile" in late.err
    version = str(found["revision"])
    assert edge_shelf("products", "set", "1030", "--name", "Other", "--version", version).code == 0


def test_a_wrong_cell_of_a_planogram_is_named_and_nothing_is_hung(
    edge_shelf: CommandLine, tmp_path: Path
) -> None:
    before = edge_shelf("planograms", "export", "--store", "0204").out
    file = tmp_path / "planogram.csv"
    file.write_text("position,panel,sku\nb01-s1-p01,crt,1000\nb07-s1-p01,paper-70x37,1001\n")
    ran = edge_shelf("planograms", "import", str(file), "--store", "0204")
    assert ran.code == 1
    assert "row 2, panel, 'crt': unknown panel" in ran.err
    assert edge_shelf("planograms", "export", "--store", "0204").out == before


def test_an_older_planogram_is_exported_and_hung_again(
    edge_shelf: CommandLine, tmp_path: Path
) -> None:
    first = edge_shelf("planograms", "export", "--store", "0204").out
    head, *rows = first.splitlines()
    file = tmp_path / "fewer.csv"
    file.write_text("\n".join([head, *rows[:5]]) + "\n")
    assert edge_shelf("planograms", "import", str(file), "--store", "0204", "--whole").code == 0
    assert edge_shelf("planograms", "export", "--store", "0204").out == file.read_text()
    revisions = json.loads(edge_shelf("planograms", "history", "--store", "0204", "--json").out)
    older = tmp_path / "older.csv"
    revision = str(revisions[1]["revision"])
    edge_shelf("planograms", "export", "--store", "0204", "--revision", revision, "-o", str(older))
    assert older.read_text() == first
    assert edge_shelf("planograms", "import", str(older), "--store", "0204").code == 0
    assert edge_shelf("planograms", "export", "--store", "0204").out == first


def test_a_bay_is_named(edge_shelf: CommandLine, running: Running) -> None:
    ran = edge_shelf("planograms", "name", "Dairy", "--store", "0204", "--bay", "1")
    assert ran.out == "bay 1 is called Dairy\n"
    assert running.services.bay(store="0204", number=1).name == "Dairy"


def test_a_store_moves_into_a_zone_only_where_that_is_meant(edge_shelf: CommandLine) -> None:
    edge_shelf("zones", "add", "north", "North", "--currency", "EUR")
    ran = edge_shelf("zones", "move", "0204", "north")
    assert ran.code == 1
    assert "their tiles would go bare" in ran.err
    ran = edge_shelf("zones", "move", "0204", "north", "--confirm")
    assert (ran.code, "48 tiles follow" in ran.out) == (0, True)
    assert "north" in edge_shelf("zones", "list").out
