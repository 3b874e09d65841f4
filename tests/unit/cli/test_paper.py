"""`tiles paper` writes whole sheets or none, says what is missing, and until when they are true."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.unit.cli.conftest import Run

TAGS = {"format": "a4", "pages": 1, "holds_until": "2026-12-01T05:00:00Z", "tags": [{}, {}, {}]}
PAPER = ("tiles", "paper", "0204", "--output")


class Service:
    """Answers with tags and sheets, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[httpx.URL] = []
        self.left_out = 0
        self.breaks = False
        self.media_type = "application/pdf"

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if not request.url.path.endswith(".pdf"):
            return httpx.Response(200, json=TAGS)
        headers = {"Content-Type": self.media_type, "Tags-Left-Out": str(self.left_out)}
        return httpx.Response(200, content=self._sheets(request), headers=headers)

    def _sheets(self, request: httpx.Request) -> Iterator[bytes]:
        yield b"%PDF-"
        if self.breaks:
            raise httpx.ReadError("cut off", request=request)
        yield b"1.4"


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service, inner = Service(), httpx.Client

    def client(**settings: Any) -> httpx.Client:
        return inner(transport=httpx.MockTransport(service), **settings)

    monkeypatch.setattr(httpx, "Client", client)
    monkeypatch.setenv("EDGE_SHELF_URL", "http://shelf.example")
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_test")
    return service


def test_the_sheets_are_written_and_their_end_is_told(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "tags.pdf"
    ran = run(*PAPER, str(file))
    assert (ran.code, ran.err) == (0, "")
    assert file.read_bytes() == b"%PDF-1.4"
    assert "3 tags on a4 paper; print in actual size" in ran.out
    assert "no longer true at 2026-12-01T05:00:00Z" in ran.out


def test_the_same_tiles_are_asked_for_twice(run: Run, tmp_path: Path, service: Service) -> None:
    run(*PAPER, str(tmp_path / "tags.pdf"), "--bay", "1", "--bay", "2", "--state", "failed",
        "--position", "b01-s1-p01", "--format", "letter", "--on-error", "continue")  # fmt: skip
    told, sheets = (url.params.multi_items() for url in service.asked)
    meant = [
        ("bay", "1"), ("bay", "2"), ("position", "b01-s1-p01"), ("state", "failed"),
        ("format", "letter"),
    ]  # fmt: skip
    assert told == meant
    assert sheets == [*meant, ("on_error", "continue")]


def test_tags_that_are_missing_are_counted_and_make_the_command_fail(
    run: Run, tmp_path: Path, service: Service
) -> None:
    service.left_out = 1
    file = tmp_path / "tags.pdf"
    ran = run(*PAPER, str(file), "--on-error", "continue")
    assert ran.code == 1
    assert "2 tags on a4 paper" in ran.out
    assert "1 tag could not be drawn" in ran.err
    assert file.exists()


def test_what_was_printed_before_stays_where_the_service_breaks_off(
    run: Run, tmp_path: Path, service: Service
) -> None:
    service.breaks = True
    file = tmp_path / "tags.pdf"
    file.write_text("older")
    ran = run(*PAPER, str(file))
    assert ran.code == 2
    assert "cannot be reached" in ran.err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["older"]


def test_an_answer_that_is_no_pdf_is_not_written(
    run: Run, tmp_path: Path, service: Service
) -> None:
    service.media_type = "text/html"
    ran = run(*PAPER, str(tmp_path / "tags.pdf"))
    assert ran.code == 2
    assert "it sent no PDF" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", [".", "nowhere/tags.pdf"])
def test_a_place_that_takes_no_file_is_told_before_anything_is_drawn(
    run: Run, tmp_path: Path, service: Service, place: str
) -> None:
    ran = run(*PAPER, str(tmp_path / place))
    assert ran.code == 2
    assert "cannot be written; nothing was printed" in ran.err
    assert not service.asked
