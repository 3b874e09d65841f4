"""Waveshare's 2.9" e-ink modules, by the vendor's own package waveshare-epaper.

What the package does, and what is done about it here:
- Its modules share one set of pins, fixed at import, so a process could drive one panel only. Each
  display loads the vendor's module anew, on wires of its own.
- Importing its pins tries to find out on what board it runs, and fails off a Pi. They are replaced.
- Its busy loop has no end. Ours does: a panel that stays busy is an error.
- The panel must sleep between refreshes, or the voltage on it shortens its life.
"""

import importlib.util
import itertools
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from label_templates.contract.panel import PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.drawing.packing import packed
from shelf_agent.displays import wires
from shelf_agent.displays.base import Options
from shelf_agent.displays.options import refuse_strange, whole_number
from shelf_agent.displays.wires import Opener, Plan, Wires
from shelf_agent.errors import DisplayError, SettingsError

SPEED_HZ = 4_000_000
BUSY_MARGIN = 3
"""A refresh may take this many times what the catalogue says: cold panels are slow."""
LEAST_BUSY_S = 10.0
_OPTIONS = (
    "spi_bus", "spi_select", "speed_hz", "reset_pin", "dc_pin", "power_pin", "busy_pin",
)  # fmt: skip
_FOLDER = Path("e-Paper", "RaspberryPi_JetsonNano", "python", "lib", "waveshare_epd")
_names = itertools.count()


@dataclass(frozen=True)
class Model:
    """One of the vendor's modules, and what it takes."""

    module: str
    busy_high: bool
    """Whether the busy pin is high while the panel works."""


MODELS = {
    "epd-2.9-bw": Model("epd2in9_V2", busy_high=True),
    "epd-2.9-bwr": Model("epd2in9b_V4", busy_high=True),
}


class WaveshareDisplay:
    """One e-ink panel. It is woken for each frame and put to sleep after it."""

    def __init__(
        self, panel: PanelSpec, model: Model, plan: Plan, opener: Opener,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.panel = panel
        self._model = model
        self._plan = plan
        limit = max(panel.full_refresh_ms / 1000 * BUSY_MARGIN, LEAST_BUSY_S)
        self._pins = _Pins(plan, opener, _BusyWatch(model.busy_high, limit, clock))
        self._driver: Any = None

    @property
    def bus(self) -> str:
        """The SPI bus, shared with whatever else hangs on it."""
        return self._plan.name

    def show(self, frame: Frame) -> None:
        """Wake the panel, send all planes, refresh in full, and let it sleep."""
        black, *others = packed(frame, self.panel)
        driver = self._loaded()
        try:
            driver.init()
            driver.display(black, *map(_for_vendor, others))
            driver.sleep()
        finally:
            self._pins.module_exit()

    def holds(self, frame: str) -> bool:
        """Whatever it was brought to show: e-ink keeps its picture without power."""
        return True

    def close(self) -> None:
        """Let go of the pins; the picture stays."""
        self._pins.module_exit()

    def _loaded(self) -> Any:
        if self._driver is None:
            self._driver = _load(self._model.module, self._pins).EPD()
        return self._driver


class _BusyWatch:
    """Notices a panel that works for longer than it can."""

    def __init__(self, busy_high: bool, limit_s: float, clock: Callable[[], float]) -> None:
        self._busy_high = busy_high
        self._limit_s = limit_s
        self._clock = clock
        self._since: float | None = None

    def see(self, high: bool) -> None:
        """Take one look at the busy pin; raise DisplayError when it was busy for too long."""
        if high is not self._busy_high:
            self._since = None
        elif self._since is None:
            self._since = self._clock()
        elif self._clock() - self._since > self._limit_s:
            self._since = None
            raise DisplayError(f"the panel stays busy for more than {self._limit_s:.0f} s")


class _Pins:
    """Stands in for the vendor's `epdconfig`, with its names, on wires of one panel's own."""

    CS_PIN = -1
    """Chip select is the SPI bus's own business."""

    def __init__(self, plan: Plan, opener: Opener, watch: _BusyWatch) -> None:
        self.RST_PIN, self.DC_PIN, self.PWR_PIN = plan.outputs
        (self.BUSY_PIN,) = plan.inputs
        self._plan = plan
        self._opener = opener
        self._watch = watch
        self._wires: Wires | None = None

    def module_init(self) -> int:
        if self._wires is None:
            self._wires = self._opener(self._plan)
        self._wires.set(self.PWR_PIN, True)
        return 0

    def module_exit(self) -> None:
        if self._wires is not None:
            self._wires.set(self.PWR_PIN, False)
            self._wires.close()
        self._wires = None

    def digital_write(self, pin: int, value: int) -> None:
        if pin != self.CS_PIN:
            self._open.set(pin, bool(value))

    def digital_read(self, pin: int) -> int:
        high = self._open.read(pin)
        self._watch.see(high)
        return int(high)

    def delay_ms(self, milliseconds: int) -> None:
        self._open.pause(milliseconds / 1000)

    def spi_writebyte(self, data: Sequence[int]) -> None:
        # The vendor inverts a plane with `~`, which leaves negative numbers.
        self._open.send(bytes(word & 0xFF for word in data))

    spi_writebyte2 = spi_writebyte

    @property
    def _open(self) -> Wires:
        if self._wires is None:
            raise DisplayError("the panel was let go of while it worked")
        return self._wires


def _for_vendor(plane: bytes) -> list[int]:
    """Return a plane as the vendor wants those after the first: in a list, and inverted.

    Its `display` inverts them in place.
    """
    return [~byte for byte in plane]


def _load(module: str, pins: _Pins) -> ModuleType:
    """Load the vendor's module in a package of its own, where `epdconfig` is our pins."""
    name = f"shelf_agent_waveshare_{next(_names)}"
    package = ModuleType(name)
    package.__path__ = []
    package.epdconfig = pins  # type: ignore[attr-defined]
    sys.modules[name] = package
    spec = _vendor_spec(f"{name}.{module}", module)
    loaded = importlib.util.module_from_spec(spec)
    if spec.loader is not None:
        spec.loader.exec_module(loaded)
    return loaded


def _vendor_spec(name: str, module: str) -> ModuleSpec:
    vendor = importlib.util.find_spec("epaper")
    if vendor is None or vendor.origin is None:
        raise ModuleNotFoundError("waveshare-epaper is not installed", name="waveshare-epaper")
    path = Path(vendor.origin).parent / _FOLDER / f"{module}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or not path.is_file():
        raise SettingsError(f"waveshare-epaper has no {module}")
    return spec


def open_display(
    position: str, panel: PanelSpec, options: Options, opener: Opener = wires.open_pi
) -> WaveshareDisplay:
    """Make a panel at the pins of Waveshare's e-paper HAT or those of the options."""
    refuse_strange("waveshare", options, _OPTIONS)
    model = MODELS.get(panel.name)
    if model is None:
        raise SettingsError(
            f"driver waveshare drives no {panel.name} at {position}; it has {', '.join(MODELS)}"
        )
    _vendor_spec("epaper", model.module)
    outputs = [
        whole_number("waveshare", options, name, default)
        for name, default in (("reset_pin", 17), ("dc_pin", 25), ("power_pin", 18))
    ]
    busy = whole_number("waveshare", options, "busy_pin", 24)
    plan = wires.plan("waveshare", options, speed_hz=SPEED_HZ, outputs=outputs, inputs=(busy,))
    return WaveshareDisplay(panel, model, plan, opener)
