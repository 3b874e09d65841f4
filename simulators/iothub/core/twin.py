"""One device's twin: tags, desired and reported, and what each change makes of them.

Sections are kept as the bytes of their JSON: ten thousand shelves fit into memory, and a device
that asks for its twin is answered without reading it.
"""

import base64
from dataclasses import dataclass
from typing import Self

from simulators.iothub.core import limits
from simulators.iothub.core.document import (
    JsonObject,
    compact,
    difference,
    merged,
    parse_object,
    with_members,
)
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.stamps import Stamps, metadata_text

READ_ONLY = ("$metadata", "$version")
"""Members that the hub writes; a client that sends back what it read may send them along."""


@dataclass(frozen=True, slots=True)
class Section:
    """Tags, desired or reported: the JSON, when its members were written, and its version."""

    text: bytes
    stamps: Stamps
    version: int

    @classmethod
    def empty(cls, now: float) -> Self:
        """Give the section of a device that was just made."""
        return cls(b"{}", Stamps(now, 1), 1)

    def value(self) -> JsonObject:
        """Read the JSON."""
        return parse_object(self.text)

    def patched(self, name: str, patch: JsonObject, now: float) -> "Section":
        """Merge a patch; the version rises even where nothing differs, as on Azure."""
        limits.check_content(name, patch)
        before = self.value()
        after: JsonObject = merged(before, patch)
        text, version = compact(after), self.version + 1
        limits.check_size(name, after, text, _limit(name))
        stamps = self.stamps.touched(before, after, patch, Stamps(now, version))
        return Section(text, stamps, version)

    def replaced(self, name: str, value: JsonObject, now: float) -> "Section":
        """Put another value in the place of this one."""
        limits.check_content(name, value)
        clean: JsonObject = merged({}, value)
        text, version = compact(clean), self.version + 1
        limits.check_size(name, clean, text, _limit(name))
        return Section(text, Stamps(now, version), version)

    def for_device(self) -> bytes:
        """Write as a device reads it: the value and its version."""
        return with_members(self.text, b'"$version":%d' % self.version)

    def for_service(self, *, versions: bool) -> bytes:
        """Write as a service reads it: with `$metadata` too."""
        described = metadata_text(self.value(), self.stamps, versions=versions).encode()
        return with_members(self.text, b'"$metadata":%b,"$version":%d' % (described, self.version))


def _limit(name: str) -> int:
    return limits.TAGS_SIZE if name == "tags" else limits.PROPERTIES_SIZE


@dataclass(frozen=True, slots=True)
class TwinPatch:
    """What a service asks of a twin; None leaves a section alone."""

    tags: JsonObject | None = None
    desired: JsonObject | None = None

    @classmethod
    def from_body(cls, body: JsonObject) -> Self:
        """Read the body of a twin request; what only the hub writes is passed over."""
        properties = _section(body, "properties") or {}
        desired = _section(properties, "desired")
        if desired is not None:
            desired = {key: value for key, value in desired.items() if key not in READ_ONLY}
        return cls(_section(body, "tags"), desired)


def _section(body: JsonObject, name: str) -> JsonObject | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequestError(f"{name} must be a JSON object.")
    return value


@dataclass(frozen=True, slots=True)
class Twin:
    """A device's three sections.

    `version` counts every change; `writes`, behind the etag, only those of tags and desired.
    """

    tags: Section
    desired: Section
    reported: Section
    version: int = 2
    writes: int = 1

    @classmethod
    def empty(cls, now: float) -> Self:
        """Give the twin of a device that was just made."""
        blank = Section.empty(now)
        return cls(tags=blank, desired=blank, reported=blank)

    @property
    def etag(self) -> str:
        """The etag of tags and desired, as Azure writes it: eight bytes in base 64."""
        return base64.b64encode(self.writes.to_bytes(8, "big")).decode()

    def patched(self, patch: TwinPatch, now: float) -> "Twin":
        """Merge what a service sent."""
        tags, desired = self.tags, self.desired
        if patch.tags is not None:
            tags = tags.patched("tags", patch.tags, now)
        if patch.desired is not None:
            desired = desired.patched("desired", patch.desired, now)
        return self._written(tags, desired)

    def replaced(self, whole: TwinPatch, now: float) -> "Twin":
        """Replace the sections that a service sent whole."""
        tags, desired = self.tags, self.desired
        if whole.tags is not None:
            tags = tags.replaced("tags", whole.tags, now)
        if whole.desired is not None:
            desired = desired.replaced("desired", whole.desired, now)
        return self._written(tags, desired)

    def _written(self, tags: Section, desired: Section) -> "Twin":
        return Twin(tags, desired, self.reported, self.version + 1, self.writes + 1)

    def reporting(self, patch: JsonObject, now: float) -> "Twin":
        """Merge what the device reports."""
        reported = self.reported.patched("reported", patch, now)
        return Twin(self.tags, self.desired, reported, self.version + 1, self.writes)

    def desired_change(self, before: "Twin") -> JsonObject:
        """Write the patch that brings a device from another twin's desired to this one's."""
        return difference(before.desired.value(), self.desired.value())

    def for_device(self) -> bytes:
        """Write the answer to a device's twin GET."""
        return b'{"desired":%b,"reported":%b}' % (
            self.desired.for_device(),
            self.reported.for_device(),
        )
