"""Queries that count and sum up, and queries over modules and jobs."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.hub import Hub
from simulators.iothub.core.query.paging import run_query
from simulators.iothub.core.twin import TwinPatch
from tests.unit.iothub.hubs import NOON, ToldHub, a_device, a_module


def add(hub: Hub, device_id: str, **tags: Any) -> None:
    a_device(hub, device_id)
    hub.patch_twin(device_id, TwinPatch(tags=tags), "*", NOON)


def rows(hub: Hub, query: str, size: int | None = None) -> list[dict[str, Any]]:
    found, token = [], None
    while True:
        page = run_query(hub, query, size, token)
        assert size is None or len(page.items) <= size
        found += [json.loads(item) for item in page.items]
        if (token := page.continuation) is None:
            return found


@pytest.fixture
def hub() -> Hub:
    """Three shelves of two stores, and one of none."""
    hub = ToldHub()
    add(hub, "shelf-1", store="0204", price=119, name="b")
    add(hub, "shelf-2", store="0204", price=80.5, name="a")
    add(hub, "shelf-3", store="1601", price="dear")
    add(hub, "shelf-4", spare=True)
    return hub


def test_devices_are_counted_in_groups(hub: Hub) -> None:
    query = "SELECT tags.store AS store, COUNT() AS n FROM devices GROUP BY tags.store"
    assert rows(hub, query) == [{"n": 1}, {"store": "0204", "n": 2}, {"store": "1601", "n": 1}]
    assert run_query(hub, query, None, None).kind == "Raw"


def test_a_condition_comes_before_the_groups(hub: Hub) -> None:
    query = (
        "SELECT COUNT() AS n, tags.store FROM devices WHERE tags.price > 100 GROUP BY tags.store"
    )
    assert rows(hub, query) == [{"n": 1, "store": "0204"}]


def test_only_numbers_are_summed_up(hub: Hub) -> None:
    query = (
        "SELECT SUM(tags.price) AS sum, AVG(tags.price) AS avg, MIN(tags.price) AS least, "
        "MAX(tags.price) AS most, COUNT() AS n FROM devices"
    )
    assert rows(hub, query) == [{"sum": 199.5, "avg": 99.75, "least": 80.5, "most": 119, "n": 4}]


def test_texts_have_a_least_and_a_greatest(hub: Hub) -> None:
    assert rows(hub, "SELECT MIN(tags.name), MAX(tags.name) FROM devices") == [
        {"$1": "a", "$2": "b"}
    ]


def test_of_nothing_there_is_a_count_and_a_sum_only(hub: Hub) -> None:
    query = (
        "SELECT COUNT() AS n, SUM(tags.x) AS sum, AVG(tags.x) AS avg, MIN(tags.x) AS least "
        "FROM devices WHERE deviceId = 'absent'"
    )
    assert rows(hub, query) == [{"n": 0, "sum": 0}]


def test_without_devices_there_are_no_groups() -> None:
    query = "SELECT tags.store, COUNT() AS n FROM devices GROUP BY tags.store"
    assert rows(ToldHub(), query) == []


def test_properties_named_like_aggregates_are_properties(hub: Hub) -> None:
    hub.patch_twin("shelf-1", TwinPatch(tags={"min": 7}), "*", NOON)
    query = "SELECT tags.min FROM devices WHERE deviceId = 'shelf-1'"
    assert rows(hub, query) == [{"min": 7}]


@given(
    st.lists(st.sampled_from(["a", "b", "c", 1, 2.5, True, None]), max_size=12),
    st.integers(1, 4),
    st.none() | st.integers(1, 5),
)
def test_groups_come_in_pages_that_together_are_all_of_them(
    stores: list[Any], size: int, top: int | None
) -> None:
    hub = ToldHub()
    for number, store in enumerate(stores):
        add(hub, f"d{number}", store=store)
    query = "SELECT tags.store, COUNT() AS n FROM devices GROUP BY tags.store"
    if top is not None:
        query = query.replace("SELECT", f"SELECT TOP {top}")
    found = [(json.dumps(row.get("store")), row["n"]) for row in rows(hub, query, size)]
    expected = Counter(json.dumps(store) for store in stores)
    assert len(found) == min(len(expected), top or len(expected))
    assert set(found) <= set(expected.items())
    assert len({store for store, _ in found}) == len(found)


def test_modules_are_asked_for_by_themselves(hub: Hub) -> None:
    for device_id, module_id in (("shelf-2", "scale"), ("shelf-1", "camera"), ("shelf-1", "led")):
        a_module(hub, device_id, module_id)
    query = "SELECT * FROM devices.modules WHERE moduleId != 'led'"
    assert [(each["deviceId"], each["moduleId"]) for each in rows(hub, query, 1)] == [
        ("shelf-1", "camera"),
        ("shelf-2", "scale"),
    ]
    assert run_query(hub, query, None, None).kind == "Twin"
    assert rows(hub, "SELECT COUNT() AS n FROM devices.modules") == [{"n": 3}]
    assert rows(hub, "SELECT COUNT() AS n FROM devices WHERE is_defined(moduleId)") == [{"n": 0}]


def test_there_are_no_jobs(hub: Hub) -> None:
    page = run_query(hub, "SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'x'", None, None)
    assert (page.items, page.kind, page.continuation) == ((), "DeviceJob", None)
