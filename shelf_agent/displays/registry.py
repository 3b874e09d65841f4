"""Drivers by name. A driver's module is imported only when a panel wants it.

So an agent needs only the packages of the panels that it has; a package that is missing is named
with the extra that brings it.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from label_templates.contract.panel import PanelSpec
from shelf_agent.displays.base import Display, Options
from shelf_agent.errors import SettingsError
from shelf_agent.settings import DisplaySettings

Factory = Callable[[str, PanelSpec, Options], Display]
"""(position, panel, options) -> display; raises SettingsError for options it cannot use."""


@dataclass(frozen=True)
class Driver:
    """Where a driver is found."""

    module: str
    extra: str | None = None
    """The extra of edge-shelf that brings the packages it imports."""


DRIVERS: dict[str, Driver] = {
    "capture": Driver("shelf_agent.displays.capture"),
    "waveshare": Driver("shelf_agent.displays.waveshare", extra="waveshare"),
    "lcd": Driver("shelf_agent.displays.lcd", extra="lcd"),
}


def open_display(wanted: DisplaySettings) -> Display:
    """Make the display that the settings ask for; SettingsError names position and reason."""
    try:
        return _opened(_driver(wanted.driver), wanted)
    except SettingsError as error:
        raise SettingsError(f"display {wanted.position}: {error}") from error


def _driver(name: str) -> Driver:
    if name not in DRIVERS:
        raise SettingsError(f"unknown driver {name!r}; known are {', '.join(sorted(DRIVERS))}")
    return DRIVERS[name]


def _opened(driver: Driver, wanted: DisplaySettings) -> Display:
    try:
        factory: Factory = importlib.import_module(driver.module).open_display
        return factory(wanted.position, wanted.spec, wanted.options)
    except ModuleNotFoundError as error:
        if driver.extra is None:
            raise
        install = f"pip install 'edge-shelf[agent,{driver.extra}]'"
        raise SettingsError(
            f"driver {wanted.driver} needs the package {error.name}: {install}"
        ) from error
