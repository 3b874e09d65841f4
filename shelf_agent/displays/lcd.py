"""Colour LCDs with an ST7789 controller, by luma.lcd, in 320 x 240 pixels over SPI.

An LCD loses its picture with its power, so after a restart it is always drawn again. Defaults are
the pins of Waveshare's 2" LCD module: DC 25, reset 27, backlight 18.
"""

import functools

from luma.lcd.device import st7789
from PIL import Image

from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame
from shelf_agent.displays import wires
from shelf_agent.displays.base import Options
from shelf_agent.displays.options import refuse_strange, whole_number
from shelf_agent.displays.wires import Opener, Plan, Wires
from shelf_agent.errors import SettingsError

RESET_PAUSE_S = 0.15
"""ST7789 data sheet: 120 ms from the end of a reset to the first command."""
SPEED_HZ = 40_000_000
PANELS = frozenset({"lcd-st7789"})
_OPTIONS = ("spi_bus", "spi_select", "speed_hz", "dc_pin", "reset_pin", "light_pin")


class LcdDisplay:
    """One LCD. It is switched on by its first frame."""

    def __init__(self, panel: PanelSpec, plan: Plan, opener: Opener) -> None:
        self.panel = panel
        self._plan = plan
        self._opener = opener
        self._wires: Wires | None = None
        self._device: st7789 | None = None

    @property
    def bus(self) -> str:
        """The SPI bus, shared with whatever else hangs on it."""
        return self._plan.name

    def show(self, frame: Frame) -> None:
        """Send all pixels; a panel that failed is set up anew at the next frame."""
        try:
            self._ready().display(_seen(frame))
        except Exception:
            self.close()
            raise

    def holds(self, frame: str) -> bool:
        """Nothing: an LCD forgets its picture."""
        return False

    def close(self) -> None:
        """Switch the light off and let go of the bus."""
        if self._wires is not None:
            self._wires.set(self._light, False)
            self._wires.close()
        self._wires = self._device = None

    @property
    def _light(self) -> int:
        return self._plan.outputs[2]

    def _ready(self) -> st7789:
        if self._device is None:
            opened = self._wires = self._opener(self._plan)
            serial = _Serial(opened, *self._plan.outputs[:2])
            light = functools.partial(opened.set, self._light)
            size = {"width": self.panel.width, "height": self.panel.height}
            self._device = st7789(serial, backlight=light, **size)
            self._device.persist = True  # or luma would clear the glass when the process ends
        return self._device


class _Serial:
    """luma's serial interface on our wires: low DC for commands, high for data."""

    def __init__(self, on: Wires, dc_pin: int, reset_pin: int) -> None:
        self._wires = on
        self._dc_pin = dc_pin
        for high in (True, False, True):
            on.set(reset_pin, high)
            on.pause(RESET_PAUSE_S)

    def command(self, *words: int) -> None:
        self._wires.set(self._dc_pin, False)
        self._wires.send(bytes(words))

    def data(self, words: list[int]) -> None:
        self._wires.set(self._dc_pin, True)
        self._wires.send(bytes(words))

    def cleanup(self) -> None:
        """Nothing: the display closes its wires itself."""


def _seen(frame: Frame) -> Image.Image:
    return frame.image().convert("RGB")


def open_display(
    position: str, panel: PanelSpec, options: Options, opener: Opener = wires.open_pi
) -> LcdDisplay:
    """Make an LCD at its default pins or those of the options."""
    refuse_strange("lcd", options, _OPTIONS)
    if panel.name not in PANELS:
        raise SettingsError(
            f"driver lcd drives no {panel.name} at {position}; it has {', '.join(sorted(PANELS))}"
        )
    pins = [
        whole_number("lcd", options, name, default)
        for name, default in (("dc_pin", 25), ("reset_pin", 27), ("light_pin", 18))
    ]
    plan = wires.plan("lcd", options, speed_hz=SPEED_HZ, outputs=pins, inputs=())
    return LcdDisplay(panel, plan, opener)
