"""An import's answer is read line by line; whatever its last line says is what the command says."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import Refused, Unreachable, WrongUsage
from cloud_service.cli.importing import import_file
from cloud_service.cli.sending import PriceList

PROGRESS = {"progress": {"done_bytes": 10, "total_bytes": 20}}
REPORT = {
    "store_id": "0204", "change_id": "chg_1", "revision": 7, "read": 3, "new": 1, "changed": 1,
    "unchanged": 1, "refused": 0, "tiles": 2, "dry_run": False, "errors": [], "notes": ["odd"],
    "unfit": 0, "unfit_tiles": [],
    "read_as": "CSV with commas, UTF-8", "state": "published", "findings": [],
}  # fmt: skip
WRONG_ROW = {"code": "row", "row": 3, "column": "price", "value": "-1", "detail": "is negative"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(b"sku,price\n" * 20_000)
    return path


def sending(
    file: Path, *lines: dict[str, Any], errors: Path | None = None, profile: Path | None = None
) -> httpx.Request:
    sent: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"id": "0204"})
        request.read()
        sent.append(request)
        return httpx.Response(200, text="".join(json.dumps(line) + "\n" for line in lines))

    client = httpx.Client(transport=httpx.MockTransport(handler), base_url="http://shelf.example")
    import_file(
        Connection(client),
        PriceList(file, "0204", {"on_error": "stop"}, profile),
        errors=errors,
        as_json=True,
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


UNFIT = {
    "store_id": "0204", "position": "b01-s1-p01", "panel": "epd-2.9-bw", "sku": "4711",
    "template": "price/standard", "since": None,
    "findings": [{"level": "error", "code": "missing-glyph", "detail": "font bold has no X",
                  "node": 'text "name"', "line": 65, "source": "base/small", "citation": None}],
}  # fmt: skip


def test_tiles_that_cannot_hang_fail_the_command_though_the_list_was_taken(file: Path) -> None:
    with pytest.raises(Refused, match="2 tiles are unfit to hang") as refused:
        sending(file, {"report": {**REPORT, "unfit": 2, "unfit_tiles": [UNFIT]}})
    assert refused.value.exit_code == 1
    first, rest = refused.value.details
    assert first.startswith("b01-s1-p01 in 0204, 4711: template price/standard, line 65 of base/")
    assert first.endswith('text "name": font bold has no X')
    assert rest == "... and 1 more"


def test_rows_in_error_and_tiles_that_cannot_hang_are_told_together(file: Path) -> None:
    report = {**REPORT, "refused": 1, "errors": [WRONG_ROW], "unfit": 1, "unfit_tiles": [UNFIT]}
    with pytest.raises(Refused, match="1 of 3 rows") as refused:
        sending(file, {"report": report})
    assert len(refused.value.details) == 2


def test_a_profile_is_sent_beside_the_file_in_a_form_whose_length_is_told(
    file: Path, tmp_path: Path
) -> None:
    profile = tmp_path / "till.toml"
    profile.write_text("[columns]\n")
    request = sending(file, {"report": REPORT}, profile=profile)
    assert request.headers["Content-Type"].startswith("multipart/form-data")
    assert int(request.headers["Content-Length"]) == len(request.content)
    assert file.read_bytes() in request.content
    assert b'name="profile"; filename="till.toml"' in request.content


def test_a_refused_list_writes_all_its_errors_to_the_file_asked_for(
    file: Path, tmp_path: Path
) -> None:
    report = {name: value for name, value in REPORT.items() if name != "errors"}
    problem = {"detail": "nothing was taken", "errors": [WRONG_ROW], "report": report}
    told = [{"errors": [WRONG_ROW] * 500}, {"errors": [WRONG_ROW]}]
    with pytest.raises(Refused, match="nothing was taken"):
        sending(file, PROGRESS, *told, {"problem": problem}, errors=tmp_path / "errors.csv")
    with (tmp_path / "errors.csv").open(newline="") as written:
        header, *rows = list(csv.reader(written))
    assert header == ["row", "column", "value", "reason"]
    assert rows == [["3", "price", "-1", "is negative"]] * 501


def test_errors_are_asked_for_whole_only_where_they_are_written(file: Path, tmp_path: Path) -> None:
    assert "errors" not in sending(file, {"report": REPORT}).url.params
    request = sending(file, {"report": REPORT}, errors=tmp_path / "errors.csv")
    assert request.url.params["errors"] == "all"


def test_an_answer_that_breaks_off_leaves_the_errors_of_before(file: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    errors.write_text("of yesterday")
    with pytest.raises(Unreachable):
        sending(file, {"errors": [WRONG_ROW]}, errors=errors)
    assert errors.read_text() == "of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["errors.csv", "list.csv"]


def test_a_pipe_for_the_errors_is_written_to_and_stays_a_pipe(file: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "errors"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        sending(file, {"errors": [WRONG_ROW]}, {"report": REPORT}, errors=pipe)
        assert os.read(reader, 1000).decode().splitlines()[1] == "3,price,-1,is negative"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


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
        import_file(Connection(client), PriceList(file, "0204", {}), errors=None, as_json=True)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "whole or not at all; sending it again does no harm" in captured.err
