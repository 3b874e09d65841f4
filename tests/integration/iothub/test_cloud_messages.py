"""Messages from azure-iot-hub over AMQP to azure-iot-device over MQTT, both unmodified."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.protocol.packets import Puback, Publish, Suback, Subscribe
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.clients import PATIENCE, connected_device, make_device, until
from tests.integration.iothub.light_device import Address, LightDevice, light_device

pytestmark = pytest.mark.integration


async def send(
    registry: IoTHubRegistryManager, device_id: str, text: str, **properties: str
) -> None:
    await asyncio.to_thread(registry.send_c2d_message, device_id, text, properties)


def waiting(registry: IoTHubRegistryManager, device_id: str) -> int:
    count: int = registry.get_device(device_id).cloud_to_device_message_count
    return count


@asynccontextmanager
async def listening(
    hub: SimulatedHub, device_id: str, *, present: bool = False, qos: int = 1
) -> AsyncIterator[LightDevice]:
    """Connect a device that confirms nothing by itself."""
    key = hub.board.hub.device(device_id).identity.credentials.primary_key
    assert key
    async with light_device(Address.of(hub), device_id, key, session_present=present) as device:
        if not present:
            device.send(Subscribe(1, ((f"devices/{device_id}/messages/devicebound/#", qos),)))
            assert isinstance(await device.receive(), Suback)
        yield device


async def test_a_message_reaches_a_device_with_its_properties(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "c2d")
    heard: asyncio.Queue[Any] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    async with connected_device(simulated_hub, "c2d") as device:

        async def take(message: Any) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, message)

        def listen() -> None:
            device.client.on_message_received = take

        await asyncio.to_thread(listen)
        details = {"messageId": "m-1", "contentType": "text/plain", "alert & more": "50 %+"}
        await send(registry, "c2d", "blink, please", **details)
        message = await asyncio.wait_for(heard.get(), PATIENCE)
        assert message.data == b"blink, please"
        assert (message.message_id, message.content_type) == ("m-1", "text/plain")
        assert message.custom_properties == {"alert & more": "50 %+"}
        await until(lambda: waiting(registry, "c2d") == 0)


async def test_messages_wait_for_a_device_that_is_away(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "away")
    for number in range(3):
        await send(registry, "away", str(number))
    assert waiting(registry, "away") == 3
    async with listening(simulated_hub, "away") as device:
        for number in range(3):
            packet = await device.receive_publish("devices/away/messages/devicebound/")
            assert (packet.body, packet.qos) == (b"%d" % number, 1)
            device.send(Puback(packet.packet_id))
        await until(lambda: waiting(registry, "away") == 0)


async def test_what_a_device_does_not_confirm_comes_again_when_it_reconnects(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "forgetful")
    await send(registry, "forgetful", "once")
    async with listening(simulated_hub, "forgetful") as device:
        first = await device.receive_publish("devices/forgetful/")
    async with listening(simulated_hub, "forgetful", present=True) as device:
        again = await device.receive_publish("devices/forgetful/")
        device.send(Puback(again.packet_id))
        await until(lambda: waiting(registry, "forgetful") == 0)
    assert (first.body, again.body) == (b"once", b"once")
    assert (first.duplicate, again.duplicate) == (False, True)


async def test_a_message_at_qos_0_is_sent_once(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "careless")
    await send(registry, "careless", "once")
    async with listening(simulated_hub, "careless", qos=0) as device:
        packet = await device.receive_publish("devices/careless/")
    assert packet.qos == 0
    assert waiting(registry, "careless") == 0


async def test_what_cannot_be_sent_is_told_to_the_service(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "full")
    with pytest.raises(Exception, match="C2D message send failure"):
        await send(registry, "nobody", "lost")
    for _ in range(50):
        await send(registry, "full", "x")
    with pytest.raises(Exception, match="C2D message send failure"):
        await send(registry, "full", "one too many")
    assert waiting(registry, "full") == 50


async def test_a_device_hears_nothing_that_is_for_another(
    simulated_hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "mine")
    make_device(registry, "theirs")
    async with listening(simulated_hub, "mine") as device:
        await send(registry, "theirs", "secret")
        await send(registry, "mine", "open")
        packet = await device.receive_publish("devices/")
        assert isinstance(packet, Publish)
        assert packet.topic.startswith("devices/mine/")
        assert packet.body == b"open"
