"""azure-iot-device, unmodified, against the simulated hub."""

import asyncio
from typing import Any

import pytest
from azure.iot.device import Message, MethodRequest, MethodResponse
from azure.iot.device.aio import IoTHubDeviceClient
from azure.iot.device.exceptions import ClientError, CredentialError
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, Twin, TwinProperties

from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.clients import (
    PATIENCE,
    connected_device,
    make_device,
    messages_of,
    until,
)

pytestmark = pytest.mark.integration


def desire(registry: IoTHubRegistryManager, device_id: str, desired: dict[str, Any]) -> Any:
    twin = Twin(properties=TwinProperties(desired=desired))
    return registry.update_twin(device_id, twin, "*")


async def test_a_device_reads_its_twin(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "reads")
    desire(registry, "reads", {"bundle": "sha256:1"})
    async with connected_device(simulated_hub, "reads") as device:
        twin = await device.client.get_twin()
    assert twin == {
        "desired": {"bundle": "sha256:1", "$version": 2},
        "reported": {"$version": 1},
    }


async def test_what_a_device_reports_is_seen_by_the_service(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "reports")
    async with connected_device(simulated_hub, "reports") as device:
        await device.client.patch_twin_reported_properties({"tiles": {"b01-s2-p03": {"rev": 3}}})
        await device.client.patch_twin_reported_properties({"tiles": {"b01-s2-p04": {"rev": 4}}})
    reported = registry.get_twin("reports").properties.reported
    assert reported["tiles"] == {"b01-s2-p03": {"rev": 3}, "b01-s2-p04": {"rev": 4}}
    assert reported["$version"] == 3


async def test_a_report_that_breaks_a_limit_is_refused_and_changes_nothing(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "too-much")
    async with connected_device(simulated_hub, "too-much") as device:
        with pytest.raises(ClientError):
            await device.client.patch_twin_reported_properties({"note": "x" * 5000})
    assert registry.get_twin("too-much").properties.reported["$version"] == 1


async def test_a_connected_device_hears_of_desired_changes_in_order(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "hears")
    async with connected_device(simulated_hub, "hears") as device:
        await device.listen()
        for price in range(5):
            await asyncio.to_thread(desire, registry, "hears", {"price": price, "old": None})
        heard = [await device.next_patch() for _ in range(5)]
    assert [patch["price"] for patch in heard] == [0, 1, 2, 3, 4]
    assert [patch["$version"] for patch in heard] == [2, 3, 4, 5, 6]
    assert all(patch["old"] is None for patch in heard)


async def test_a_device_answers_a_direct_method(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "answers")
    async with connected_device(simulated_hub, "answers") as device:

        async def answer(request: MethodRequest) -> None:
            echo = {"name": request.name, "payload": request.payload}
            response = MethodResponse.create_from_method_request(request, 207, echo)
            await device.client.send_method_response(response)

        def listen() -> None:
            device.client.on_method_request_received = answer

        await asyncio.to_thread(listen)
        call = CloudToDeviceMethod(
            method_name="identify", payload={"seconds": 5}, response_timeout_in_seconds=10
        )
        result = await asyncio.to_thread(registry.invoke_device_method, "answers", call)
    assert result.status == 207
    assert result.payload == {"name": "identify", "payload": {"seconds": 5}}


async def test_messages_of_a_device_are_taken_with_their_properties(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "tells")
    async with connected_device(simulated_hub, "tells") as device:
        text = '{"temperature": 4}'
        message = Message(text, content_type="application/json")  # type: ignore[no-untyped-call]
        message.custom_properties["alert & more"] = "50 %+"
        await device.client.send_message(message)
    (kept,) = messages_of(simulated_hub, "tells")
    assert kept.body == b'{"temperature": 4}'
    assert kept.system == {"content-type": "application/json"}
    assert kept.properties == {"alert & more": "50 %+"}


async def test_a_second_connection_of_a_device_drops_the_first(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "twice")
    options = {"auto_connect": False, "connection_retry": False}
    async with (
        connected_device(simulated_hub, "twice", **options) as first,
        connected_device(simulated_hub, "twice", **options) as second,
    ):
        await until(lambda: not first.client.connected)
        assert second.client.connected
        assert (await second.client.get_twin())["desired"] == {"$version": 1}


async def test_a_device_that_is_deleted_is_cut_off(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "deleted")
    options = {"auto_connect": False, "connection_retry": False}
    async with connected_device(simulated_hub, "deleted", **options) as device:
        await asyncio.to_thread(registry.delete_device, "deleted")
        await until(lambda: not device.client.connected)


async def test_a_device_that_is_disabled_is_cut_off(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    made = make_device(registry, "disabled")
    keys = made.authentication.symmetric_key
    options = {"auto_connect": False, "connection_retry": False}
    async with connected_device(simulated_hub, "disabled", **options) as device:
        await asyncio.to_thread(
            registry.update_device_with_sas,
            "disabled",
            made.etag,
            keys.primary_key,
            keys.secondary_key,
            "disabled",
        )
        await until(lambda: not device.client.connected)


async def test_a_device_with_a_wrong_key_is_refused(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "wrong-key")
    make_device(registry, "other-key")
    stranger = simulated_hub.device_connection_string("other-key").replace("other-", "wrong-")
    client = IoTHubDeviceClient.create_from_connection_string(
        stranger,
        server_verification_cert=simulated_hub.ca_file.read_text(),
        connection_retry=False,
    )
    with pytest.raises(CredentialError):
        await asyncio.wait_for(client.connect(), PATIENCE)
    await client.shutdown()


async def test_the_service_sees_who_is_connected(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "present")
    async with connected_device(simulated_hub, "present"):
        state = await asyncio.to_thread(lambda: registry.get_twin("present").connection_state)
        assert state == "Connected"
        statistics = await asyncio.to_thread(registry.get_service_statistics)
        assert statistics.connected_device_count >= 1
    await until(lambda: registry.get_twin("present").connection_state == "Disconnected")
