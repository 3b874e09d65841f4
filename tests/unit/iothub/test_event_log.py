"""Events in their partitions: numbers, offsets, positions, and how long they are kept."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.event_log import (
    EARLIEST,
    LATEST,
    EventLog,
    EventSettings,
    Mark,
    Position,
    RoutedEvent,
    StoredEvent,
)
from simulators.iothub.protocol.amqp.values import Described, Symbol
from simulators.iothub.protocol.selectors import FILTER, parse_filters
from tests.unit.iothub.hubs import NOON


def an_event(device_id: str = "shelf-1", at: float = NOON, body: bytes = b"21") -> RoutedEvent:
    return RoutedEvent("Telemetry", device_id, at, body)


class ToldLog(EventLog):
    """Remembers what it told."""

    def __init__(self, **settings: float) -> None:
        self.told: list[StoredEvent | Mark] = []
        super().__init__(self.told.append, EventSettings(**settings))  # type: ignore[arg-type]


def a_partition_of(count: int) -> tuple[ToldLog, int]:
    """Give a log with so many events of one device, a second apart, and their partition."""
    log = ToldLog()
    for number in range(count):
        log.append(an_event(at=NOON + number))
    return log, log.partition_of("shelf-1")


@given(st.lists(st.sampled_from(["a", "b", "c", "shelf-1", "shelf-2"]), max_size=30))
def test_a_devices_events_stay_in_order_without_gaps(devices: list[str]) -> None:
    log = ToldLog()
    for device_id in devices:
        log.append(an_event(device_id))
    assert [each for each in log.told if isinstance(each, StoredEvent)] == log.told
    for number, partition in enumerate(log.partitions):
        stored = list(partition.events())
        assert [each.sequence for each in stored] == list(range(len(stored)))
        assert all(one.offset < other.offset for one, other in pairwise(stored))
        assert all(log.partition_of(each.event.device_id) == number for each in stored)


@pytest.mark.parametrize(
    ("selector", "first"),
    [
        ("amqp.annotation.x-opt-offset > '-1'", 0),
        ("amqp.annotation.x-opt-offset > '@latest'", 5),
        ("amqp.annotation.x-opt-offset > '0'", 1),
        ("amqp.annotation.x-opt-offset >= '0'", 0),
        ("amqp.annotation.x-opt-sequence-number > '2'", 3),
        ("amqp.annotation.x-opt-sequence-number >= '2'", 2),
        ("amqp.annotation.x-opt-sequence-number > '99'", 5),
        (f"amqp.annotation.x-opt-enqueued-time > '{int(NOON + 2) * 1000}'", 3),
        (f"amqp.annotation.x-opt-enqueued-time >= '{int(NOON + 2) * 1000}'", 2),
        (f"amqp.annotation.x-opt-enqueued-time > '{int(NOON + 2) * 1000 - 1}'", 2),
        ("amqp.annotation.x-opt-enqueued-time > '0'", 0),
    ],
)
def test_a_reader_begins_where_its_filter_says(selector: str, first: int) -> None:
    log, number = a_partition_of(5)
    position = parse_filters({Symbol(FILTER): Described(Symbol(FILTER), selector)})
    assert log.partitions[number].start(position) == first


def test_without_a_filter_a_reader_begins_with_the_oldest_event() -> None:
    assert parse_filters(None) == parse_filters({}) == EARLIEST
    assert parse_filters({FILTER: b"amqp.annotation.x-opt-offset > '@latest'"}) == LATEST


@pytest.mark.parametrize(
    "selector",
    ["", "price > 3", "amqp.annotation.x-opt-offset > 'x'", "amqp.annotation.x-opt-what > '1'", 7],
)
def test_a_filter_that_means_nothing_is_refused(selector: str | int) -> None:
    with pytest.raises(ValueError, match="cannot be understood"):
        parse_filters({FILTER: selector})


def test_what_is_older_than_the_retention_goes_and_numbers_go_on() -> None:
    log, number = a_partition_of(3)
    log.told.clear()
    partition = log.partitions[number]
    before = partition.next_offset
    log.expire(NOON + 24 * 3600 + 1.5)
    assert [each.sequence for each in partition.events()] == [2]
    assert [each for each in log.told if isinstance(each, Mark)] == log.told
    log.expire(NOON + 48 * 3600)
    assert list(partition.events()) == []
    assert log.told[-1] == Mark(number, 2, before)
    fresh = log.append(an_event(at=NOON + 48 * 3600))
    assert (fresh.sequence, fresh.offset) == (3, before)
    assert partition.start(EARLIEST) == 3


def test_the_oldest_makes_room_when_all_is_too_much() -> None:
    log = ToldLog(partitions=1, most_bytes=10_000)
    for number in range(30):
        log.append(an_event(at=NOON + number, body=b"x" * 800))
    log.expire(NOON + 30)
    kept = [each.sequence for each in log.events()]
    assert kept == list(range(30 - len(kept), 30))
    assert sum(each.event.size for each in log.events()) <= 10_000
    assert len(kept) == 10


@given(st.integers(0, 8), st.integers(0, 8), st.integers(0, 8))
def test_what_was_kept_goes_on_where_it_was(before: int, expired: int, after: int) -> None:
    log = ToldLog(partitions=1)
    for number in range(before):
        log.append(an_event(at=NOON + number))
    log.expire(NOON + 24 * 3600 + min(expired, before))
    marks = {each.partition: each for each in log.told if isinstance(each, Mark)}
    kept = list(log.events())
    again = ToldLog(partitions=1)
    again.restore(iter(marks.values()), iter(kept))
    for each in (log, again):
        for number in range(after):
            each.append(an_event(at=NOON + 24 * 3600 + number))
    assert list(again.events()) == list(log.events())
    position = Position("sequence", 3)
    assert again.partitions[0].start(position) == log.partitions[0].start(position)
