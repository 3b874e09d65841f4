"""A price list comes in as a body or as a form, whole, and leaves nothing behind on the disk."""

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
