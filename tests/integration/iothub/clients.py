"""The two Azure SDKs, unmodified, pointed at a simulated hub."""

import asyncio
import queue
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from azure.iot.device.aio import IoTHubDeviceClient, IoTHubModuleClient
from azure.iot.hub import IoTHubRegistryManager

from simulators.iothub.core.event_log import RoutedEvent
from simulators.iothub.server.hub import SimulatedHub

PATIENCE = 20.0


def make_device(registry: IoTHubRegistryManager, device_id: str) -> Any:
    """Register a device whose keys the hub makes."""
    return registry.create_device_with_sas(device_id, "", "", "enabled")


def make_module(registry: IoTHubRegistryManager, device_id: str, module_id: str) -> Any:
    """Register a module whose keys the hub makes, on a device that is there."""
    return registry.create_module_with_sas(device_id, module_id, "", "", "")


def messages_of(hub: SimulatedHub, device_id: str) -> list[RoutedEvent]:
    """Give what a device and its modules have said."""
    stored = (each.event for each in hub.board.events.log.events())
    return [event for event in stored if event.device_id == device_id]


class Device:
    """A device or module client and what it hears; the SDK's handlers run on threads of its own."""

    def __init__(self, client: IoTHubDeviceClient | IoTHubModuleClient) -> None:
        self.client = client
        self.patches: queue.Queue[dict[str, Any]] = queue.Queue()

    async def listen(self) -> None:
        """Subscribe to desired patches."""

        async def received(patch: dict[str, Any]) -> None:
            self.patches.put(patch)

        def subscribe() -> None:
            self.client.on_twin_desired_properties_patch_received = received

        await asyncio.to_thread(subscribe)

    async def next_patch(self) -> dict[str, Any]:
        """Wait for the next desired patch."""
        return await asyncio.to_thread(self.patches.get, timeout=PATIENCE)


@asynccontextmanager
async def connected_device(
    hub: SimulatedHub, device_id: str, **options: Any
) -> AsyncIterator[Device]:
    """Connect a registered device until the block ends."""
    client = IoTHubDeviceClient.create_from_connection_string(
        hub.device_connection_string(device_id),
        server_verification_cert=hub.ca_file.read_text(),
        **options,
    )
    async with _connected(client) as device:
        yield device


@asynccontextmanager
async def connected_module(
    hub: SimulatedHub, device_id: str, module_id: str, **options: Any
) -> AsyncIterator[Device]:
    """Connect a registered module until the block ends."""
    client = IoTHubModuleClient.create_from_connection_string(
        hub.module_connection_string(device_id, module_id),
        server_verification_cert=hub.ca_file.read_text(),
        **options,
    )
    async with _connected(client) as device:
        yield device


@asynccontextmanager
async def _connected(client: IoTHubDeviceClient | IoTHubModuleClient) -> AsyncIterator[Device]:
    try:
        await asyncio.wait_for(client.connect(), PATIENCE)
        yield Device(client)
    finally:
        await asyncio.wait_for(client.shutdown(), PATIENCE)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something that only polling shows."""
    async with asyncio.timeout(PATIENCE):
        while not await asyncio.to_thread(condition):  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.02)
