"""One shelf as the cloud sees it: seals and pushes by the service SDK, looks at the PNGs."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import CloudToDeviceMethod, Twin, TwinProperties

from label_templates.bundles import installed_bundle
from label_templates.contract import seal, wire
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from shelf_agent import settings
from shelf_agent.runtime import ShelfAgent
from simulators.iothub.server.hub import SimulatedHub
from tests.unit.agent.cloud import FIRST, ROOT, SECOND, STORE, sealed

PATIENCE_S = 30.0
PANEL = "epd-2.9-bw"


class Shop:
    """One device, registered at the hub, with two panels captured as PNG files."""

    def __init__(self, hub: SimulatedHub, registry: IoTHubRegistryManager, folder: Path) -> None:
        self.hub = hub
        self.registry = registry
        self.folder = folder
        self.device = folder.name
        registry.create_device_with_sas(self.device, "", "", "enabled")
        self.settings_file = self.write_settings(hub.device_connection_string(self.device))

    def write_settings(self, connection_string: str) -> Path:
        """Write agent.toml as an installation would."""
        lines = [
            f'device = "{self.device}"',
            f'connection_string = "{connection_string}"',
            f'root_key = "{seal.public_text(ROOT.public_key())}"',
            f'trust = "{self.hub.ca_file}"',
            'state_dir = "state"',
        ]
        for position in (FIRST, SECOND):
            lines += [
                "[[displays]]", f'position = "{position}"', 'driver = "capture"',
                f'panel = "{PANEL}"', "[displays.options]", 'directory = "glass"',
            ]  # fmt: skip
        path = self.folder / "agent.toml"
        path.write_text("\n".join(lines))
        return path

    def fetch_from(self, address: str) -> None:
        """Have the agent fetch template bundles from an address."""
        lines = self.settings_file.read_text().splitlines()
        others = [line for line in lines if not line.startswith("bundles =")]
        self.settings_file.write_text("\n".join([f'bundles = "{address}"', *others]))

    def seal(self, tiles: Mapping[str, Tile], rev: int, bundle: str | None = None) -> Desired:
        """Seal tiles for this device, to be drawn with the installed bundle or another."""
        bundle = bundle or installed_bundle().digest
        return sealed(tiles, rev, to=self.device, bundle=bundle, until=soon(72 * 3600))

    def desire(self, tiles: Mapping[str, Tile], rev: int, bundle: str | None = None) -> None:
        """Seal tiles for this device and write its desired twin."""
        self.write(wire.write_desired(self.seal(tiles, rev, bundle)))

    def write(self, desired: dict[str, Any]) -> None:
        """Patch the desired twin as it stands."""
        twin = self.registry.get_twin(self.device)
        patch = Twin(properties=TwinProperties(desired=desired))
        self.registry.update_twin(self.device, patch, twin.etag)

    def reported(self) -> dict[str, Any]:
        """What the device said of itself last."""
        reported: dict[str, Any] = self.registry.get_twin(self.device).properties.reported
        return reported

    def glass(self, position: str) -> Path:
        """Where a panel's picture lies."""
        return self.folder / "glass" / f"{position}.png"

    def frame(self, position: str) -> Frame:
        """What hangs at a position."""
        return Frame.read_png(self.glass(position).read_bytes(), panel_spec(PANEL).inks)

    async def call(self, name: str, payload: Any) -> tuple[int, Any]:
        """Call a direct method."""
        method = CloudToDeviceMethod(
            method_name=name, payload=payload, response_timeout_in_seconds=20
        )
        answer = await asyncio.to_thread(self.registry.invoke_device_method, self.device, method)
        return answer.status, answer.payload

    @asynccontextmanager
    async def agent(self) -> AsyncIterator[ShelfAgent]:
        """Run the agent for the length of a `with`, and end it as SIGTERM would."""
        agent = ShelfAgent(settings.load(self.settings_file))
        running = asyncio.create_task(agent.run())
        try:
            yield agent
        finally:
            agent.stop()
            await asyncio.wait_for(running, PATIENCE_S)

    async def until(self, holds: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Wait until something holds of the reported twin; return the twin."""
        end = time.monotonic() + PATIENCE_S
        while True:
            reported = await asyncio.to_thread(self.reported)
            if holds(reported):
                return reported
            assert time.monotonic() < end, f"still {reported}"
            await asyncio.sleep(0.05)


def wanted_frame(tile: Tile) -> Frame:
    """The frame that the product's renderer draws for what a tile shows now."""
    renderer = Renderer(installed_bundle())
    return renderer.render(tile.tpl, tile.now, panel_spec(PANEL), STORE)


def shows(position: str, price: int) -> Callable[[dict[str, Any]], bool]:
    """Whether the shelf has reported that a price hangs."""

    def holds(reported: dict[str, Any]) -> bool:
        ack = reported.get("tiles", {}).get(position, {})
        return bool(ack.get("state") == "shown" and ack.get("price") == price)

    return holds


def soon(seconds: float) -> int:
    """An instant so many seconds from now."""
    return int(time.time() + seconds)  # noqa: TID251  # a test at the process's edge
