"""Pins and an SPI bus: what panels hang on, and the only file that knows how a Pi drives them.

Drivers speak to `Wires`; tests give them wires that record what goes over them.
"""

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shelf_agent.displays.base import Options
from shelf_agent.displays.options import whole_number
from shelf_agent.errors import DisplayError, SettingsError

CHUNK_BYTES = 4096
"""What Linux takes in one SPI transfer unless told otherwise (spidev's bufsiz)."""


class Wires(Protocol):
    """One panel's connection. Pins are numbered as the Broadcom chip does (GPIO 17, not pin 11)."""

    def set(self, pin: int, high: bool) -> None:
        """Drive a pin."""

    def read(self, pin: int) -> bool:
        """Tell whether a pin is high."""

    def send(self, data: bytes) -> None:
        """Send bytes over SPI."""

    def pause(self, seconds: float) -> None:
        """Let the panel do its work."""

    def close(self) -> None:
        """Let go of bus and pins."""


@dataclass(frozen=True)
class Plan:
    """How a panel is wired."""

    bus: int
    select: int
    """Which of the bus's chip-select lines."""
    speed_hz: int
    outputs: Sequence[int]
    inputs: Sequence[int]

    @property
    def name(self) -> str:
        """The bus as Linux names it; panels that share it take turns."""
        return f"spi{self.bus}"


Opener = Callable[[Plan], Wires]


def plan(
    driver: str, options: Options, *, speed_hz: int, outputs: Sequence[int], inputs: Sequence[int]
) -> Plan:
    """Read `spi_bus`, `spi_select` and `speed_hz` from a driver's options."""
    return Plan(
        bus=whole_number(driver, options, "spi_bus", 0),
        select=whole_number(driver, options, "spi_select", 0),
        speed_hz=whole_number(driver, options, "speed_hz", speed_hz),
        outputs=outputs,
        inputs=inputs,
    )


def open_pi(wanted: Plan) -> Wires:
    """Take a Raspberry Pi's bus and pins; raise DisplayError naming what is in the way."""
    try:
        return _PiWires(wanted)
    except OSError as error:
        raise DisplayError(
            f"/dev/spidev{wanted.bus}.{wanted.select}: {error.strerror or error}; is SPI switched"
            " on (raspi-config) and may this user use it?"
        ) from error


class _PiWires:
    """Pins by gpiozero, SPI by spidev; both imported only where there is a panel to drive."""

    def __init__(self, wanted: Plan) -> None:
        gpio, spi = _package("gpiozero"), _package("spidev")
        self._spi = spi.SpiDev()
        self._spi.open(wanted.bus, wanted.select)
        self._spi.max_speed_hz = wanted.speed_hz
        self._spi.mode = 0
        self._outputs = {pin: _pin(gpio.DigitalOutputDevice, pin) for pin in wanted.outputs}
        self._inputs = {pin: _pin(gpio.DigitalInputDevice, pin) for pin in wanted.inputs}

    def set(self, pin: int, high: bool) -> None:
        self._outputs[pin].value = high

    def read(self, pin: int) -> bool:
        return bool(self._inputs[pin].value)

    def send(self, data: bytes) -> None:
        for start in range(0, len(data), CHUNK_BYTES):
            self._spi.writebytes2(data[start : start + CHUNK_BYTES])

    def pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def close(self) -> None:
        self._spi.close()
        for pin in (*self._outputs.values(), *self._inputs.values()):
            pin.close()


def _pin(kind: Callable[[int], Any], number: int) -> Any:
    try:
        return kind(number)
    except Exception as error:
        # gpiozero raises what its back end raises: lgpio, a busy pin, no pins at all.
        raise DisplayError(f"GPIO {number} cannot be used: {error}") from error


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the package {name} is missing: pip install 'edge-shelf[agent,pins]'"
        ) from error
