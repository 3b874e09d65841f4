"""Waiting ends when the shelves show it, or names the tiles that do not."""

import json
from typing import Any

import httpx
import pytest

from cloud_service.cli import waiting
from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import NotInTime, Unreachable
from cloud_service.cli.waiting import Waited, published, wait_until_shown


def standing(shown: int, *lagging: str, pending: int | None = None) -> dict[str, Any]:
    tiles = [
        {"sku": "1", "position": position, "device_id": "device-1", "state": "pending",
         "why": "the device is offline"}
        for position in lagging
    ]  # fmt: skip
    waiting = len(tiles) if pending is None else pending
    counts = {"shown": shown, "pending": waiting, "failed": 0}
    return {"tiles": counts, "lagging": tiles}


def answering(*answers: dict[str, Any]) -> Connection:
    """Answer with each standing in turn, and with the last one from then on."""
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        assert json.loads(request.content) == {"skus": ["1", "2"]}
        return httpx.Response(200, json=left.pop(0) if len(left) > 1 else left[0])

    return Connection(
        httpx.Client(transport=httpx.MockTransport(handler), base_url="http://shelf.example")
    )


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_S", 0.0)


def test_a_wait_ends_when_the_last_tile_shows_its_price() -> None:
    both, one = standing(0, "b01-s1-p01", "b01-s1-p02"), standing(1, "b01-s1-p02")
    waited = wait_until_shown(answering(both, one, standing(2)), "0204", {"2", "1"}, 60)
    assert waited.json()["shown"] is True
    assert waited.json()["tiles"] == {"shown": 2, "pending": 0, "failed": 0}
    waited.check()


def test_a_wait_that_runs_out_names_the_tiles_and_why() -> None:
    waited = wait_until_shown(answering(standing(1, "b01-s1-p01")), "0204", {"1", "2"}, 0)
    assert waited.json()["shown"] is False
    with pytest.raises(NotInTime, match="1 tile lags") as late:
        waited.check()
    assert late.value.details == ("b01-s1-p01 (device-1) pending: the device is offline",)


def test_a_tile_that_failed_lags_too() -> None:
    failed = {"tiles": {"shown": 1, "pending": 0, "failed": 1}, "lagging": []}
    with pytest.raises(NotInTime):
        Waited(1.0, failed).check()


def test_many_lagging_tiles_are_counted_but_not_all_printed() -> None:
    waited = Waited(60.0, standing(0, *["b01-s1-p01"] * 50, pending=960))
    with pytest.raises(NotInTime, match="960 tiles lag") as late:
        waited.check()
    assert late.value.details[-1] == "... and 940 more"
    assert len(late.value.details) == 21


@pytest.mark.parametrize("end", [KeyboardInterrupt(), Unreachable("the service is gone")])
def test_a_wait_that_breaks_off_says_that_the_price_is_published(
    end: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(type(end)), published("chg_1"):
        raise end
    assert "change chg_1 is published, only the waiting has ended" in capsys.readouterr().err


def test_a_price_that_no_tile_shows_is_not_said_to_be_shown() -> None:
    assert Waited(0.0, standing(0)).told() == "no tile hangs there for it"
    assert Waited(1.25, standing(2)).told() == "shown after 1.2 s"
    assert Waited(1.25, standing(1, "b01-s1-p01")).told() is None
