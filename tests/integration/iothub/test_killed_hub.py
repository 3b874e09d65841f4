"""What a killed hub keeps: every twin, event and message that it said it had taken."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from azure.eventhub import EventData, EventHubConsumerClient

from simulators.iothub.protocol.packets import Puback, Publish, Suback, Subscribe
from tests.integration.iothub.event_readers import QUICK, Reading
from tests.integration.iothub.hub_process import PATIENCE, Running, hub_process
from tests.integration.iothub.light_device import LightDevice, light_device
from tests.integration.iothub.light_service import light_service

pytestmark = pytest.mark.integration

Send: TypeAlias = Callable[[bytes], Awaitable[None]]

KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="


@dataclass
class Acknowledged:
    """The last number of each section that a hub said it had taken."""

    wanted: int
    numbers: dict[str, int] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, section: str) -> int:
        return self.numbers.get(section, 0) + 1

    def add(self, section: str) -> None:
        self.numbers[section] = self.next(section)
        if sum(self.numbers.values()) >= self.wanted:
            self.enough.set()


async def register(running: Running, *devices: str) -> None:
    keys = {"symmetricKey": {"primaryKey": KEY, "secondaryKey": KEY}}
    async with running.service() as service:
        for device_id in devices:
            body = {"deviceId": device_id, "authentication": keys}
            assert (await service.put(f"/devices/{device_id}", json=body)).status_code == 200


async def change_prices(service: httpx.AsyncClient, device_id: str, said: Acknowledged) -> None:
    """Change a desired price until the hub is gone."""
    while True:
        body = {"properties": {"desired": {"price": said.next(device_id)}}}
        try:
            answer = await service.patch(f"/twins/{device_id}", json=body)
        except httpx.TransportError:
            return
        assert answer.status_code == 200
        said.add(device_id)


async def report_on(device: LightDevice, said: Acknowledged) -> None:
    """Report until the hub is gone."""
    while True:
        number = said.next("reported")
        try:
            answer = await device.report(number, b'{"number": %d}' % number)
        except ConnectionError:
            return
        assert "/res/204/" in answer.topic
        said.add("reported")


async def properties_of(service: httpx.AsyncClient, device_id: str) -> dict[str, Any]:
    answer = await service.get(f"/twins/{device_id}")
    properties: dict[str, Any] = answer.json()["properties"]
    return properties


async def check_kept(service: httpx.AsyncClient, devices: list[str], said: Acknowledged) -> None:
    """All that was acknowledged is there; what was under way when the hub died may be too."""
    for section in (*devices, "reported"):
        properties = await properties_of(service, devices[0] if section == "reported" else section)
        desired, reported = properties["desired"], properties["reported"]
        found = reported["number"] if section == "reported" else desired["price"]
        assert found in (said.numbers[section], said.numbers[section] + 1), section
        said.numbers[section] = found


async def test_a_killed_hub_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    devices = [f"shelf-{number}" for number in range(4)]
    async with hub_process(tmp_path) as running:
        await register(running, *devices)
        async with light_device(running.address, devices[0], KEY) as device:
            await device.subscribe()
    said = Acknowledged(0)
    for wanted in (60, 137, 251):
        said.wanted = wanted
        said.enough.clear()
        async with (
            hub_process(tmp_path) as running,
            running.service() as service,
            light_device(running.address, devices[0], KEY, session_present=True) as device,
        ):
            if wanted > 60:
                await check_kept(service, devices, said)
            changes = [change_prices(service, device_id, said) for device_id in devices]
            work = asyncio.gather(report_on(device, said), *changes)
            await asyncio.wait_for(said.enough.wait(), PATIENCE)
            running.kill()
            await asyncio.wait_for(work, PATIENCE)
    async with hub_process(tmp_path) as running, running.service() as service:
        await check_kept(service, devices, said)


@dataclass
class Sent:
    """The last number that was sent as text, and those that a hub said it had taken."""

    last: int = -1
    taken: list[int] = field(default_factory=list)

    async def go_on(self, send: Send, taken: asyncio.Semaphore) -> None:
        """Send one number after the other until the hub is gone."""
        while True:
            self.last += 1
            try:
                await send(b"%d" % self.last)
            except ConnectionError:
                return
            self.taken.append(self.last)
            taken.release()

    def check(self, found: list[int]) -> None:
        """All that was taken is there once, in order; what a kill met under way may be too."""
        assert found == sorted(set(found))
        assert set(self.taken) <= set(found) <= set(range(self.last + 1))


Sender: TypeAlias = Callable[[Running, str, Sent, asyncio.Semaphore], Coroutine[Any, Any, None]]


async def all_of(taken: asyncio.Semaphore, count: int) -> None:
    """Wait until a hub has taken so much."""
    async with asyncio.timeout(PATIENCE):
        for _ in range(count):
            await taken.acquire()


async def killed_amid(
    send: Sender, sent: dict[str, Sent], folder: Path, counts: Sequence[int]
) -> None:
    """Have all send to a hub, and kill it whenever it has taken so much more."""
    async with hub_process(folder) as running:
        await register(running, *sent)
    for count in counts:
        taken = asyncio.Semaphore(0)
        async with hub_process(folder) as running:
            work = asyncio.gather(*(send(running, *each, taken) for each in sent.items()))
            await all_of(taken, count)
            running.kill()
            await asyncio.wait_for(work, PATIENCE)


async def tell(running: Running, device_id: str, sent: Sent, taken: asyncio.Semaphore) -> None:
    """Publish numbers until the hub is gone."""
    async with light_device(running.address, device_id, KEY) as device:

        async def publish(body: bytes) -> None:
            topic = f"devices/{device_id}/messages/events/"
            device.send(Publish(topic, body, 1, packet_id=7))
            if (answer := await device.receive()) is None:
                raise ConnectionError("the hub closed the connection")
            assert answer == Puback(7)

        await sent.go_on(publish, taken)


def every_event(running: Running) -> dict[str, list[int]]:
    """Read what each device has said, as its numbers."""
    found: dict[str, list[int]] = defaultdict(list)
    with event_client(running) as client:
        facts = [client.get_partition_properties(each) for each in client.get_partition_ids()]
    for each in facts:
        for event in events_of(running, each["id"], each["last_enqueued_sequence_number"] + 1):
            device_id = event.system_properties[b"iothub-connection-device-id"].decode()
            found[device_id].append(int(event.body_as_str()))
    return found


def event_client(running: Running) -> EventHubConsumerClient:
    text = running.environment["EVENTHUB_CONNECTION_STRING"]
    return EventHubConsumerClient.from_connection_string(text, "$Default", **QUICK)


def events_of(running: Running, partition: str, count: int) -> list[EventData]:
    """Read the first events of a partition; the SDK waits a minute for one that has none."""
    if not count:
        return []
    reading = Reading(event_client(running), starting_position="-1", partition_id=partition)
    try:
        return [reading.next() for _ in range(count)]
    finally:
        reading.stop()


async def test_a_killed_hub_keeps_every_event_that_it_took(tmp_path: Path) -> None:
    sent = {f"teller-{number}": Sent() for number in range(4)}
    await killed_amid(tell, sent, tmp_path, (40, 90, 171))
    async with hub_process(tmp_path) as running:
        found = await asyncio.to_thread(every_event, running)
    for device_id, each in sent.items():
        each.check(found[device_id])


async def send_to(running: Running, device_id: str, sent: Sent, taken: asyncio.Semaphore) -> None:
    """Send numbers to a device that is away, until the hub is gone."""
    address = ("127.0.0.1", running.amqp_port, running.name, running.token())
    async with light_service(*address) as service:
        await sent.go_on(partial(service.send, device_id), taken)


async def every_message(running: Running, device_id: str, count: int) -> list[int]:
    """Receive and confirm what waits for a device."""
    found: list[int] = []
    async with light_device(running.address, device_id, KEY) as device:
        device.send(Subscribe(1, ((f"devices/{device_id}/messages/devicebound/#", 1),)))
        assert isinstance(await device.receive(), Suback)
        for _ in range(count):
            packet = await device.receive_publish(f"devices/{device_id}/")
            found.append(int(packet.body))
            device.send(Puback(packet.packet_id))
    return found


async def waiting(running: Running, device_id: str) -> int:
    async with running.service() as service:
        answer = await service.get(f"/devices/{device_id}")
    count: int = answer.json()["cloudToDeviceMessageCount"]
    return count


async def test_a_killed_hub_keeps_every_message_to_a_device_that_it_took(tmp_path: Path) -> None:
    sent = {f"away-{number}": Sent() for number in range(4)}
    await killed_amid(
        send_to, sent, tmp_path, (11, 14, 17)
    )  # at most 50 messages wait for a device
    async with hub_process(tmp_path) as running:
        for device_id, each in sent.items():
            count = await waiting(running, device_id)
            each.check(await every_message(running, device_id, count))
