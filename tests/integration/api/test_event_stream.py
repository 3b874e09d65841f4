"""Events are followed over a real socket, and taken up again where the connection was lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.integration.api.conftest import Running


@contextmanager
def following(running: Running, **headers: str) -> Iterator[Iterator[dict[str, Any]]]:
    headers = {"Authorization": f"Bearer {running.token}", **headers}
    address = f"{running.url}/v1/events/stream"
    with httpx.stream("GET", address, headers=headers, timeout=30) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Request-Id"]
        lines = answer.iter_lines()
        next(lines)
        yield (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def change(running: Running, minor: int) -> None:
    running.services.set_price(store="0204", sku="1030", amount_minor=minor, actor="test")


def test_a_new_follower_sees_what_happens_from_now_on(running: Running) -> None:
    with following(running) as events:
        change(running, 777)
        first = next(events)
    assert first["kind"] == "price.changed"
    assert first["data"]["skus"] == ["1030"]


def test_a_follower_who_was_cut_off_misses_nothing(running: Running) -> None:
    with following(running) as events:
        change(running, 777)
        last = next(events)["id"]
    change(running, 778)
    change(running, 779)
    expected = [event.id for event in running.services.events_after(after=last)]
    with following(running, **{"Last-Event-ID": str(last)}) as events:
        seen = [next(events)["id"] for _ in expected]
    assert seen == expected


def test_a_stream_wants_a_token(running: Running) -> None:
    answer = httpx.get(f"{running.url}/v1/events/stream")
    assert answer.status_code == 401


def test_a_stream_ends_when_the_service_stops(running: Running) -> None:
    with following(running) as events:
        running.stop()
        assert list(events) == []
