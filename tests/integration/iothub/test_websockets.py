"""MQTT over websockets: the SDK on port 443, and what becomes of peers that break it."""

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from azure.iot.device import Message
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import Twin, TwinProperties

from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub
from simulators.iothub.server.neighbours import start_beside_others
from tests.integration.iothub.clients import connected_device, make_device, messages_of, until
from tests.integration.iothub.light_device import PATIENCE, Address, light_device
from tests.integration.iothub.test_wire import KEY, KEYS, NOON, is_alive

pytestmark = pytest.mark.integration

REQUEST = (
    b"GET /$iothub/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
    b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedHub]:
    """A hub on port 443, the only one that the device SDK knows for websockets."""
    try:
        running = start_beside_others(tmp_path_factory.mktemp("websockets"), rest_port=443)
    except HubStartError as error:
        pytest.skip(f"websockets need port 443: {error}")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REQUESTS_CA_BUNDLE", str(running.hub.bundle_file))
        yield running.hub
    running.__exit__()


@pytest.fixture(scope="module")
def registry(hub: SimulatedHub) -> Iterator[IoTHubRegistryManager]:
    manager = IoTHubRegistryManager.from_connection_string(hub.connection_string)
    yield manager
    manager.protocol.close()


async def test_a_device_lives_over_websockets_as_over_plain_mqtt(
    hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "behind-a-proxy")
    patch = Twin(properties=TwinProperties(desired={"text": "x" * 4000}))
    async with connected_device(hub, "behind-a-proxy", websockets=True) as device:
        await device.listen()
        await asyncio.to_thread(registry.update_twin, "behind-a-proxy", patch, "*")
        assert (await device.next_patch())["text"] == "x" * 4000
        await device.client.patch_twin_reported_properties({"shown": "y" * 4000})
        assert (await device.client.get_twin())["reported"]["shown"] == "y" * 4000
        message = Message(b"z" * 200_000)  # type: ignore[no-untyped-call]
        await device.client.send_message(message)
    (kept,) = messages_of(hub, "behind-a-proxy")
    assert len(kept.body) == 200_000


async def test_a_device_over_websockets_is_cut_off_when_it_is_deleted(
    hub: SimulatedHub, registry: IoTHubRegistryManager
) -> None:
    make_device(registry, "deleted-behind-a-proxy")
    async with connected_device(
        hub, "deleted-behind-a-proxy", websockets=True, connection_retry=False
    ) as device:
        await asyncio.to_thread(registry.delete_device, "deleted-behind-a-proxy")
        await until(lambda: not device.client.connected)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[BackgroundHub]:
    with BackgroundHub(SimulatedHub(tmp_path / "hub", mqtt_port=0, rest_port=0)) as running:
        board = running.hub.board
        wish = IdentityWish("bystander", credentials=KEYS)
        running.call(lambda: board.hub.create(wish, NOON))
        yield running


async def everything_said(hub: SimulatedHub, sent: bytes) -> bytes:
    """Send bytes to the REST port, and give all that comes back until the hub closes."""
    trust = ssl.create_default_context(cafile=hub.ca_file)
    reader, writer = await asyncio.open_connection(hub.host, hub.rest_port, ssl=trust)
    try:
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), PATIENCE)
    finally:
        writer.transport.abort()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"\x82\x05hello", id="not masked"),
        pytest.param(b"\xff" * 100, id="reserved bits"),
        pytest.param(b"\x82\x85\0\0\0\0hello", id="no MQTT inside"),
        pytest.param(b"\x81\x81\0\0\0\0a", id="text"),
        pytest.param(b"\x10\x00" * 50, id="MQTT without frames"),
    ],
)
async def test_a_malformed_websocket_is_cut_off_and_others_do_not_notice(
    running: BackgroundHub, broken: bytes
) -> None:
    async with light_device(Address.of(running.hub), "bystander", KEY) as bystander:
        said = await everything_said(running.hub, REQUEST + broken)
        assert said.startswith(b"HTTP/1.1 101 ")
        assert await is_alive(bystander)


async def test_a_websocket_for_something_else_is_refused(running: BackgroundHub) -> None:
    said = await everything_said(running.hub, REQUEST.replace(b": mqtt", b": chat"))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert running.call(lambda: running.hub.board.connected_count) == 0
