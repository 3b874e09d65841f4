"""`status --watch` tells each new state once, for scripts as lines of JSON."""

import json
from typing import Any

import httpx
import pytest

from cloud_service.cli import status
from tests.unit.cli.conftest import Run


def counts(shown: int, pending: int) -> dict[str, Any]:
    tiles = {"shown": shown, "pending": pending, "failed": 0}
    return {"devices": {"connected": 1, "total": 1}, "tiles": tiles, "attention": []}


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that goes from two pending tiles to none and then stops to answer."""
    left = [counts(0, 2), counts(0, 2), counts(1, 1), counts(2, 0), counts(2, 0)]

    def handler(request: httpx.Request) -> httpx.Response:
        if not left:
            raise httpx.ConnectError("gone", request=request)
        return httpx.Response(200, json=left.pop(0))

    inner = httpx.Client

    def client(**settings: Any) -> httpx.Client:
        return inner(transport=httpx.MockTransport(handler), **settings)

    monkeypatch.setattr(httpx, "Client", client)
    monkeypatch.setattr(status, "WATCH_S", 0.0)
    monkeypatch.setenv("EDGE_SHELF_URL", "http://shelf.example")
    monkeypatch.setenv("EDGE_SHELF_TOKEN", "es_test")


def test_a_watch_writes_a_line_whenever_something_changed(run: Run) -> None:
    ran = run("status", "--watch", "--json")
    shown = [json.loads(line)["tiles"]["shown"] for line in ran.out.splitlines()]
    assert shown == [0, 1, 2]


def test_a_watch_ends_with_the_truth_when_the_service_is_gone(run: Run) -> None:
    ran = run("status", "--watch")
    assert ran.code == 2
    assert "cannot be reached" in ran.err
    assert ran.out.count("tiles ") == 3
