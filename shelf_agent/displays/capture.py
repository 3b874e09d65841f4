"""A display that keeps its picture as a PNG file: for simulated shelves, tests and a first try.

It acts like an e-ink panel without any refresh time: the file is replaced in one step, so whoever
looks sees the old picture or the new one, and it stays there when the agent is gone.
"""

from pathlib import Path

from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError
from shelf_agent.displays.base import Options
from shelf_agent.displays.options import refuse_strange
from shelf_agent.errors import DisplayError, SettingsError


class CaptureDisplay:
    """One PNG file, `DIRECTORY/POSITION.png`."""

    bus = None

    def __init__(self, position: str, panel: PanelSpec, directory: Path) -> None:
        self.panel = panel
        self._path = directory / f"{position}.png"

    def show(self, frame: Frame) -> None:
        """Write the picture and put it in place of the one before."""
        beside = self._path.with_suffix(".new")
        try:
            beside.write_bytes(frame.png())
            beside.replace(self._path)
        except OSError as error:
            raise DisplayError(f"{self._path} cannot be written: {error.strerror}") from error

    def holds(self, frame: str) -> bool:
        """Read the picture back and compare."""
        try:
            return Frame.read_png(self._path.read_bytes(), self.panel.inks).digest() == frame
        except (OSError, FrameError):
            return False  # no picture, or another one: it will be drawn again

    def close(self) -> None:
        """Leave the picture where it is."""


def open_display(position: str, panel: PanelSpec, options: Options) -> CaptureDisplay:
    """Make the folder `directory` if need be, and a display in it."""
    refuse_strange("capture", options, ("directory",))
    directory = options.get("directory")
    if not isinstance(directory, str):
        raise SettingsError("driver capture needs the option `directory`, a folder for its PNGs")
    try:
        Path(directory).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"folder {directory}: {error.strerror}") from error
    return CaptureDisplay(position, _without_rest(panel), Path(directory))


def _without_rest(panel: PanelSpec) -> PanelSpec:
    """Drop the pause that vendors ask for between two refreshes: a file wears out nothing."""
    return panel.model_copy(update={"min_interval_s": 0})
