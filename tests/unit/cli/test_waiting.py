"""Waiting ends when the shelves show it, or names the tiles that do not."""

from typing import Any

import httpx
import pytest

from cloud_service.cli import waiting
from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import NotInTime
from cloud_service.cli.waiting import Waited, wait_until_shown


def tile(sku: str, position: str = "b01-s1-p01") -> dict[str, Any]:
    return {
        "sku": sku, "position": position, "device_id": "device-1", "state": "pending",
        "why": "the device is offline",
    }  # fmt: skip


def answering(*answers: list[dict[str, Any]]) -> Connection:
    """Answer with each list of lagging tiles in turn, and with the last one from then on."""
    left = list(answers)

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.params.get_list("state") == ["pending", "failed"]
        data = left.pop(0) if len(left) > 1 else left[0]
        return httpx.Response(200, json={"data": data, "has_more": False, "next": None})

    return Connection(
        httpx.Client(transport=httpx.MockTransport(handler), base_url="http://shelf.example")
    )


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "POLL_S", 0.0)


def test_a_wait_ends_when_the_last_tile_shows_its_price() -> None:
    both = [tile("1"), tile("2", "b01-s1-p02")]
    waited = wait_until_shown(answering(both, both[:1], []), "0204", {"1", "2"}, 60)
    assert waited.done
    assert waited.json()["shown"] is True
    waited.check()


def test_tiles_of_other_products_are_not_waited_for() -> None:
    assert wait_until_shown(answering([tile("3")]), "0204", {"1", "2"}, 60).done


def test_a_wait_that_runs_out_names_the_tiles_and_why() -> None:
    waited = wait_until_shown(answering([tile("1")]), "0204", {"1"}, 0)
    with pytest.raises(NotInTime, match="1 tile lags") as late:
        waited.check()
    assert late.value.details == ("b01-s1-p01 (device-1) pending: the device is offline",)


def test_many_lagging_tiles_are_counted_but_not_all_printed() -> None:
    waited = Waited(60.0, tuple(tile("1") for _ in range(960)))
    with pytest.raises(NotInTime, match="960 tiles lag") as late:
        waited.check()
    assert late.value.details[-1] == "... and 940 more"
