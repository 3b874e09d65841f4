"""All panels of a device: drawing and refreshing, on threads, so that none holds up another.

One renderer serves the process. Panels that share a bus are refreshed one after the other.
"""

import asyncio
import functools
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from typing import TypeVar

from label_templates.bundles import installed_bundle
from label_templates.contract.errors import ContractError
from label_templates.contract.panel import Ink, PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from shelf_agent.displays.base import Display
from shelf_agent.displays.registry import open_display
from shelf_agent.errors import DisplayError, DrawingError
from shelf_agent.machine.values import Picture
from shelf_agent.settings import DisplaySettings

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

KEPT_BYTES = 4 * 2**20
"""Frames that were drawn and wait for their refresh; one that was dropped is drawn again."""


class Glass:
    """The panels of one device, by position."""

    def __init__(self, wanted: Iterable[DisplaySettings], threads: Executor) -> None:
        self._displays: dict[str, Display] = {}
        for display in wanted:
            self._displays[display.position] = open_display(display)
        buses = {display.bus for display in self._displays.values() if display.bus is not None}
        self._buses = {bus: asyncio.Lock() for bus in buses}
        self._threads = threads
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
        frame = draw(picture, self._displays[picture.position].panel)
        return frame, frame.digest()

    async def _on_thread(self, work: Callable[..., _Result], *args: object) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)


_drawing = threading.Lock()
"""The renderer's caches are not made for two threads at once."""


@functools.cache
def _renderer() -> Renderer:
    return Renderer(installed_bundle())


def draw(picture: Picture, panel: PanelSpec) -> Frame:
    """Draw a picture for a panel; raise DrawingError with the reason."""
    if picture.showing is None:
        white = bytes([panel.inks.index(Ink.WHITE)])
        return Frame(panel.width, panel.height, panel.inks, white * (panel.width * panel.height))
    showing = picture.showing
    try:
        with _drawing:
            return _renderer().render(showing.tpl, showing.content, panel, picture.store)
    except ContractError as error:
        raise DrawingError(str(error)) from error
    except Exception as error:
        # One tile must not take down the shelf, whatever is wrong with the renderer.
        log.exception("the renderer failed at %s", picture.position)
        raise DrawingError(f"the renderer failed: {error!r}") from error


def _show(display: Display, frame: Frame) -> None:
    try:
        display.show(frame)
    except DisplayError:
        raise
    except Exception as error:
        # Drivers stand on packages of others, which raise what they like.
        log.exception("a driver failed")
        raise DisplayError(f"the driver failed: {error!r}") from error
