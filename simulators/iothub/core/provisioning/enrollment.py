"""Enrolments: of one device, or of a group whose devices one need not know.

Shapes: https://learn.microsoft.com/rest/api/iot-dps/service/individual-enrollment
"""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias, cast, get_args

from simulators.iothub.core.credentials import Entropy
from simulators.iothub.core.document import JsonObject, JsonValue, member, word_of
from simulators.iothub.core.errors import BadRequestError, NotSimulatedError
from simulators.iothub.core.identity import Status, check_id, new_etag
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.provisioning.attestation import Attestation
from simulators.iothub.core.twin import Twin, TwinPatch

Kind: TypeAlias = Literal["individual", "group"]
Allocation: TypeAlias = Literal["hashed", "geoLatency", "static"]

_ID = re.compile(r"[a-zA-Z0-9\-._:]{0,127}[a-zA-Z0-9]")


@dataclass(frozen=True, slots=True)
class Reprovisioning:
    """What a device gets that registers again: its old hub and data, or new ones."""

    update_hub: bool = True
    migrate_data: bool = True


@dataclass(frozen=True, slots=True)
class Enrollment:
    """What the service keeps. `hubs` are those it may allocate to, all of them where empty."""

    kind: Kind
    name: str
    attestation: Attestation
    device_id: str | None = None
    status: Status = "enabled"
    reprovisioning: Reprovisioning = Reprovisioning()
    allocation: Allocation = "hashed"
    hubs: tuple[str, ...] = ()
    twin: JsonObject | None = None
    edge: bool = False
    etag: str = ""
    created: float = 0.0
    updated: float = 0.0

    @classmethod
    def from_body(cls, kind: Kind, name: str, body: JsonObject) -> Self:
        """Read an enrolment as a service writes it; raises BadRequestError naming the field."""
        check_registration_id(name)
        field = name_field(kind)
        if body.get(field, name) != name:
            raise BadRequestError(f"{field} differs from the one in the address.")
        if body.get("webhookUrl") or member(body, "customAllocationDefinition"):
            raise NotSimulatedError("Allocation by a function of one's own is not simulated.")
        policy = body.get("reprovisionPolicy") or {}
        if not isinstance(policy, dict):
            raise BadRequestError("reprovisionPolicy must be an object.")
        return cls(
            kind,
            name,
            Attestation.from_body(body, group=kind == "group"),
            _device_id(body) if kind == "individual" else None,
            _status(body.get("provisioningStatus")),
            Reprovisioning(
                policy.get("updateHubAssignment") is not False,
                policy.get("migrateDeviceData") is not False,
            ),
            _allocation(body),
            _hubs(body),
            _twin(body),
            bool(member(body, "capabilities").get("iotEdge")),
        )

    @property
    def is_group(self) -> bool:
        """Tell whether it is for many devices."""
        return self.kind == "group"

    def kept(self, before: "Enrollment | None", entropy: Entropy, now: float) -> "Enrollment":
        """Take the place of what was there before."""
        attestation = before.attestation if before else None
        return replace(
            self,
            attestation=self.attestation.completed(attestation, entropy),
            etag=new_etag(entropy),
            created=before.created if before else now,
            updated=now,
        )

    def view(self, registration: JsonObject | None = None) -> JsonObject:
        """Show as the service does."""
        shown: JsonObject = {
            name_field(self.kind): self.name,
            "attestation": self.attestation.view(secrets=True),
            "capabilities": {"iotEdge": self.edge},
            "etag": f'"{self.etag}"',
            "provisioningStatus": self.status,
            "reprovisionPolicy": {
                "updateHubAssignment": self.reprovisioning.update_hub,
                "migrateDeviceData": self.reprovisioning.migrate_data,
            },
            "createdDateTimeUtc": instant_text(self.created),
            "lastUpdatedDateTimeUtc": instant_text(self.updated),
            "allocationPolicy": self.allocation,
        }
        if self.hubs:
            shown["iotHubs"] = list(self.hubs)
        if self.twin is not None:
            shown["initialTwin"] = self.twin
        if self.kind == "individual":
            shown["deviceId"] = self.device_id or ""
            shown["registrationState"] = registration or {"status": "unassigned"}
        return shown


def name_field(kind: Kind) -> str:
    """Give the name that the service gives an enrolment's name."""
    return "enrollmentGroupId" if kind == "group" else "registrationId"


def check_registration_id(text: str) -> None:
    """Refuse a registration id, or a group's, that Azure would refuse."""
    if not _ID.fullmatch(text):
        raise BadRequestError(
            f"{text[:140]!r} is no registration id: up to 128 letters, digits and -._: that end "
            "with a letter or digit."
        )


def _device_id(body: JsonObject) -> str | None:
    if not (device_id := body.get("deviceId")):
        return None
    if not isinstance(device_id, str):
        raise BadRequestError("deviceId must be a text.")
    check_id(device_id)
    return device_id


def _status(value: JsonValue) -> Status:
    if (status := word_of(value or "enabled", get_args(Status))) is None:
        raise BadRequestError(f"provisioningStatus is {value!r:.60}: enabled or disabled.")
    return cast("Status", status)


def _allocation(body: JsonObject) -> Allocation:
    value = body.get("allocationPolicy") or "hashed"
    allocation = word_of(value, (*get_args(Allocation), "custom"))
    if allocation == "custom":
        raise NotSimulatedError("Allocation by a function of one's own is not simulated.")
    if allocation is None:
        known = ", ".join(get_args(Allocation))
        raise BadRequestError(f"allocationPolicy is {value!r:.60}; known are {known}.")
    return cast("Allocation", allocation)


def _hubs(body: JsonObject) -> tuple[str, ...]:
    hubs = body.get("iotHubs") or ([body["iotHubHostName"]] if body.get("iotHubHostName") else [])
    if not isinstance(hubs, list) or not all(isinstance(each, str) for each in hubs):
        raise BadRequestError("iotHubs must be a list of host names.")
    return tuple(hubs)


def _twin(body: JsonObject) -> JsonObject | None:
    twin = body.get("initialTwin")
    if twin is None:
        return None
    if not isinstance(twin, dict):
        raise BadRequestError("initialTwin must be an object.")
    Twin.empty(0).patched(TwinPatch.from_body(twin), 0)  # or say which limit it breaks
    return twin


_PLAIN: Final = ("kind", "name", "device_id", "status", "allocation", "twin", "edge", "etag",
                 "created", "updated")  # fmt: skip


def plain(enrollment: Enrollment) -> JsonObject:
    """Write as JSON for the journal."""
    attestation, again = enrollment.attestation, enrollment.reprovisioning
    return {
        **{name: getattr(enrollment, name) for name in _PLAIN},
        "hubs": list(enrollment.hubs),
        "reprovisioning": [again.update_hub, again.migrate_data],
        "attestation": [
            attestation.scheme, attestation.primary_key, attestation.secondary_key,
            attestation.role, list(attestation.certificates),
        ],
    }  # fmt: skip


def from_plain(kept: JsonObject) -> Enrollment:
    """Read what `plain` wrote."""
    scheme, primary, secondary, role, certificates = kept["attestation"]
    return Enrollment(
        **{name: kept[name] for name in _PLAIN},
        attestation=Attestation(scheme, primary, secondary, role, tuple(certificates)),
        reprovisioning=Reprovisioning(*kept["reprovisioning"]),
        hubs=tuple(kept["hubs"]),
    )
