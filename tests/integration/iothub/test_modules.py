"""Modules through both SDKs: identities, twins, methods, and what cuts them off."""

import asyncio
from typing import Any

import pytest
from azure.iot.device import Message, MethodRequest, MethodResponse
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, Twin, TwinProperties
from msrest.exceptions import HttpOperationError

from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.clients import (
    connected_module,
    make_device,
    make_module,
    messages_of,
    until,
)

pytestmark = pytest.mark.integration


def desired(**properties: Any) -> Twin:
    return Twin(properties=TwinProperties(desired=properties))


def test_a_module_is_registered_read_changed_and_deleted(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "has-modules")
    make_module(registry, "has-modules", "camera")
    made = make_module(registry, "has-modules", "scale")
    assert [each.module_id for each in registry.get_modules("has-modules")] == ["camera", "scale"]
    keys = made.authentication.symmetric_key
    arguments = ("has-modules", "scale", "somebody")
    changed = registry.update_module_with_sas(
        *arguments, made.etag, keys.primary_key, keys.secondary_key
    )
    assert changed.managed_by == "somebody"
    assert registry.get_module("has-modules", "scale").etag == changed.etag != made.etag
    with pytest.raises(HttpOperationError) as error:
        registry.update_module_with_sas(*arguments, made.etag, keys.primary_key, keys.secondary_key)
    assert error.value.response.status_code == 412
    registry.delete_module("has-modules", "scale")
    with pytest.raises(HttpOperationError) as error:
        registry.get_module("has-modules", "scale")
    assert error.value.response.headers["iothub-errorcode"] == "ModuleNotFound"
    assert error.value.response.json()["errorCode"] == 404010


def test_a_module_has_a_twin_with_an_etag_of_its_own(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "twin-of")
    make_module(registry, "twin-of", "camera")
    first = registry.get_module_twin("twin-of", "camera")
    assert (first.device_id, first.module_id) == ("twin-of", "camera")
    second = registry.update_module_twin("twin-of", "camera", desired(zoom=2), first.etag)
    with pytest.raises(HttpOperationError) as error:
        registry.update_module_twin("twin-of", "camera", desired(zoom=3), first.etag)
    assert error.value.response.status_code == 412
    whole = registry.replace_module_twin("twin-of", "camera", desired(focus=1), second.etag)
    assert {key for key in whole.properties.desired if key[0] != "$"} == {"focus"}
    assert "zoom" not in registry.get_twin("twin-of").properties.desired


async def test_a_module_lives_like_a_device(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "host")
    make_module(registry, "host", "camera")
    async with connected_module(simulated_hub, "host", "camera") as module:
        await module.listen()
        await asyncio.to_thread(registry.update_module_twin, "host", "camera", desired(zoom=2), "*")
        assert (await module.next_patch())["zoom"] == 2
        await module.client.patch_twin_reported_properties({"zoom": 2})
        twin = await module.client.get_twin()
        assert twin["reported"] == {"zoom": 2, "$version": 2}
        await module.client.send_message(Message("seen"))  # type: ignore[no-untyped-call]
        state = await asyncio.to_thread(lambda: registry.get_module("host", "camera"))
        assert state.connection_state == "Connected"
        assert registry.get_device("host").connection_state == "Disconnected"
    (kept,) = messages_of(simulated_hub, "host")
    assert (kept.module_id, kept.body) == ("camera", b"seen")


async def test_a_module_answers_a_direct_method(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "asked-host")
    make_module(registry, "asked-host", "camera")
    call = CloudToDeviceMethod(method_name="zoom", payload=3, response_timeout_in_seconds=10)
    async with connected_module(simulated_hub, "asked-host", "camera") as module:

        async def answer(request: MethodRequest) -> None:
            response = MethodResponse.create_from_method_request(request, 200, request.payload)
            await module.client.send_method_response(response)

        def listen() -> None:
            module.client.on_method_request_received = answer

        await asyncio.to_thread(listen)
        result = await asyncio.to_thread(
            registry.invoke_device_module_method, "asked-host", "camera", call
        )
    assert (result.status, result.payload) == (200, 3)
    with pytest.raises(HttpOperationError) as error:
        registry.invoke_device_module_method("asked-host", "camera", call)
    assert error.value.response.headers["iothub-errorcode"] == "DeviceNotOnline"


async def test_a_module_is_cut_off_when_its_device_is_disabled_or_it_is_deleted(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    device = make_device(registry, "cut-host")
    keys = device.authentication.symmetric_key
    make_module(registry, "cut-host", "one")
    make_module(registry, "cut-host", "two")
    async with (
        connected_module(simulated_hub, "cut-host", "one", connection_retry=False) as one,
        connected_module(simulated_hub, "cut-host", "two", connection_retry=False) as two,
    ):
        await asyncio.to_thread(registry.delete_module, "cut-host", "one")
        await until(lambda: not one.client.connected)
        assert two.client.connected
        await asyncio.to_thread(
            registry.update_device_with_sas,
            "cut-host",
            device.etag,
            keys.primary_key,
            keys.secondary_key,
            "disabled",
        )
        await until(lambda: not two.client.connected)
