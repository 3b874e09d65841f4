"""azure-eventhub, unmodified, against the simulated hub's built-in endpoint."""

import asyncio
import datetime
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.eventhub import EventData
from azure.eventhub.aio import EventHubConsumerClient as AsyncClient
from azure.eventhub.aio import PartitionContext
from azure.eventhub.exceptions import (
    AuthenticationError,
    EventHubError,
)
from azure.iot.device import Message
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.core.event_log import EventSettings
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.protocol.topics import Telemetry
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import SimulatedHub, utc_seconds
from tests.integration.iothub.clients import connected_device, make_device
from tests.integration.iothub.event_readers import (
    PATIENCE,
    QUICK,
    a_client,
    reading,
    reading_arguments,
)

pytestmark = pytest.mark.integration

GROUPS = ("$Default", "shelf-watch")
TLS = pytest.mark.parametrize(
    "tls", [pytest.param(True, id="tls"), pytest.param(False, id="plain")]
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundHub]:
    hub = SimulatedHub(
        tmp_path_factory.mktemp("events"),
        mqtt_port=0,
        rest_port=0,
        amqps_port=0,
        amqp_port=0,
        events=EventSettings(consumer_groups=GROUPS),
    )
    with BackgroundHub(hub) as running:
        yield running


@pytest.fixture
def hub(running: BackgroundHub) -> SimulatedHub:
    return running.hub


def tell(running: BackgroundHub, device_id: str, *bodies: bytes) -> str:
    """Have a device say something; gives the partition where it went."""
    board = running.hub.board

    def say() -> int:
        if not board.hub.find_identity(device_id):
            board.hub.create(IdentityWish(device_id), utc_seconds())
        for body in bodies:
            board.events.message(board.hub.device(device_id).identity, Telemetry({}, body))
        return board.events.log.partition_of(device_id)

    return str(running.call(say))


def a_device_name() -> str:
    return f"shelf-{uuid.uuid4()}"


def end_of(hub: SimulatedHub, partition: str) -> int:
    """Give the sequence number that the partition's next event will have."""
    return hub.board.events.log.partitions[int(partition)].next


@TLS
def test_the_event_hub_tells_of_itself(running: BackgroundHub, *, tls: bool) -> None:
    name = a_device_name()
    partition = tell(running, name, b"one", b"two")
    with a_client(running.hub, tls=tls) as client:
        facts = client.get_eventhub_properties()
        assert facts["eventhub_name"] == "events"
        assert facts["partition_ids"] == ["0", "1", "2", "3"]
        found = client.get_partition_properties(partition)
    last = running.hub.board.events.log.partitions[int(partition)].last
    assert last
    assert found["last_enqueued_sequence_number"] == last.sequence
    assert found["last_enqueued_offset"] == str(last.offset)
    assert found["is_empty"] is False


@TLS
def test_what_a_device_says_is_read_as_it_comes(running: BackgroundHub, *, tls: bool) -> None:
    name = a_device_name()
    partition = tell(running, name, b"before")
    with reading(running.hub, tls=tls, starting_position=end_of(running.hub, partition) - 1,
                 starting_position_inclusive=True, partition_id=partition) as reader:  # fmt: skip
        assert reader.next().body_as_str() == "before"
        tell(running, name, b"during")
        event = reader.next()
    assert event.body_as_str() == "during"
    assert event.system_properties[b"iothub-connection-device-id"] == name.encode()
    assert event.system_properties[b"iothub-message-source"] == b"Telemetry"
    assert event.sequence_number == end_of(running.hub, partition) - 1
    assert event.enqueued_time
    assert abs(event.enqueued_time.timestamp() - utc_seconds()) < 60


async def test_messages_of_a_real_device_are_read_with_their_properties(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    name = a_device_name()
    make_device(registry, name)
    async with connected_device(simulated_hub, name) as device:
        text = '{"temperature": 4}'
        message = Message(text, "m-1", "utf-8", "application/json")  # type: ignore[no-untyped-call]
        message.custom_properties["alert & more"] = "50 %+"
        await device.client.send_message(message)

    def read() -> EventData:
        with reading(simulated_hub, starting_position="-1") as reader:
            while True:
                event = reader.next()
                if event.system_properties[b"iothub-connection-device-id"] == name.encode():
                    return event

    event = await asyncio.to_thread(read)
    assert event.body_as_json() == {"temperature": 4}
    assert event.properties == {b"alert & more": b"50 %+"}
    assert event.message_id == "m-1"
    assert event.content_type == "application/json"
    assert b"iothub-connection-auth-method" in event.system_properties


@TLS
async def test_the_asynchronous_client_reads_every_partition(
    running: BackgroundHub, *, tls: bool
) -> None:
    names = [a_device_name() for _ in range(12)]
    await asyncio.to_thread(lambda: [tell(running, name, name.encode()) for name in names])
    heard: set[str] = set()
    all_heard = asyncio.Event()

    async def take(_: PartitionContext, event: EventData | None) -> None:
        assert event
        heard.add(event.body_as_str())
        if heard.issuperset(names):
            all_heard.set()

    arguments = reading_arguments(running.hub, tls=tls)
    client = AsyncClient.from_connection_string(**arguments, consumer_group="$Default", **QUICK)
    async with client:
        work = asyncio.ensure_future(client.receive(on_event=take, starting_position="-1"))
        await asyncio.wait_for(all_heard.wait(), PATIENCE)
    await work


@pytest.mark.parametrize(
    ("position", "inclusive", "expected"),
    [
        pytest.param(lambda events: "-1", False, 0, id="from the oldest"),
        pytest.param(lambda events: events[1].offset, False, 2, id="behind an offset"),
        pytest.param(lambda events: events[1].offset, True, 1, id="at an offset"),
        pytest.param(lambda events: events[0].sequence_number, False, 1, id="behind a number"),
        pytest.param(lambda events: events[2].sequence_number, True, 2, id="at a number"),
        pytest.param(lambda events: events[0].enqueued_time, True, 0, id="at an instant"),
        pytest.param(
            lambda events: events[0].enqueued_time - datetime.timedelta(seconds=1), False, 0,
            id="behind an instant",
        ),
    ],
)  # fmt: skip
def test_a_reader_begins_where_it_wants(
    tmp_path: Path, position: Callable[[list[EventData]], Any], *, inclusive: bool, expected: int
) -> None:
    hub = SimulatedHub(tmp_path, mqtt_port=0, rest_port=0, amqp_port=0)
    with BackgroundHub(hub) as running:
        partition = tell(running, "shelf-1", b"0", b"1", b"2")
        with reading(hub, partition_id=partition, starting_position="-1") as reader:
            events = [reader.next() for _ in range(3)]
        options: dict[str, Any] = {
            "starting_position": position(events),
            "starting_position_inclusive": inclusive,
        }
        with reading(hub, partition_id=partition, **options) as reader:
            assert reader.next().body_as_str() == str(expected)


def test_a_reader_of_the_latest_hears_only_what_comes_later(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    name = a_device_name()
    partition = tell(running, name, b"too early")
    with reading(hub, partition_id=partition, track_last_enqueued_event_properties=True) as reader:
        # Nothing tells when the reader is there, so it is told until it hears.
        while reader.events.empty():
            tell(running, name, b"now")
        event = reader.next()
    assert event.body_as_str() == "now"


def test_consumer_groups_read_side_by_side(running: BackgroundHub, hub: SimulatedHub) -> None:
    name = a_device_name()
    partition = tell(running, name, b"1", b"2")
    first: dict[str, Any] = {
        "partition_id": partition,
        "starting_position": end_of(hub, partition) - 3,
    }
    with (
        reading(hub, **first) as one,
        reading(hub, consumer_group="shelf-watch", owner_level=7, **first) as other,
    ):
        assert one.bodies(2) == other.bodies(2) == ["1", "2"]


def test_a_consumer_group_that_nobody_made_cannot_be_read(hub: SimulatedHub) -> None:
    with reading(hub, consumer_group="nobody", partition_id="0") as reader:
        error = reader.error()
    assert isinstance(error, EventHubError)
    assert error.error == "not-found"
    assert "no consumer group nobody" in str(error)


def test_a_partition_that_is_not_there_has_no_facts(hub: SimulatedHub) -> None:
    with a_client(hub) as client, pytest.raises(EventHubError, match="Status code: 404"):
        client.get_partition_properties("4")


def test_a_higher_owner_level_takes_a_partition_over(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    name = a_device_name()
    partition = tell(running, name, b"mine")
    begin: dict[str, Any] = {
        "partition_id": partition,
        "starting_position": end_of(hub, partition) - 2,
    }
    with reading(hub, owner_level=1, **begin) as lower:
        assert lower.bodies(1) == ["mine"]
        with reading(hub, owner_level=2, **begin) as higher:
            assert higher.bodies(1) == ["mine"]
            assert lower.condition() == "link:stolen"
            with reading(hub, owner_level=1, **begin) as late:
                assert late.condition() == "link:stolen"
            with reading(hub, **begin) as levelless:
                assert levelless.condition() == "link:stolen"
            tell(running, name, b"still mine")
            assert higher.bodies(1) == ["still mine"]


def test_a_wrong_key_is_refused(hub: SimulatedHub) -> None:
    arguments = reading_arguments(hub, tls=False)
    key = arguments["conn_str"].partition("SharedAccessKey=")[2].partition(";")[0]
    wrong = arguments["conn_str"].replace(key, "d3Jvbmc=")
    client = a_client(hub)
    other = type(client).from_connection_string(wrong, consumer_group="$Default", **QUICK)
    with client, other, pytest.raises(AuthenticationError):
        other.get_eventhub_properties()


def test_large_messages_and_many_arrive_whole(running: BackgroundHub, hub: SimulatedHub) -> None:
    name = a_device_name()
    bodies = [b"%d:" % number + b"x" * 250_000 for number in range(4)]
    bodies += [b"%d" % number for number in range(3000)]
    partition = tell(running, name, *bodies)
    begin = end_of(hub, partition) - len(bodies) - 1
    with reading(hub, partition_id=partition, starting_position=begin) as reader:
        assert reader.bodies(len(bodies)) == [body.decode() for body in bodies]
