"""Whatever a stranger sends on whatever port, in whatever pieces: nobody else notices."""

from __future__ import annotations

import logging
import socket
import ssl
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.amqp.frames import AMQP_HEADER, SASL_HEADER, frame
from simulators.iothub.protocol.decoding import PacketReader
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import Connack, Connect, Pingreq, Pingresp, Verdict
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.test_websockets import REQUEST
from tests.integration.iothub.test_wire import KEY, KEYS, NOON
from tests.unit.iothub.amqp_peer import a_begin, an_open, sending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.iothub.protocol.packets import Packet

pytestmark = pytest.mark.integration

PATIENCE = 20.0
SESSION: Final = b"".join(frame(0, each) for each in (an_open(), a_begin(), sending("$cbs")))
GREETINGS: Final = {
    "mqtt": [b"", b"\x10", encode(Pingreq()), b"\x10\x0c\x00\x04MQTT\x04\x00\x00\x3c\x00\x00"],
    "rest": [b"", b"GET /devices HTTP/1.1\r\nHost: localhost\r\n", REQUEST, REQUEST + b"\x82\xfe"],
    "amqps": [b"", AMQP_HEADER, SASL_HEADER, AMQP_HEADER + SESSION],
    "amqp": [b"", AMQP_HEADER, SASL_HEADER, AMQP_HEADER + SESSION],
}
"""How a stranger may begin before it talks nonsense."""


class Bystander:
    """A device that is connected all the while."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._packets = PacketReader()

    def ask(self, packet: Packet) -> Packet:
        """Send a packet and give the hub's answer."""
        self._connection.sendall(encode(packet))
        while True:
            data = self._connection.recv(65536)
            assert data, "the hub closed the connection"
            for answer in self._packets.feed(data):
                return answer


@contextmanager
def connected(hub: SimulatedHub, door: str) -> Iterator[socket.socket]:
    ports = {
        "mqtt": hub.mqtt_port,
        "rest": hub.rest_port,
        "amqps": hub.amqps_port,
        "amqp": hub.amqp_port,
    }
    with socket.create_connection((hub.host, ports[door] or 0), timeout=PATIENCE) as plain:
        if door == "amqp":
            yield plain
            return
        trust = ssl.create_default_context(cafile=hub.ca_file)
        with trust.wrap_socket(plain, server_hostname=hub.host) as secure:
            yield secure


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundHub]:
    folder = tmp_path_factory.mktemp("hub")
    hub = SimulatedHub(folder, mqtt_port=0, rest_port=0, amqps_port=0, amqp_port=0)
    with BackgroundHub(hub) as running:
        yield running


@pytest.fixture(scope="module")
def bystander(running: BackgroundHub) -> Iterator[Bystander]:
    hub = running.hub
    running.call(lambda: hub.board.hub.create(IdentityWish("bystander", credentials=KEYS), NOON))
    with connected(hub, "mqtt") as connection:
        device = Bystander(connection)
        token = make_token(f"{hub.host}/devices/bystander", KEY, 2**33)
        user = f"{hub.host}/bystander/?api-version=2021-04-12"
        answer = device.ask(Connect("bystander", True, 600, user, token))
        assert answer == Connack(Verdict.ACCEPTED, False)
        yield device


def pieces_of(sent: bytes, cuts: list[int]) -> Iterator[bytes]:
    places = sorted({cut % (len(sent) + 1) for cut in cuts} | {0, len(sent)})
    for start, end in pairwise(places):
        yield sent[start:end]


@pytest.mark.parametrize("door", GREETINGS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nobody_notices_a_stranger_that_talks_nonsense(
    running: BackgroundHub,
    bystander: Bystander,
    caplog: pytest.LogCaptureFixture,
    door: str,
    data: st.DataObject,
) -> None:
    greeting = data.draw(st.sampled_from(GREETINGS[door]))
    sent = greeting + data.draw(st.binary(max_size=400))
    with connected(running.hub, door) as stranger:
        try:
            for piece in pieces_of(sent, data.draw(st.lists(st.integers(0), max_size=6))):
                stranger.sendall(piece)
        except OSError:
            pass  # cut off in the middle of it
        assert bystander.ask(Pingreq()) == Pingresp()
    assert running.call(lambda: running.hub.board.connected_count) == 1
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []
