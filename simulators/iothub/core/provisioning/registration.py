"""Registrations: which device came, and which hub it was assigned to.

https://learn.microsoft.com/rest/api/iot-dps/service/device-registration-state
"""

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Self, TypeAlias

from simulators.iothub.core.document import JsonObject, JsonValue
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.provisioning.enrollment import Enrollment

Substatus: TypeAlias = Literal["initialAssignment", "deviceDataMigrated", "deviceDataReset"]


@dataclass(frozen=True, slots=True)
class Registration:
    """A device that was assigned to a hub; `group` is the enrolment group it came by, if by one."""

    registration_id: str
    device_id: str
    hub: str
    substatus: Substatus
    created: float
    updated: float
    etag: str
    group: str | None = None
    payload: JsonValue = None

    def view(self) -> JsonObject:
        """Show as devices and services get it."""
        shown: JsonObject = {
            "registrationId": self.registration_id,
            "createdDateTimeUtc": instant_text(self.created),
            "assignedHub": self.hub,
            "deviceId": self.device_id,
            "status": "assigned",
            "substatus": self.substatus,
            "lastUpdatedDateTimeUtc": instant_text(self.updated),
            "etag": f'"{self.etag}"',
        }
        return shown if self.payload is None else {**shown, "payload": self.payload}

    def plain(self) -> JsonObject:
        """Write as JSON for the journal."""
        return asdict(self)

    @classmethod
    def from_plain(cls, kept: JsonObject) -> Self:
        """Read what `plain` wrote."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be done for a device that registers: `leave` is the hub it comes from."""

    hub: str
    substatus: Substatus
    leave: str | None = None
    fresh: bool = False


def assigned(
    enrollment: Enrollment, registration_id: str, linked: Sequence[str], before: Registration | None
) -> Assignment:
    """Choose the hub of a device, first of all or again.

    `linked` are the hubs there are; raises BadRequestError where none of them is allowed.
    """
    hubs = [hub for hub in linked if not enrollment.hubs or hub in enrollment.hubs]
    if not hubs:
        raise BadRequestError("None of the enrolment's hubs is linked to this service.")
    if before is None:
        hub = _chosen(enrollment, registration_id, hubs)
        return Assignment(hub, "initialAssignment", fresh=True)
    again = enrollment.reprovisioning
    stays = before.hub in hubs or (not again.update_hub and before.hub in linked)
    hub = before.hub if stays else _chosen(enrollment, registration_id, hubs)
    moved = before.hub if hub != before.hub else None
    if again.migrate_data:
        substatus: Substatus = "deviceDataMigrated" if moved else before.substatus
        return Assignment(hub, substatus, moved)
    if not again.update_hub:  # neither: as it was
        return Assignment(hub, before.substatus, moved)
    return Assignment(hub, "deviceDataReset", moved, fresh=True)


def _chosen(enrollment: Enrollment, registration_id: str, hubs: Sequence[str]) -> str:
    """Evenly, by the id, or the first: the nearest one, as far as one machine knows."""
    if enrollment.allocation == "hashed":
        return hubs[zlib.crc32(registration_id.encode()) % len(hubs)]
    return hubs[0]
