"""Modules on the wire: what cuts them off, and that they keep to their own topics."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.protocol.packets import (
    SUBSCRIPTION_REFUSED,
    Publish,
    Suback,
    Subscribe,
)
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.light_device import Address, light_device
from tests.integration.iothub.test_wire import KEY, KEYS, NOON, Clock, is_alive

pytestmark = pytest.mark.integration


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def running(tmp_path: Path, clock: Clock) -> Iterator[BackgroundHub]:
    """A hub with a device and two modules of it."""
    hub = SimulatedHub(tmp_path / "hub", mqtt_port=0, rest_port=0, clock=clock)
    with BackgroundHub(hub) as running:
        for module_id in (None, "camera", "scale"):
            wish = IdentityWish("host", credentials=KEYS, module_id=module_id)
            running.call(lambda wish=wish: hub.board.hub.create(wish, NOON))  # type: ignore[misc]
        yield running


@pytest.fixture
def address(running: BackgroundHub) -> Address:
    return Address.of(running.hub)


async def test_a_module_is_cut_off_when_its_own_token_expires(
    running: BackgroundHub, address: Address, clock: Clock
) -> None:
    soon = int(clock.now) + 60
    async with (
        light_device(address, "host", KEY) as device,
        light_device(address, "host/camera", KEY, expiry=soon) as camera,
        light_device(address, "host/scale", KEY, expiry=soon + 1) as scale,
    ):
        clock.now += 60
        running.call(running.hub.board.sweep)
        assert await camera.is_closed_by_the_hub()
        assert await is_alive(scale)
        assert await is_alive(device)


async def test_a_second_connection_of_a_module_drops_only_its_first(address: Address) -> None:
    async with (
        light_device(address, "host", KEY) as device,
        light_device(address, "host/camera", KEY) as first,
        light_device(address, "host/camera", KEY) as second,
    ):
        assert await first.is_closed_by_the_hub()
        assert await is_alive(second)
        assert await is_alive(device)


async def test_a_module_listens_to_its_own_topics_only(address: Address) -> None:
    async with light_device(address, "host/camera", KEY) as camera:
        own = "devices/host/modules/camera/inputs/#"
        others = ("devices/host/messages/devicebound/#", "devices/host/modules/scale/inputs/#")
        camera.send(Subscribe(1, tuple((topic, 1) for topic in (own, *others))))
        refused = (SUBSCRIPTION_REFUSED, SUBSCRIPTION_REFUSED)
        assert await camera.receive() == Suback(1, (1, *refused))


@pytest.mark.parametrize(
    "topic", ["devices/host/messages/events/", "devices/host/modules/scale/messages/events/"]
)
async def test_a_module_that_speaks_for_another_is_cut_off(address: Address, topic: str) -> None:
    async with (
        light_device(address, "host/camera", KEY) as camera,
        light_device(address, "host/scale", KEY) as scale,
    ):
        camera.send(Publish(topic, b"mine"))
        assert await camera.is_closed_by_the_hub()
        assert await is_alive(scale)
