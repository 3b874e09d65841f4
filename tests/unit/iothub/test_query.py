"""The query language: reading it, its three-valued logic, and paging."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.errors import BadRequestError, HubError
from simulators.iothub.core.hub import Hub
from simulators.iothub.core.query.paging import Page, run_query
from simulators.iothub.core.query.parser import parse_query
from simulators.iothub.core.twin import TwinPatch
from tests.unit.iothub.hubs import NOON, ToldHub, a_device

SEPARATOR = "|"
IDS = "SELECT deviceId FROM devices"


@pytest.fixture
def hub() -> Hub:
    """Three shelves: two in store 0204, one of them connected and reporting."""
    hub = ToldHub()
    for number, store in ((1, "0204"), (2, "0204"), (3, "1601")):
        a_device(hub, f"shelf-{number}")
        tags = {"store": store, "bay": number, "b01-s2": {"on": number == 1}}
        hub.patch_twin(f"shelf-{number}", TwinPatch(tags=tags), "*", NOON)
    hub.connected("shelf-2", NOON + 5, clean=False)
    hub.patch_twin("shelf-2", TwinPatch(desired={"seal": {"rev": 7}}), "*", NOON + 10)
    hub.report("shelf-2", {"seal": {"rev": 7}, "why": None, "note": "ok"}, NOON + 20)
    return hub


def found(hub: Hub, condition: str) -> str:
    page = run_query(hub, f"{IDS} WHERE {condition}", None, None)
    return "".join(json.loads(item)["deviceId"][-1] for item in page.items)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("tags.store = '0204'", "12"),
        ("tags.store != '0204'", "3"),
        ('tags.store <> "0204"', "3"),
        ("tags.bay >= 2", "23"),
        ("tags.bay > 1 AND tags.bay < 3", "2"),
        ("tags.bay = 1 OR tags.bay = 3", "13"),
        ("tags.bay = 1 or tags.bay = 2 and tags.store = '1601'", "1"),
        ("(tags.bay = 1 OR tags.bay = 2) AND tags.store = '0204'", "12"),
        ("NOT tags.bay = 1", "23"),
        ("NOT NOT tags.bay = 1", "1"),
        ("tags.bay IN [1, 3, 'x']", "13"),
        ("tags.bay NIN [1, 3]", "2"),
        ("tags.bay = '1'", ""),
        ("tags.bay < 'a'", ""),
        ("2 <= tags.bay", "23"),
        ("tags.[[b01-s2]].on = true", "1"),
        ("deviceId = 'shelf-3'", "3"),
        ("startswith(deviceId, 'shelf-')", "123"),
        ("endswith(tags.store, '1')", "3"),
        ("contains(tags.store, '20')", "12"),
        ("is_defined(properties.reported.seal)", "2"),
        ("NOT is_defined(properties.reported.seal)", "13"),
        ("is_string(tags.store) AND is_number(tags.bay) AND is_bool(tags.[[b01-s2]].on)", "123"),
        ("is_object(properties.reported.seal)", "2"),
        ("properties.reported.seal.rev = properties.desired.seal.rev", "2"),
        ("properties.reported.absent = 1", ""),
        ("NOT properties.reported.absent = 1", ""),
        ("properties.reported.absent = 1 OR tags.bay = 1", "1"),
        ("properties.reported.absent = 1 AND tags.bay = 1", ""),
        ("NOT (properties.reported.absent = 1 AND tags.bay = 1)", "23"),
        ("statusReason = null", "123"),
        ("is_null(statusReason)", "123"),
        ("connectionState = 'Connected'", "2"),
        ("status = 'enabled' AND capabilities.iotEdge = false", "123"),
        ("properties.desired.$version > 1", "2"),
        ("properties.reported.$metadata.$lastUpdated > '2026-11-23T12:00:15Z'", "2"),
        ("properties.reported.$metadata.$lastUpdated >= '2026-11-23T12:00:20.000Z'", "2"),
        ("properties.reported.$metadata.$lastUpdated <= '2026-11-23T12:00:00'", "13"),
        ("properties.reported.$metadata.seal.rev.$lastUpdated > '2026-11-23T12:00:15Z'", "2"),
        ("properties.desired.$metadata.seal.$lastUpdatedVersion = 2", "2"),
        ("lastActivityTime < '2000-01-01'", "13"),
        ("lastActivityTime > 'yesterday'", ""),
    ],
)
def test_a_condition_finds(hub: Hub, condition: str, expected: str) -> None:
    assert found(hub, condition) == expected


def test_without_columns_whole_twins_are_given(hub: Hub) -> None:
    page = run_query(hub, "select * from devices where deviceId = 'shelf-2';", None, None)
    twin = json.loads(page.items[0])
    assert page.kind == "Twin"
    assert twin["properties"]["reported"]["$version"] == 2
    assert twin["properties"]["desired"]["$metadata"]["seal"]["rev"]["$lastUpdatedVersion"] == 2
    assert (twin["connectionState"], twin["tags"]["bay"]) == ("Connected", 2)


def test_columns_are_named_and_what_is_missing_is_left_out(hub: Hub) -> None:
    query = "SELECT deviceId AS id, properties.reported.seal.rev, lastActivityTime FROM devices"
    items = [json.loads(item) for item in run_query(hub, query, None, None).items]
    assert items[0] == {"id": "shelf-1", "lastActivityTime": "0001-01-01T00:00:00Z"}
    assert items[1]["rev"] == 7


def test_devices_are_counted(hub: Hub) -> None:
    query = "SELECT COUNT() AS shelves FROM devices WHERE tags.store = '0204'"
    page = run_query(hub, query, None, None)
    assert (page.items, page.kind) == ((b'{"shelves":2}',), "Raw")


def walk(hub: Hub, query: str, size: int) -> list[Page]:
    pages, token = [], None
    while True:
        pages.append(run_query(hub, query, size, token))
        if (token := pages[-1].continuation) is None:
            return pages


@given(st.integers(1, 7), st.integers(0, 12))
def test_pages_together_are_the_whole_answer(size: int, count: int) -> None:
    hub = ToldHub()
    for number in range(count):
        a_device(hub, f"d{number:02}")
    pages = walk(hub, "SELECT deviceId FROM devices", size)
    found = [json.loads(item)["deviceId"] for page in pages for item in page.items]
    assert found == [f"d{number:02}" for number in range(count)]
    assert all(len(page.items) == size for page in pages[:-1])


def test_top_holds_over_all_pages(hub: Hub) -> None:
    pages = walk(hub, "SELECT TOP 3 deviceId FROM devices", 2)
    assert [len(page.items) for page in pages] == [2, 1]


def test_a_device_that_is_deleted_between_pages_repeats_and_skips_nobody(hub: Hub) -> None:
    query = "SELECT deviceId FROM devices"
    first = run_query(hub, query, 1, None)
    hub.delete("shelf-1", "*")
    rest = run_query(hub, query, 9, first.continuation)
    assert [json.loads(item)["deviceId"] for item in rest.items] == ["shelf-2", "shelf-3"]


@pytest.mark.parametrize("token", ["x", "!!", "WzEsMl0=", "bnVsbA==", "e30="])
def test_a_token_of_elsewhere_is_refused(hub: Hub, token: str) -> None:
    with pytest.raises(BadRequestError):
        run_query(hub, "SELECT * FROM devices", None, token)


def test_a_token_of_another_query_is_refused(hub: Hub) -> None:
    token = run_query(hub, "SELECT * FROM devices", 1, None).continuation
    with pytest.raises(BadRequestError, match="another query"):
        run_query(hub, "SELECT deviceId FROM devices", 1, token)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "DELETE FROM devices",
        "SELECT",
        "SELECT * FROM",
        "SELECT * FROM shelves",
        "SELECT * FROM devices WHERE",
        "SELECT * FROM devices WHERE tags.a",
        "SELECT * FROM devices WHERE tags.a =",
        "SELECT * FROM devices WHERE tags.a = 1 2",
        "SELECT * FROM devices WHERE tags.a IN [tags.b]",
        "SELECT * FROM devices WHERE tags.a IN []",
        "SELECT * FROM devices WHERE (tags.a = 1",
        "SELECT * FROM devices WHERE is_defined(a, b)",
        "SELECT * FROM devices WHERE a = 'open",
        "SELECT TOP x * FROM devices",
        "SELECT * FROM devices ORDER BY deviceId",
        "SELECT * FROM devices.twins",
        "SELECT deviceId FROM devices.jobs",
        "SELECT * FROM devices GROUP BY tags.store",
        "SELECT deviceId, COUNT() AS n FROM devices",
        "SELECT tags.bay, COUNT() AS n FROM devices GROUP BY tags.store",
        "SELECT AVG() FROM devices",
        "SELECT COUNT(tags.bay) FROM devices",
        "SELECT * FROM devices WHERE " + "(" * 500,
        "SELECT * FROM devices WHERE a = 1 " + "OR a = 1 " * 5000,
    ],
)
def test_a_query_that_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(BadRequestError):
        parse_query(query)


words = st.sampled_from(
    "SELECT|*|FROM|devices|WHERE|tags|.|a|=|1|'x'|AND|OR|NOT|(|)|[|]|[[q]]|IN|,|COUNT|TOP|AS|"
    "GROUP|BY|AVG|MIN|modules|jobs|is_defined|startswith|<|>=|null|true|$version|-2.5|'|\"".split(
        SEPARATOR
    )
)


@given(st.lists(words, max_size=14).map(" ".join) | st.text(max_size=40))
def test_any_text_is_either_a_query_or_refused(text: str) -> None:
    for query in (text, f"{IDS} WHERE {text}"):
        try:
            run_query(ToldHub(), query, None, None)
        except HubError:
            continue


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_can_be_asked_for(text: str) -> None:
    hub = ToldHub()
    a_device(hub)
    hub.patch_twin("shelf-1", TwinPatch(tags={"name": text}), "*", NOON)
    quoted: Any = text.replace("\\", "\\\\").replace("'", "''")
    assert found(hub, f"tags.name = '{quoted}'") == "1"
