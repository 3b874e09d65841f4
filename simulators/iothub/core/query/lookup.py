"""Finds a property of a device by its path, reading no more JSON than it must.

A search for what changed since an instant looks at one stamp a device and reads no twin at all.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from simulators.iothub.core.document import JsonValue, parse_object
from simulators.iothub.core.hub import Device
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.stamps import Stamps, metadata_text
from simulators.iothub.core.twin import Section
from simulators.iothub.core.views import TWIN_HEAD, says


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""There is no such property, which is not the same as null."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A property that is an instant."""

    at: float

    @property
    def text(self) -> str:
        """Write it as Azure does."""
        return instant_text(self.at)


def look_up(device: Device, names: tuple[str, ...]) -> JsonValue:
    """Give a property's value, an Instant, or MISSING."""
    first, *rest = names
    if first == "properties":
        return _property(device, rest)
    if first == "tags":
        return _inside(device.twin.tags.value(), rest)
    if (known := _INSTANTS.get(first)) and not rest:
        return Instant(known(device))
    return _inside(TWIN_HEAD[first](device), rest) if says(device, first) else MISSING


_INSTANTS: Final = {
    "lastActivityTime": lambda device: device.last_activity,
    "statusUpdateTime": lambda device: device.identity.status_updated,
}


def _property(device: Device, names: list[str]) -> JsonValue:
    if not names or names[0] not in ("desired", "reported"):
        return MISSING
    versions = names[0] == "desired"
    section = device.twin.desired if versions else device.twin.reported
    return _in_section(section, names[1:], versions=versions)


def _in_section(section: Section, names: list[str], *, versions: bool) -> JsonValue:
    if not names:
        return parse_object(section.for_service(versions=versions))
    if names == ["$version"]:
        return section.version
    if names[0] == "$metadata":
        return _in_metadata(section, names[1:], versions=versions)
    return _inside(section.value(), names)


def _in_metadata(section: Section, names: list[str], *, versions: bool) -> JsonValue:
    if names == ["$lastUpdated"]:
        return Instant(section.stamps.at)
    value, stamps = _walked(section.value(), section.stamps, names)
    if value is MISSING:
        return MISSING
    if names[-1:] == ["$lastUpdated"]:
        return Instant(stamps.at)
    if names[-1:] == ["$lastUpdatedVersion"]:
        return stamps.version if versions else MISSING
    return parse_object(metadata_text(value, stamps, versions=versions).encode())


def _walked(value: JsonValue, stamps: Stamps, names: list[str]) -> tuple[JsonValue, Stamps]:
    for name in names:
        if name.startswith("$"):
            break
        value, stamps = _inside(value, [name]), stamps.of(name)
    return value, stamps


def _inside(value: JsonValue, names: list[str]) -> JsonValue:
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return MISSING
        value = value[name]
    return value
