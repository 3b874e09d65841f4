"""A tier's limits and faults on demand, as the Azure SDKs and small clients meet them."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, Twin, TwinProperties
from msrest.exceptions import HttpOperationError

from simulators.iothub.core.allowance import Allowance
from simulators.iothub.core.faults import Fault, FaultKind
from simulators.iothub.core.sas import make_token
from simulators.iothub.core.tiers import Operation, Plan
from simulators.iothub.protocol.packets import Connack, Connect, Puback, Publish, Verdict
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.neighbours import start_beside_others
from simulators.iothub.server.remote import RemoteHub, RemoteHubError
from tests.integration.iothub.clients import connected_device, make_device, messages_of, until
from tests.integration.iothub.light_device import Address, light_device, peer

pytestmark = pytest.mark.integration

KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
TELEMETRY = "devices/{}/messages/events/"


class Hands:
    """A clock that tests move."""

    now = 1_795_435_200.0

    def __call__(self) -> float:
        return self.now


def started(folder: Path, **options: Any) -> Iterator[BackgroundHub]:
    running = start_beside_others(folder, **options)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in running.hub.environment.items():
            environment.setenv(name, value)
        yield running
    running.__exit__()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def small_hub(tmp_path: Path, hands: Hands) -> Iterator[BackgroundHub]:
    """A hub of tier F1 whose clock stands still."""
    yield from started(tmp_path, plan=Plan.of("F1"), clock=hands)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[BackgroundHub]:
    """A hub without limits, to do wrong to."""
    yield from started(tmp_path)


@pytest.fixture
async def small_registry(
    small_hub: BackgroundHub, hands: Hands
) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose token is of the hub's own time."""
    hub = small_hub.hub
    key = hub.keyring.policies["iothubowner"][0]
    token = make_token(f"{hub.name}:{hub.rest_port}", key, int(hands.now) + 999_999, "iothubowner")
    async with httpx.AsyncClient(
        base_url=f"https://{hub.name}:{hub.rest_port}",
        headers={"Authorization": token},
        params={"api-version": "2021-04-12"},
        verify=ssl.create_default_context(cafile=hub.ca_file),
    ) as client:
        yield client


async def with_device(client: httpx.AsyncClient, device_id: str = "shelf-1") -> None:
    keys = {"symmetricKey": {"primaryKey": KEY, "secondaryKey": KEY}}
    body = {"deviceId": device_id, "authentication": keys}
    assert (await client.put(f"/devices/{device_id}", json=body)).status_code == 200


def registry_of(hub: BackgroundHub) -> IoTHubRegistryManager:
    return IoTHubRegistryManager.from_connection_string(hub.hub.connection_string)


def lay(hub: BackgroundHub, fault: Fault) -> None:
    hub.call(lambda: hub.hub.faults.add(fault))


def changed_at(hub: BackgroundHub, device_id: str) -> float:
    """When a device last came or went."""
    return hub.hub.board.hub.device(device_id).connection_changed


def is_back(hub: BackgroundHub, device_id: str, since: float) -> bool:
    """Whether a device has come since an instant; a client may hardly notice that it was gone."""
    try:
        device = hub.hub.board.hub.device(device_id)
    except RuntimeError:  # between the end and the new beginning
        return False
    return device.connected and device.connection_changed != since


# -- limits


async def test_too_many_registry_operations_are_answered_429_until_time_goes_on(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient, hands: Hands
) -> None:
    for _ in range(100):
        assert (await small_registry.get("/devices/nobody")).status_code == 404
    small_hub.call(lambda: _empty(small_hub, Operation.REGISTRY))
    refused = await small_registry.get("/devices/nobody")
    assert (refused.status_code, refused.reason_phrase) == (429, "Too Many Requests")
    assert refused.headers["iothub-errorcode"] == "ThrottlingException"
    assert (await small_registry.get("/statistics/devices")).status_code == 200
    hands.now += 61
    assert (await small_registry.get("/devices/nobody")).status_code == 404


def _empty(hub: BackgroundHub, operation: Operation) -> None:
    """Use up the queue, which would make a test wait for real."""
    allowance = hub.hub.board.doors.allowance
    assert allowance
    bucket = allowance._buckets[operation]
    bucket.level = -bucket.queue


async def test_a_device_that_asks_too_often_is_told_429_and_stays_connected(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient, hands: Hands
) -> None:
    await with_device(small_registry)
    async with light_device(Address.of(small_hub.hub), "shelf-1", KEY) as device:
        await device.subscribe()
        assert "/res/204/" in (await device.report(1, b'{"price": 1}')).topic
        small_hub.call(lambda: _empty(small_hub, Operation.TWIN_UPDATE))
        refused = await device.report(2, b'{"price": 2}')
        assert "/res/429/" in refused.topic
        assert json.loads(refused.body)["errorCode"] == 429001
        hands.now += 30
        assert "/res/204/" in (await device.report(3, b'{"price": 3}')).topic


async def test_a_device_that_sends_too_much_is_cut_off(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient
) -> None:
    await with_device(small_registry)
    async with light_device(Address.of(small_hub.hub), "shelf-1", KEY) as device:
        small_hub.call(lambda: _empty(small_hub, Operation.TELEMETRY))
        device.send(Publish(TELEMETRY.format("shelf-1"), b"too much"))
        assert await device.is_closed_by_the_hub()


async def test_each_twin_of_a_bulk_is_metered(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient
) -> None:
    small = {"importMode": "updateTwin", "properties": {"desired": {"price": 1}}}
    large = {"importMode": "updateTwin", "properties": {"desired": {"text": "x" * 1000}}}
    bulk = [{"id": "a", **small}, {"id": "b", **small}, {"id": "c", **large}]
    assert (await small_registry.post("/devices", json=bulk)).status_code == 400  # none is there
    meter = small_hub.call(lambda: small_hub.hub.meter)
    assert meter
    assert meter.messages == 1 + 1 + 3


async def test_the_meter_counts_both_sides_and_survives_a_restart(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient, hands: Hands
) -> None:
    await with_device(small_registry)
    assert (await small_registry.get("/twins/shelf-1")).status_code == 200
    desired = {"properties": {"desired": {"text": "x" * 1000}}}
    assert (await small_registry.patch("/twins/shelf-1", json=desired)).status_code == 200
    async with light_device(Address.of(small_hub.hub), "shelf-1", KEY) as device:
        await device.subscribe()
        await device.report(1, b'{"price": 1}')
        device.send(Publish(TELEMETRY.format("shelf-1"), b"x" * 600, 1, 7))
        await device.receive()
    before = (await small_registry.get("/$simulator/limits")).json()
    # One read, three pieces of a patch, a report, and a message in two pieces.
    assert before["messages"] == 1 + 3 + 1 + 2
    assert (meter := small_hub.call(lambda: small_hub.hub.meter))
    assert meter.messages == before["messages"]
    assert (before["tier"], before["dailyQuota"], before["day"]) == ("F1", 8000, "2026-11-23")
    first = allowance_of(small_hub)
    assert (await small_registry.post("/$simulator/restart")).status_code == 202
    await until(lambda: (found := allowance_of(small_hub)) is not None and found is not first)
    assert first is not (again := allowance_of(small_hub))
    assert again
    assert again.view(hands.now)["messages"] == before["messages"]


def allowance_of(hub: BackgroundHub) -> Allowance | None:
    try:
        return hub.hub.board.doors.allowance
    except RuntimeError:  # between the end and the new beginning
        return None


async def test_past_the_quota_services_are_told_and_devices_are_cut_off(
    small_hub: BackgroundHub, small_registry: httpx.AsyncClient, hands: Hands
) -> None:
    await with_device(small_registry)
    async with light_device(Address.of(small_hub.hub), "shelf-1", KEY) as device:
        await device.subscribe()
        small_hub.call(lambda: small_hub.hub.board.doors.charge(512 * 8000))
        refused = await small_registry.get("/twins/shelf-1")
        assert refused.status_code == 403
        assert refused.headers["iothub-errorcode"] == "IotHubQuotaExceeded"
        device.send(Publish(TELEMETRY.format("shelf-1"), b"one more"))
        assert await device.is_closed_by_the_hub()
    hands.now += 86_400
    assert (await small_registry.get("/twins/shelf-1")).status_code == 200


# -- faults


async def test_a_dropped_device_comes_back_by_itself(hub: BackgroundHub) -> None:
    registry = registry_of(hub)
    make_device(registry, "dropped")
    async with connected_device(hub.hub, "dropped", connection_retry_interval=1) as device:
        with RemoteHub(hub.hub.folder) as remote:
            before = changed_at(hub, "dropped")
            remote.ask("POST", "devices/dropped/drop")
            await until(lambda: is_back(hub, "dropped", before))
            await until(lambda: bool(device.client.connected))
            with pytest.raises(RemoteHubError, match="nobody not registered"):
                remote.ask("POST", "devices/nobody/drop")


async def test_a_refused_device_is_told_that_the_server_is_unavailable(
    hub: BackgroundHub,
) -> None:
    registry = registry_of(hub)
    key = make_device(registry, "refused").authentication.symmetric_key.primary_key
    lay(hub, Fault(FaultKind.REFUSE, "refused", times=1))
    address = Address.of(hub.hub)
    async with peer(address) as device:
        token = make_token(f"{address.host}/devices/refused", key, 2**33)
        user = f"{address.host}/refused/?api-version=2021-04-12"
        device.send(Connect("refused", False, 60, user, token, None))
        assert await device.receive() == Connack(Verdict.UNAVAILABLE)
    async with light_device(address, "refused", key):
        pass


async def test_a_lost_patch_is_found_by_reading_the_twin(hub: BackgroundHub) -> None:
    registry = registry_of(hub)
    make_device(registry, "unlucky")
    async with connected_device(hub.hub, "unlucky") as device:
        await device.listen()
        lay(hub, Fault(FaultKind.LOSE_PATCH, "unlucky", times=1))
        await asyncio.to_thread(_set_price, registry, "unlucky", 1)
        await asyncio.to_thread(_set_price, registry, "unlucky", 2)
        patch = await device.next_patch()
        assert (patch["price"], patch["$version"]) == (2, 3)
        assert device.client.connected
        assert (await device.client.get_twin())["desired"]["$version"] == 3


def _set_price(registry: IoTHubRegistryManager, device_id: str, price: int) -> None:
    twin = Twin(properties=TwinProperties(desired={"price": price}))
    registry.update_twin(device_id, twin, "*")


async def test_what_is_delayed_is_not_overtaken_by_what_its_device_asks_later(
    hub: BackgroundHub,
) -> None:
    registry = registry_of(hub)
    key = make_device(registry, "slow").authentication.symmetric_key.primary_key
    lay(hub, Fault(FaultKind.DELAY, "slow", Operation.TWIN_UPDATE, 0.3, times=1))
    async with light_device(Address.of(hub.hub), "slow", key) as device:
        await device.subscribe()
        device.send(
            Publish("$iothub/twin/PATCH/properties/reported/?$rid=late", b'{"a": 1}'),
            Publish("$iothub/twin/PATCH/properties/reported/?$rid=prompt", b'{"a": 2}'),
            Publish("$iothub/twin/GET/?$rid=read", b""),
        )
        answers = [await device.receive_publish("$iothub/twin/res/") for _ in range(3)]
        assert ["late" in answer.topic for answer in answers] == [True, False, False]
        assert json.loads(answers[2].body)["reported"]["a"] == 2


async def test_a_short_delay_does_not_end_a_longer_one(hub: BackgroundHub) -> None:
    registry = registry_of(hub)
    key = make_device(registry, "hushed").authentication.symmetric_key.primary_key
    for seconds in (0.4, 0.1):
        lay(hub, Fault(FaultKind.DELAY, "hushed", Operation.TELEMETRY, seconds, times=1))
    async with light_device(Address.of(hub.hub), "hushed", key) as device:
        topic, loop = TELEMETRY.format("hushed"), asyncio.get_running_loop()
        began = loop.time()
        device.send(Publish(topic, b"one", 1, 1), Publish(topic, b"two", 1, 2))
        assert [await device.receive() for _ in range(2)] == [Puback(1), Puback(2)]
        assert loop.time() - began >= 0.4


async def test_throttled_methods_and_twins_are_refused_to_services(hub: BackgroundHub) -> None:
    registry = registry_of(hub)
    make_device(registry, "busy")
    with RemoteHub(hub.hub.folder) as remote:
        for operation in ("direct methods", "twin updates"):
            body = {"kind": "throttle", "device": "busy", "operation": operation, "times": 1}
            assert remote.ask("POST", "faults", body)["operation"] == operation
        with pytest.raises(HttpOperationError) as refused:
            _set_price(registry, "busy", 1)
        assert refused.value.response.status_code == 429
        with pytest.raises(HttpOperationError) as refused:
            registry.invoke_device_method("busy", CloudToDeviceMethod(method_name="blink"))
        assert refused.value.response.status_code == 429
        _set_price(registry, "busy", 2)
        assert remote.ask("GET", "faults") == []


async def test_events_are_stored_twice_or_behind_the_next_one(hub: BackgroundHub) -> None:
    registry = registry_of(hub)
    key = make_device(registry, "talker").authentication.symmetric_key.primary_key
    lay(hub, Fault(FaultKind.REORDER_EVENT, "talker", times=1))
    async with light_device(Address.of(hub.hub), "talker", key) as device:
        for number, text in enumerate((b"first", b"second", b"third"), 1):
            device.send(Publish(TELEMETRY.format("talker"), text, 1, number))
            await device.receive()
        lay(hub, Fault(FaultKind.DUPLICATE_EVENT, times=1))
        device.send(Publish(TELEMETRY.format("talker"), b"fourth", 1, 4))
        await device.receive()
    bodies = [event.body for event in messages_of(hub.hub, "talker")]
    assert bodies == [b"second", b"first", b"third", b"fourth", b"fourth"]


async def test_a_stolen_connection_is_the_devices_again_when_it_returns(
    hub: BackgroundHub,
) -> None:
    registry = registry_of(hub)
    make_device(registry, "robbed")
    async with connected_device(hub.hub, "robbed", connection_retry_interval=1) as device:
        with RemoteHub(hub.hub.folder) as remote:
            remote.ask("POST", "devices/robbed/steal")
        stolen = changed_at(hub, "robbed")
        await until(lambda: is_back(hub, "robbed", stolen))
        await until(lambda: bool(device.client.connected))
        await device.listen()
        await asyncio.to_thread(_set_price, registry, "robbed", 7)
        assert (await device.next_patch())["price"] == 7


def test_no_other_hub_takes_the_address_of_one_that_is_away(
    hub: BackgroundHub, tmp_path: Path
) -> None:
    asyncio.run_coroutine_threadsafe(hub.hub.stop(), hub.call(asyncio.get_running_loop)).result(20)
    other = start_beside_others(tmp_path / "other")
    try:
        assert other.hub.host != hub.hub.host
    finally:
        other.__exit__()


async def test_a_hub_that_restarts_keeps_everything_and_devices_return(
    hub: BackgroundHub,
) -> None:
    registry = registry_of(hub)
    make_device(registry, "patient")
    async with connected_device(hub.hub, "patient", connection_retry_interval=1) as device:
        await device.listen()
        _set_price(registry, "patient", 1)
        assert (await device.next_patch())["price"] == 1
        registry.protocol.close()
        before = changed_at(hub, "patient")
        with RemoteHub(hub.hub.folder) as remote:
            assert remote.ask("POST", "restart") is None
        await until(lambda: is_back(hub, "patient", before))
        await until(lambda: bool(device.client.connected))
        again = registry_of(hub)
        await asyncio.to_thread(_set_price, again, "patient", 2)
        assert (await device.next_patch())["price"] == 2
        assert again.get_twin("patient").properties.desired["price"] == 2
        again.protocol.close()


def test_only_the_registrys_owner_may_do_harm(hub: BackgroundHub) -> None:
    service = hub.hub.policy_connection_string("service")
    parts = dict(part.split("=", 1) for part in service.split(";"))
    token = make_token(parts["HostName"], parts["SharedAccessKey"], 2**33, "service")
    trust = ssl.create_default_context(cafile=hub.hub.ca_file)
    with httpx.Client(verify=trust) as client:
        url = f"https://{parts['HostName']}/$simulator/faults"
        answer = client.post(url, json={"kind": "refuse"}, headers={"Authorization": token})
    assert answer.status_code == 401
    assert not hub.hub.faults
