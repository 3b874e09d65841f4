"""An import's answer is read line by line; whatever its last line says is what the command says."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import Refused, Unreachable, WrongUsage
from cloud_service.cli.importing import import_file

PROGRESS = {"progress": {"done_bytes": 10, "total_bytes": 20}}
REPORT = {
    "store_id": "0204", "change_id": "chg_1", "revision": 7, "read": 3, "new": 1, "changed": 1,
    "unchanged": 1, "refused": 0, "tiles": 2, "dry_run": False, "errors": [], "notes": ["odd"],
}  # fmt: skip
WRONG_ROW = {"code": "row", "row": 3, "column": "price", "value": "-1", "detail": "is negative"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(b"sku,price\n" * 20_000)
    return path


def sending(file: Path, *lines: dict[str, Any], errors: Path | None = None) -> httpx.Request:
    sent: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": "0204"})
        request.read()
        sent.append(request)
        return httpx.Response(200, text="".join(json.dumps(line) + "\n" for line in lines))

    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://shelf.example")
    parameters = {"format": "csv"}
    import_file(
        Connection(client), file, store="0204", parameters=parameters, errors=errors, as_json=True
    )
    return sent[0]


def test_the_file_is_sent_whole_and_its_length_is_told(file: Path) -> None:
    request = sending(file, PROGRESS, {"report": REPORT})
    assert request.content == file.read_bytes()
    assert request.headers["Content-Length"] == str(file.stat().st_size)
    assert "Transfer-Encoding" not in request.headers


def test_the_report_is_the_json_on_stdout(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sending(file, PROGRESS, {"report": REPORT})
    captured = capsys.readouterr()
    assert json.loads(captured.out) == REPORT
    assert captured.err == ""


def test_rows_in_error_fail_the_command_even_where_others_were_taken(file: Path) -> None:
    report = {**REPORT, "refused": 1, "errors": [WRONG_ROW]}
    with pytest.raises(Refused, match="1 of 3 rows") as refused:
        sending(file, {"report": report})
    assert refused.value.details == ("row 3, price: is negative",)


def test_a_refused_list_writes_its_errors_to_the_file_asked_for(file: Path, tmp_path: Path) -> None:
    report = {name: value for name, value in REPORT.items() if name != "errors"}
    problem = {"detail": "nothing was taken", "errors": [WRONG_ROW], "report": report}
    with pytest.raises(Refused, match="nothing was taken"):
        sending(file, {"problem": problem}, errors=tmp_path / "errors.csv")
    written = (tmp_path / "errors.csv").read_text()
    assert written == "row,column,value,reason\n3,price,-1,is negative\n"


def test_a_problem_without_a_report_says_what_is_wrong(file: Path) -> None:
    problem = {"detail": "columns are missing", "errors": [{"detail": "price is missing"}]}
    with pytest.raises(Refused, match="columns are missing") as refused:
        sending(file, {"problem": problem})
    assert refused.value.details == ("price is missing",)


def test_an_answer_that_breaks_off_is_no_success(file: Path) -> None:
    with pytest.raises(Unreachable, match="before it said how"):
        sending(file, PROGRESS)


def test_errors_that_cannot_be_written_are_told(file: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="cannot be written"):
        sending(file, {"report": REPORT}, errors=tmp_path / "none" / "errors.csv")


def test_errors_never_overwrite_the_price_list(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongUsage, match="would overwrite"):
        sending(file, {"report": REPORT}, errors=file)
    assert file.read_bytes() == before


def test_nothing_is_sent_where_its_errors_could_not_be_written(file: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="nothing was sent"):
        sending(file, errors=tmp_path)


def test_an_import_ended_by_its_user_says_what_is_not_known(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": "0204"})
        raise KeyboardInterrupt

    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://shelf.example")
    with pytest.raises(KeyboardInterrupt):
        import_file(
            Connection(client), file, store="0204", parameters={}, errors=None, as_json=True
        )
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "whole or not at all; sending it again does no harm" in captured.err
