"""A price list comes in as a body or as a form, whole, and leaves nothing behind on the disk."""

import csv
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.unit.api.conftest import HEADER, PRODUCTS, Caller, price

IMPORTS = "/stores/0204/imports?format=csv"
CHEAPER = PRODUCTS.replace("2.49", "1.99")
BROKEN = f"{HEADER}\n4711,,Kava,,,,,2.99\n4712,123,Kruh,,,,,1.00\n4713,,Mlijeko,,,,,-1\n"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_list_is_imported_and_reported(writer: Caller, uploads: Path) -> None:
    report = writer("POST", IMPORTS, content=CHEAPER.encode()).json()
    assert (report["read"], report["changed"], report["unchanged"]) == (3, 1, 2)
    assert report["tiles"] == 1
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(199)
    assert list(uploads.iterdir()) == []


def test_a_form_is_taken_like_a_body(writer: Caller, uploads: Path) -> None:
    report = writer("POST", IMPORTS, files={"file": ("list.csv", CHEAPER.encode())}).json()
    assert report["changed"] == 1
    assert list(uploads.iterdir()) == []


def test_a_form_without_the_file_is_refused(writer: Caller) -> None:
    answer = writer("POST", IMPORTS, files={"list": ("list.csv", b"x")})
    assert answer.status_code == 422
    assert "`file`" in answer.json()["detail"]


def test_a_dry_run_changes_nothing(writer: Caller) -> None:
    report = writer("POST", f"{IMPORTS}&dry_run=true", content=CHEAPER.encode()).json()
    assert (report["dry_run"], report["changed"], report["change_id"]) == (True, 1, None)
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(249)


def test_broken_rows_refuse_the_list_and_are_named(writer: Caller, uploads: Path) -> None:
    answer = writer("POST", IMPORTS, content=BROKEN.encode())
    problem = answer.json()
    assert answer.status_code == 422
    assert problem["type"] == "urn:edge-shelf:rows-refused"
    assert [(item["row"], item["column"]) for item in problem["errors"]] == [
        (3, "gtin"),
        (4, "price"),
    ]
    assert problem["report"]["refused"] == 2
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(249)
    assert list(uploads.iterdir()) == []


def test_good_rows_go_on_where_that_is_asked_for(writer: Caller) -> None:
    report = writer("POST", f"{IMPORTS}&on_error=continue", content=BROKEN.encode()).json()
    assert (report["refused"], report["changed"]) == (2, 1)
    assert len(report["errors"]) == 2
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(299)


def test_progress_is_told_line_by_line_and_the_report_comes_last(
    writer: Caller, uploads: Path
) -> None:
    headers = {"Accept": "application/jsonl"}
    answer = writer("POST", IMPORTS, content=CHEAPER.encode(), headers=headers)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["Content-Type"].startswith("application/jsonl")
    assert all("progress" in line for line in lines[:-1])
    assert lines[-1]["report"]["changed"] == 1
    assert list(uploads.iterdir()) == []


def test_a_parameter_that_does_not_exist_takes_nothing(writer: Caller) -> None:
    answer = writer("POST", f"{IMPORTS}&dryrun=true", content=CHEAPER.encode())
    assert answer.status_code == 422
    assert "dryrun" in answer.json()["detail"]
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(249)


def test_json_is_imported_like_a_list_without_naming_a_format(writer: Caller) -> None:
    items = [{"sku": "4711", "name": "Kava", "price": {"amount_minor": 299, "currency": "EUR"}}]
    headers = {"Content-Type": "application/json"}
    array, lines = (
        writer("POST", "/stores/0204/imports", content=content.encode(), headers=headers).json()
        for content in (json.dumps(items), "\n".join(map(json.dumps, items)))
    )
    assert (array["read_as"], array["changed"]) == ("JSON, UTF-8", 1)
    assert (lines["read_as"], lines["unchanged"]) == ("JSON, UTF-8", 1)
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(299)


def test_what_is_said_of_a_file_is_heeded(writer: Caller) -> None:
    content = "sku|name|price\n4711|Škampi|1.234\n".encode("iso8859-2")
    said = "encoding=iso-8859-2&delimiter=bar&decimal=comma"
    report = writer("POST", f"{IMPORTS}&{said}", content=content).json()
    assert (report["changed"], report["read_as"]) == (1, "CSV with bars, iso8859-2")
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(123_400)


def test_a_mapping_profile_comes_beside_the_file(writer: Caller, uploads: Path) -> None:
    profile = '[columns]\nsku = "Sifra"\nname = "Naziv"\nprice = "MPC"\n'
    files = {
        "file": ("list.txt", b"Sifra;Naziv;MPC\n4711;Kava;2,99\n"),
        "profile": ("till.toml", profile.encode(), "application/toml"),
    }
    assert writer("POST", "/stores/0204/imports", files=files).json()["changed"] == 1
    both = writer("POST", IMPORTS, files=files)
    assert (both.status_code, "not both" in both.json()["detail"]) == (422, True)
    files["profile"] = ("till.toml", profile.replace("Naziv", "Ime").encode(), "application/toml")
    wrong = writer("POST", "/stores/0204/imports", files=files)
    assert "missing: 'Ime'" in wrong.json()["detail"]
    assert list(uploads.iterdir()) == []


def test_all_rows_in_error_can_be_downloaded_with_the_sums_in_a_header(writer: Caller) -> None:
    rows = "".join(f"{number},,Kava,,,,,-1\n" for number in range(1500))
    asked = {"content": f"{HEADER}\n{rows}".encode(), "headers": {"Accept": "text/csv"}}
    stopped = writer("POST", IMPORTS, **asked)
    went_on = writer("POST", f"{IMPORTS}&on_error=continue", **asked)
    assert (stopped.status_code, went_on.status_code) == (422, 200)
    for answer in (stopped, went_on):
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert "errors.csv" in answer.headers["Content-Disposition"]
        header, *errors = list(csv.reader(answer.text.splitlines()))
        assert header == ["row", "column", "value", "reason"]
        assert errors[-1] == ["1501", "price", "-1", "'-1' is negative"]
        assert len(errors) == json.loads(answer.headers["Import-Report"])["refused"] == 1500


def test_what_is_no_list_is_a_problem_also_where_its_errors_were_asked_for(writer: Caller) -> None:
    answer = writer("POST", IMPORTS, content=b"name,cost\n", headers={"Accept": "text/csv"})
    assert answer.status_code == 422
    assert "columns missing: 'sku', 'price'" in answer.json()["detail"]


def test_lines_may_tell_all_rows_in_error_before_the_last(writer: Caller, uploads: Path) -> None:
    rows = "".join(f"{number},,Kava,,,,,-1\n" for number in range(1500))
    answer = writer(
        "POST", f"{IMPORTS}&errors=all", content=f"{HEADER}\n{rows}".encode(),
        headers={"Accept": "application/jsonl"},
    )  # fmt: skip
    *told, last = [json.loads(line) for line in answer.text.splitlines()]
    errors = [error for line in told for error in line.get("errors", ())]
    assert [error["row"] for error in errors] == list(range(2, 1502))
    assert errors[:1000] == last["problem"]["errors"]
    assert list(uploads.iterdir()) == []


def test_a_file_that_is_to_be_taken_once_is_taken_once(writer: Caller) -> None:
    named = f"{IMPORTS}&file=night.csv"
    where = "/stores/0204/imports/files/night.csv"
    assert writer("GET", where).status_code == 404
    done = writer("POST", named, content=CHEAPER.encode()).json()
    known = writer("GET", where).json()
    assert (known["change_id"], known["refused"]) == (done["change_id"], None)
    assert known["sha256"] == hashlib.sha256(CHEAPER.encode()).hexdigest()
    again = writer("POST", named, content=CHEAPER.encode())
    assert (again.status_code, "taken already" in again.json()["detail"]) == (409, True)
    torn = writer("POST", f"{named}&sha256={'0' * 64}", content=b"sku,name,price\n")
    assert (torn.status_code, "changed while it was sent" in torn.json()["detail"]) == (409, True)


def last_line(writer: Caller, path: str, content: bytes) -> Any:
    answer = writer("POST", path, content=content, headers={"Accept": "application/jsonl"})
    return json.loads(answer.text.splitlines()[-1])


def test_a_problem_is_the_last_line_too(writer: Caller) -> None:
    problem = last_line(writer, IMPORTS, BROKEN.encode())["problem"]
    assert problem["status"] == 422
    assert problem["request_id"]
    assert len(problem["errors"]) == 2
    unknown = last_line(writer, "/stores/9999/imports?format=csv", CHEAPER.encode())["problem"]
    assert unknown["status"] == 404


@pytest.mark.parametrize("content", [b"", b"name,cost\nbread,1\n", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_what_is_no_price_list_is_refused_whole(
    writer: Caller, content: bytes, uploads: Path
) -> None:
    assert writer("POST", IMPORTS, content=content).status_code == 422
    assert writer("GET", "/stores/0204").json()["products"] == 3
    assert list(uploads.iterdir()) == []


def test_a_format_that_does_not_exist_is_refused(writer: Caller) -> None:
    answer = writer("POST", "/stores/0204/imports?format=xml", content=b"<x/>")
    assert answer.status_code == 422
