"""What a panel driver is: it brings one frame onto one glass, and says so when it cannot.

docs/drivers.md shows how to write one.
"""

from collections.abc import Mapping
from typing import Protocol

from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame

Options = Mapping[str, str | int | float | bool]
"""What the settings say under `[displays.options]`."""


class Display(Protocol):
    """One panel. `show` may block for seconds; it is called on a thread, once at a time."""

    @property
    def panel(self) -> PanelSpec:
        """What the panel is; frames come in exactly its size and inks."""

    @property
    def bus(self) -> str | None:
        """Name of the bus it shares with other panels: only one of them is refreshed at a time."""

    def show(self, frame: Frame) -> None:
        """Bring a frame onto the glass and return when it hangs there.

        Raises DisplayError with the reason, in words a clerk understands; every wait ends.
        """

    def holds(self, frame: str) -> bool:
        """Tell whether the glass still shows the frame of this digest, after a restart."""

    def close(self) -> None:
        """Let go of pins and buses; the glass keeps its picture where it can."""
