"""What happened can be paged through, and followed without missing anything."""

from contextlib import aclosing

from cloud_service.api.events import follow
from cloud_service.services import Services
from tests.unit.api.conftest import Caller, price


def change(caller: Caller, minor: int) -> None:
    caller("PUT", "/stores/0204/prices/4711", json={"price": price(minor)})


def test_a_price_change_is_an_event(writer: Caller) -> None:
    before = writer("GET", "/events?limit=500").json()["data"][-1]["id"]
    change(writer, 199)
    events = writer("GET", f"/events?after={before}").json()["data"]
    (changed,) = (event for event in events if event["kind"] == "price.changed")
    assert changed["data"]["store"] == "0204"
    assert changed["at"] == "2027-01-15T08:00:00Z"


def test_events_are_paged_without_a_gap(writer: Caller) -> None:
    for minor in (199, 198, 197):
        change(writer, minor)
    whole = [event["id"] for event in writer("GET", "/events?limit=500").json()["data"]]
    paged: list[int] = []
    page = writer("GET", "/events?limit=2").json()
    while page["data"]:
        paged += [event["id"] for event in page["data"]]
        page = writer("GET", f"/events?limit=2&after={paged[-1]}").json()
    assert paged == whole == sorted(whole)


async def test_a_follower_sees_what_was_and_what_comes(writer: Caller, services: Services) -> None:
    start = services.last_event_id()
    change(writer, 199)
    async with aclosing(follow(services, start, lambda: True)) as events:
        first = await anext(events)
        assert (first.kind, first.id) == ("price.changed", start + 1)
        change(writer, 198)
        kinds = [(await anext(events)).kind for _ in range(2)]
    assert "price.changed" in kinds


async def test_a_follower_whose_token_ended_sees_no_more(
    writer: Caller, services: Services
) -> None:
    change(writer, 199)
    seen = [event async for event in follow(services, 0, lambda: False)]
    assert seen == []
