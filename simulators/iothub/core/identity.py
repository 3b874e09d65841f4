"""A device's identity in the registry: name, state, keys."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import BadRequestError, NotSimulatedError

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives so many random bytes."""

Status: TypeAlias = Literal["enabled", "disabled"]

KEY_BYTES: Final = range(16, 65)
REASON_LENGTH: Final = 128

_DEVICE_ID = re.compile(r"[A-Za-z0-9\-.%_*?!(),:=@$']{1,128}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the registry knows of a device; a namesake made later has another `generation`."""

    device_id: str
    generation: str
    etag: str
    status: Status
    status_reason: str | None
    status_updated: float
    primary_key: str
    secondary_key: str
    iot_edge: bool = False

    @property
    def keys(self) -> tuple[str, str]:
        """Both keys; either signs."""
        return self.primary_key, self.secondary_key

    def updated(self, wish: "IdentityWish", entropy: Entropy, now: float) -> "Identity":
        """Take over what a service wishes."""
        changed = wish.status != self.status
        return replace(
            self,
            etag=new_etag(entropy),
            status=wish.status,
            status_reason=wish.status_reason,
            status_updated=now if changed else self.status_updated,
            primary_key=wish.primary_key or self.primary_key,
            secondary_key=wish.secondary_key or self.secondary_key,
            iot_edge=wish.iot_edge,
        )


@dataclass(frozen=True, slots=True)
class IdentityWish:
    """What a service asks a device's identity to be; keys it does not give are made."""

    device_id: str
    status: Status = "enabled"
    status_reason: str | None = None
    primary_key: str | None = None
    secondary_key: str | None = None
    iot_edge: bool = False

    @classmethod
    def from_body(cls, device_id: str, body: JsonObject) -> "IdentityWish":
        """Read a registry request; raises BadRequestError or NotSimulatedError naming the field."""
        check_device_id(device_id)
        primary, secondary = _keys(body)
        return cls(
            device_id,
            _status(body),
            _reason(body),
            primary,
            secondary,
            bool(_object(body, "capabilities").get("iotEdge")),
        )

    def made(self, entropy: Entropy, now: float) -> Identity:
        """Make the identity."""
        return Identity(
            device_id=self.device_id,
            generation=str(int.from_bytes(entropy(7), "big")),
            etag=new_etag(entropy),
            status=self.status,
            status_reason=self.status_reason,
            status_updated=now,
            primary_key=self.primary_key or new_key(entropy),
            secondary_key=self.secondary_key or new_key(entropy),
            iot_edge=self.iot_edge,
        )


def new_key(entropy: Entropy) -> str:
    """Make a key of 32 bytes, in base 64."""
    return base64.b64encode(entropy(32)).decode()


def new_etag(entropy: Entropy) -> str:
    """Make an etag as the identity registry writes them: digits in base 64."""
    return base64.b64encode(str(int.from_bytes(entropy(4), "big")).encode()).decode()


def check_device_id(device_id: str) -> None:
    """Refuse a name that Azure would refuse."""
    if not _DEVICE_ID.fullmatch(device_id):
        raise BadRequestError(
            f"{device_id[:140]!r} is no device id: up to 128 letters, digits and -.%_*?!(),:=@$'"
        )


def _status(body: JsonObject) -> Status:
    match body.get("status"):
        case None | "" | "enabled":
            return "enabled"
        case "disabled":
            return "disabled"
        case other:
            raise BadRequestError(f"status is {other!r}; it must be enabled or disabled.")


def _reason(body: JsonObject) -> str | None:
    reason = body.get("statusReason")
    if reason is not None and (not isinstance(reason, str) or len(reason) > REASON_LENGTH):
        raise BadRequestError(f"statusReason must be a text of at most {REASON_LENGTH} characters.")
    return reason


def _keys(body: JsonObject) -> tuple[str | None, str | None]:
    authentication = _object(body, "authentication")
    if (kind := authentication.get("type") or "sas") != "sas":
        raise NotSimulatedError(
            f"Devices that authenticate by {kind} are not simulated yet; use sas."
        )
    keys = _object(authentication, "symmetricKey")
    return _key(keys, "primaryKey"), _key(keys, "secondaryKey")


def _object(body: JsonObject, name: str) -> JsonObject:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequestError(f"{name} must be a JSON object.")
    return value or {}


def _key(keys: JsonObject, name: str) -> str | None:
    key = keys.get(name)
    if not key:
        return None
    if not isinstance(key, str) or not _is_key(key):
        raise BadRequestError(f"{name} must be 16 to 64 bytes in base 64.")
    return key


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) in KEY_BYTES
    except (binascii.Error, ValueError):
        return False
