"""All panels of a device: drawing and refreshing, on threads, so that none holds up another.

Panels that share a bus are refreshed one after the other.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import TypeVar

from label_templates.bundles import StoredBundle
from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame
from shelf_agent.displays.base import Display
from shelf_agent.displays.drawing import OpenBundle, check, draw
from shelf_agent.displays.registry import open_display
from shelf_agent.errors import DisplayError
from shelf_agent.machine.values import Picture
from shelf_agent.settings import DisplaySettings

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

KEPT_BYTES = 4 * 2**20
"""Frames that were drawn and wait for their refresh; one that was dropped is drawn again."""


class Glass:
    """The panels of one device, by position."""

    def __init__(
        self, wanted: Iterable[DisplaySettings], threads: Executor, bundles: OpenBundle
    ) -> None:
        self._displays: dict[str, Display] = {}
        for display in wanted:
            self._displays[display.position] = open_display(display)
        buses = {display.bus for display in self._displays.values() if display.bus is not None}
        self._buses = {bus: asyncio.Lock() for bus in buses}
        self._threads, self._bundles = threads, bundles
        self._frames: OrderedDict[str, Frame] = OrderedDict()

    @property
    def panels(self) -> Mapping[str, PanelSpec]:
        """What hangs where."""
        return {position: display.panel for position, display in self._displays.items()}

    def bare(self, hanging: Mapping[str, str]) -> frozenset[str]:
        """Return the positions that do not show the frame they were last brought to show."""
        return frozenset(
            position
            for position, frame in hanging.items()
            if position in self._displays and not self._displays[position].holds(frame)
        )

    async def draw(self, picture: Picture) -> str:
        """Draw a picture and return the frame's digest; raise DrawingError with the reason."""
        frame, digest = await self._on_thread(self._drawn, picture)
        self._frames[digest] = frame
        self._frames.move_to_end(digest)
        while sum(len(kept.indices) for kept in self._frames.values()) > KEPT_BYTES:
            self._frames.popitem(last=False)
        return digest

    async def check(self, bundle: StoredBundle) -> None:
        """Try a bundle's templates; DrawingError names one that this agent cannot draw with."""
        near = list({panel.name: panel for panel in self.panels.values()}.values())
        for template in bundle.names():
            await self._on_thread(check, bundle, template, near)

    async def refresh(self, picture: Picture, digest: str) -> None:
        """Bring a picture that was drawn onto its glass; raise DisplayError with the reason."""
        display = self._displays[picture.position]
        frame = self._frames.pop(digest, None)
        if frame is None:
            frame, _ = await self._on_thread(self._drawn, picture)
        if display.bus is None:
            await self._on_thread(_show, display, frame)
            return
        async with self._buses[display.bus]:
            await self._on_thread(_show, display, frame)

    def close(self) -> None:
        """Let go of all panels."""
        for position, display in self._displays.items():
            try:
                display.close()
            except DisplayError as error:
                log.warning("%s: %s", position, error)

    def _drawn(self, picture: Picture) -> tuple[Frame, str]:
        frame = draw(picture, self._displays[picture.position].panel, self._bundles)
        return frame, frame.digest()

    async def _on_thread(self, work: Callable[..., _Result], *args: object) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


def _show(display: Display, frame: Frame) -> None:
    try:
        display.show(frame)
    except DisplayError:
        raise
    except Exception as error:
        # Drivers stand on packages of others, which raise what they like.
        log.exception("a driver failed")
        raise DisplayError(f"the driver failed: {error!r}") from error
