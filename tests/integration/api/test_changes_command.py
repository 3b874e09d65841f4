"""`edge-shelf changes` against the real API: a second person, exit codes, and what scripts read."""

import json
from dataclasses import replace
from pathlib import Path

from cloud_service.changes.guards import Rails
from tests.integration.api.conftest import CommandLine, Running
from tests.integration.api.test_command_line import price

_AT = "2036-12-01T06:00:00+01:00"


def test_a_price_that_needs_a_second_person_is_told_by_exit_code_3(
    edge_shelf: CommandLine, running: Running
) -> None:
    rails = Rails(approve_percent=30)
    running.services.guard = replace(running.services.guard, rails=rails)
    before = price(running, "1030")
    ran = edge_shelf("prices", "set", "1030", "99.00", "--store", "0204", "--json", "--confirm")
    assert ran.code == 3
    change = json.loads(ran.out)["change_id"]
    assert f"edge-shelf changes approve {change}" in ran.err
    assert price(running, "1030") == before

    own = edge_shelf("changes", "approve", change)
    assert own.code == 1
    assert "a second person approves, not the author" in own.err
    running.services.desk.approve(change=change, actor="boro")

    ran = edge_shelf("changes", "publish", change, "--json", "--confirm")
    assert (ran.code, json.loads(ran.out)["state"]) == (0, "published")
    assert price(running, "1030") == 9900


def test_a_draft_is_compared_published_and_rolled_back(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "change.json"
    euro = {"amount_minor": 777, "currency": "EUR"}
    file.write_text(
        json.dumps({"store_id": "0204", "prices": [{"sku": "1030", "price": euro}], "note": "x"})
    )
    before = price(running, "1030")
    change = json.loads(edge_shelf("changes", "draft", str(file), "--json").out)["id"]
    compared = edge_shelf("changes", "diff", change)
    assert "7.77 EUR" in compared.out
    assert "1 product in 1 store, 1 tile" in compared.out
    assert edge_shelf("changes", "publish", change).code == 0
    assert price(running, "1030") == 777
    ran = edge_shelf("changes", "rollback", change, "--note", "a mistake")
    assert (ran.code, price(running, "1030")) == (0, before)
    assert f"restores {change}" in ran.out
    trail = edge_shelf("changes", "audit", change, "--json")
    actions = [deed["action"] for deed in json.loads(trail.out)]
    assert actions == ["change rolled back", "change published", "change drafted"]
    assert change in edge_shelf("changes", "list").out


def test_a_price_for_later_is_scheduled_and_cancelled(
    edge_shelf: CommandLine, running: Running
) -> None:
    before = price(running, "1031")
    ran = edge_shelf(
        "prices", "set", "1031", "8.88", "--store", "0204", "--at", _AT, "--json", "--confirm"
    )
    done = json.loads(ran.out)
    assert (ran.code, done["state"], price(running, "1031")) == (0, "scheduled", before)
    assert edge_shelf("changes", "cancel", done["change_id"]).code == 0
    shown = edge_shelf("changes", "show", done["change_id"])
    assert "is cancelled" in shown.out


def test_what_is_wrong_is_said_with_its_place(edge_shelf: CommandLine, tmp_path: Path) -> None:
    assert edge_shelf("changes", "show", "chg_0").code == 1
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    ran = edge_shelf("changes", "draft", str(broken))
    assert (ran.code, "is no JSON" in ran.err) == (2, True)
    ran = edge_shelf("prices", "set", "1031", "8.88", "--store", "0204", "--at", "tomorrow")
    assert ran.code == 1
    assert "effective_from" in ran.err


_LIST = "sku,name,price\n1030,Bajadera,99.00\n"


def test_a_list_that_needs_a_second_person_is_told_by_exit_code_3(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    running.services.guard = replace(running.services.guard, rails=Rails(approve_percent=30))
    file, before = tmp_path / "list.csv", price(running, "1030")
    file.write_text(_LIST)
    ran = edge_shelf(
        "prices", "import", str(file), "--store", "0204", "--confirm", "--note", "new", "--json"
    )
    report = json.loads(ran.out)
    change = report["change_id"]
    assert (ran.code, report["state"], price(running, "1030")) == (3, "submitted", before)
    assert f"edge-shelf changes approve {change}" in ran.err
    assert "approve: 1030: a step of" in ran.err
    compared = edge_shelf("changes", "diff", change)
    assert "99.00 EUR" in compared.out
    assert "1 raised" in compared.out
    assert edge_shelf("changes", "reject", change).code == 1
    running.services.desk.approve(change=change, actor="boro")
    assert edge_shelf("changes", "publish", change).code == 0
    assert price(running, "1030") == 9900


def test_a_list_that_looks_like_a_slip_waits_to_be_confirmed(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    file, euros = tmp_path / "list.csv", (price(running, "1030") or 0) / 10
    file.write_text(f"sku,name,price\n1030,Bajadera,{euros:.2f}\n")
    ran = edge_shelf("prices", "import", str(file), "--store", "0204")
    assert ran.code == 3
    assert "nothing is taken yet" in ran.out
    assert "confirm: 1030: about ten-fold" in ran.err
    command = ran.err.split("then run: edge-shelf ")[1].splitlines()[0].split()
    assert edge_shelf(*command).code == 0
    assert price(running, "1030") == round(euros * 100)


def test_a_watched_list_that_waits_is_named(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    running.services.guard = replace(running.services.guard, rails=Rails(approve_percent=30))
    (tmp_path / "night.csv").write_text(_LIST)
    watch = ("prices", "watch", str(tmp_path), "--store", "0204", "--once", "--every", "0.1")
    ran = edge_shelf(*watch)
    assert ran.code == 3
    assert "night.csv: nothing is taken yet" in ran.out
    assert "WAITS: change chg_" in ran.out
    again = edge_shelf(*watch)
    assert (again.code, again.out) == (0, "")
