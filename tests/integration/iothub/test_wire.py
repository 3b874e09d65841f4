"""What happens on the wire: cuts, wills, malformed peers, restarts."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.errors import BadDeviceAnswerError, MethodTimedOutError
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.methods import MethodCall
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.protocol.packets import (
    Disconnect,
    Pingreq,
    Pingresp,
    Publish,
    Suback,
    Subscribe,
    Will,
)
from simulators.iothub.protocol.topics import METHODS
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import SimulatedHub, utc_seconds
from simulators.iothub.server.method_calls import MethodResult
from tests.integration.iothub.clients import until
from tests.integration.iothub.light_device import Address, LightDevice, light_device, peer

pytestmark = pytest.mark.integration

KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
KEYS = Credentials.of_keys(KEY, KEY)
NOON = 1_795_435_200.0
DESIRED = "$iothub/twin/PATCH/properties/desired/"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = utc_seconds()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def running(tmp_path: Path, clock: Clock) -> Iterator[BackgroundHub]:
    hub = SimulatedHub(tmp_path / "hub", mqtt_port=0, rest_port=0, clock=clock)
    with BackgroundHub(hub) as running:
        yield running


@pytest.fixture
def hub(running: BackgroundHub) -> SimulatedHub:
    return running.hub


def register(running: BackgroundHub, device_id: str) -> None:
    wish = IdentityWish(device_id, credentials=KEYS)
    running.call(lambda: running.hub.board.hub.create(wish, NOON))


def desire(running: BackgroundHub, device_id: str, price: int) -> None:
    patch = TwinPatch(desired={"price": price})
    running.call(lambda: running.hub.board.hub.patch_twin(device_id, patch, "*", NOON))


async def is_alive(device: LightDevice) -> bool:
    device.send(Pingreq())
    return await device.receive() == Pingresp()


async def test_a_device_is_cut_off_when_its_token_expires(
    running: BackgroundHub, hub: SimulatedHub, clock: Clock
) -> None:
    register(running, "expires")
    register(running, "stays")
    address, soon = Address.of(hub), int(clock.now) + 60
    async with (
        light_device(address, "expires", KEY, expiry=soon) as device,
        light_device(address, "stays", KEY, expiry=soon + 1) as other,
    ):
        assert await is_alive(device)
        clock.now += 60
        running.call(hub.board.sweep)
        assert await device.is_closed_by_the_hub()
        assert await is_alive(other)


async def test_a_silent_device_is_cut_off_after_one_and_a_half_keepalives(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    register(running, "silent")
    async with light_device(Address.of(hub), "silent", KEY, keepalive=1) as device:
        assert await device.is_closed_by_the_hub()


async def test_the_will_of_a_lost_device_becomes_a_message(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    register(running, "lost")
    register(running, "polite")
    address, log = Address.of(hub), hub.board.events.log
    will = Will("devices/lost/messages/events/cause=power", b"gone", 1, False)
    polite = Will("devices/polite/messages/events/", b"gone", 1, False)
    async with light_device(address, "polite", KEY, will=polite) as device:
        device.send(Disconnect())
        assert await device.is_closed_by_the_hub()
    async with light_device(address, "lost", KEY, will=will):
        pass
    await until(lambda: any(log.events()))
    (stored,) = log.events()
    assert stored.event.properties == {"cause": "power", "iothub-MessageType": "Will"}


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="http"),
        pytest.param(b"\x10\xff\xff\xff\xff\xff", id="endless length"),
        pytest.param(bytes(range(256)) * 40, id="noise"),
        pytest.param(b"\xc0\x00", id="ping before connect"),
    ],
)
async def test_a_malformed_peer_is_cut_off_and_others_do_not_notice(
    running: BackgroundHub, hub: SimulatedHub, garbage: bytes
) -> None:
    register(running, "bystander")
    address = Address.of(hub)
    async with light_device(address, "bystander", KEY) as bystander, peer(address) as stranger:
        await bystander.subscribe()
        stranger.writer.write(garbage)
        assert await stranger.is_closed_by_the_hub()
        desire(running, "bystander", 119)
        heard = await bystander.receive_publish(DESIRED)
        assert json.loads(heard.body) == {"price": 119, "$version": 2}


async def test_a_peer_that_speaks_no_tls_harms_nobody(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    register(running, "bystander")
    with socket.create_connection((hub.host, hub.mqtt_port)) as plain:
        plain.sendall(b"\x10\x00" * 100)
        async with light_device(Address.of(hub), "bystander", KEY) as bystander:
            assert await is_alive(bystander)


async def test_a_persistent_session_outlives_the_hub(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    with BackgroundHub(SimulatedHub(folder, mqtt_port=0, rest_port=0)) as running:
        register(running, "faithful")
        async with light_device(Address.of(running.hub), "faithful", KEY) as device:
            await device.subscribe()
            answer = await device.report(1, b'{"rev": 7}')
            assert answer.topic == "$iothub/twin/res/204/?$rid=1&$version=2"
        first = running.hub.connection_string.partition("SharedAccessKey=")[2]
    with BackgroundHub(SimulatedHub(folder, mqtt_port=0, rest_port=0)) as running:
        address = Address.of(running.hub)
        async with light_device(address, "faithful", KEY, session_present=True) as device:
            desire(running, "faithful", 99)
            assert json.loads((await device.receive_publish(DESIRED)).body)["price"] == 99
        reported = running.hub.board.hub.device("faithful").twin.reported
        assert (reported.value(), reported.version) == ({"rev": 7}, 2)
        assert running.hub.connection_string.endswith(first)


async def test_answers_come_in_the_order_of_the_requests(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    register(running, "busy")
    async with light_device(Address.of(hub), "busy", KEY) as device:
        await device.subscribe()
        for request in range(50):
            topic = f"$iothub/twin/PATCH/properties/reported/?$rid={request}"
            device.send(Publish(topic, b'{"n": %d}' % request))
        topics = [(await device.receive_publish("$iothub/twin/res/")).topic for _ in range(50)]
    assert topics == [
        f"$iothub/twin/res/204/?$rid={request}&$version={request + 2}" for request in range(50)
    ]


async def listening(device: LightDevice) -> None:
    device.send(Subscribe(1, ((METHODS, 0),)))
    assert isinstance(await device.receive(), Suback)


@pytest.fixture
async def near_hub(tmp_path: Path) -> AsyncIterator[SimulatedHub]:
    """A hub on the test's own event loop."""
    async with SimulatedHub(tmp_path / "near", mqtt_port=0, rest_port=0) as hub:
        hub.board.hub.create(IdentityWish("asked", credentials=KEYS), NOON)
        yield hub


async def test_a_method_waits_for_its_device_to_connect(near_hub: SimulatedHub) -> None:
    call = MethodCall("identify", b'{"seconds":5}', response_seconds=20, connect_seconds=20)
    asked = asyncio.ensure_future(near_hub.board.methods.call("asked", call))
    async with light_device(Address.of(near_hub), "asked", KEY) as device:
        await listening(device)
        question = await device.receive_publish("$iothub/methods/POST/identify/")
        assert question.body == b'{"seconds":5}'
        request_id = question.topic.partition("$rid=")[2]
        device.send(Publish(f"$iothub/methods/res/200/?$rid={request_id}", b'"seen"'))
        assert await asked == MethodResult(200, "seen")


async def test_a_method_that_is_not_answered_in_time_fails_and_a_late_answer_is_nothing(
    near_hub: SimulatedHub,
) -> None:
    async with light_device(Address.of(near_hub), "asked", KEY) as device:
        await listening(device)
        with pytest.raises(MethodTimedOutError):
            await near_hub.board.methods.call("asked", MethodCall("slow", b"null", 0))
        question = await device.receive_publish("$iothub/methods/POST/slow/")
        request_id = question.topic.partition("$rid=")[2]
        device.send(Publish(f"$iothub/methods/res/200/?$rid={request_id}", b"1"))
        assert await is_alive(device)


async def test_a_method_answered_with_something_else_than_json_fails(
    near_hub: SimulatedHub,
) -> None:
    async with light_device(Address.of(near_hub), "asked", KEY) as device:
        await listening(device)
        asked = asyncio.ensure_future(
            near_hub.board.methods.call("asked", MethodCall("odd", b"null", 20))
        )
        question = await device.receive_publish("$iothub/methods/POST/odd/")
        request_id = question.topic.partition("$rid=")[2]
        device.send(Publish(f"$iothub/methods/res/200/?$rid={request_id}", b"{"))
        with pytest.raises(BadDeviceAnswerError):
            await asked


def https(hub: SimulatedHub, sent: bytes) -> bytes:
    trust = ssl.create_default_context(cafile=hub.ca_file)
    with (
        socket.create_connection((hub.host, hub.rest_port), timeout=20) as plain,
        trust.wrap_socket(plain, server_hostname=hub.host) as secure,
    ):
        secure.sendall(sent)
        received = b""
        while piece := secure.recv(65536):
            received += piece
        return received


async def test_a_malformed_request_is_answered_and_cut_off(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    answer = await asyncio.to_thread(https, hub, b"NO SUCH THING\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")


async def test_requests_sent_together_are_answered_one_by_one(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    request = b"GET /devices HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /devices HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = await asyncio.to_thread(https, hub, request * 300 + last)
    assert answer.count(b"HTTP/1.1 401 Unauthorized\r\n") == 301


async def test_a_body_that_is_too_large_is_refused(
    running: BackgroundHub, hub: SimulatedHub
) -> None:
    head = b"PUT /devices/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n"
    answer = await asyncio.to_thread(https, hub, head + b" " * 8_400_000)
    assert answer.startswith(b"HTTP/1.1 413 Request Entity Too Large\r\n")
