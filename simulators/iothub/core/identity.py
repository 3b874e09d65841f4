"""The identity of a device or of one of its modules: name, state, credentials."""

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Final, Literal, Self, TypeAlias, cast, get_args

from simulators.iothub.core.credentials import Credentials, Entropy
from simulators.iothub.core.document import JsonObject, JsonValue, member, word_of
from simulators.iothub.core.errors import BadRequestError

Status: TypeAlias = Literal["enabled", "disabled"]

REASON_LENGTH: Final = 128
MOST_PARENTS: Final = 1

_ID = re.compile(r"[A-Za-z0-9\-.%_*?!(),:=@$']{1,128}")


def joined_name(device_id: str, module_id: str | None) -> str:
    """Name a device, `shelf-1`, or a module, `shelf-1/camera`, as MQTT client ids do."""
    return f"{device_id}/{module_id}" if module_id else device_id


def split_name(name: str) -> tuple[str, str | None]:
    """Give the device and, if it is a module's name, the module; neither holds a slash."""
    device_id, _, module_id = name.partition("/")
    return device_id, module_id or None


@dataclass(frozen=True, slots=True)
class Scopes:
    """Which IoT Edge device is above this one; kept and shown, nothing more."""

    own: str | None = None
    parents: tuple[str, ...] = ()

    @classmethod
    def from_body(cls, body: JsonObject) -> Self:
        """Read `deviceScope` and `parentScopes`; raises BadRequestError."""
        own, parents = body.get("deviceScope") or None, body.get("parentScopes") or []
        if own is not None and not isinstance(own, str):
            raise BadRequestError("deviceScope must be a text.")
        if not isinstance(parents, list) or not all(isinstance(each, str) for each in parents):
            raise BadRequestError("parentScopes must be a list of texts.")
        if len(parents) > MOST_PARENTS:
            raise BadRequestError("A device has at most one parent.")
        return cls(own, tuple(parents))


@dataclass(frozen=True, slots=True)
class Identity:
    """What the registry knows; a namesake made later has another `generation`.

    A module has no state of its own: it is in when its device is enabled.
    """

    device_id: str
    generation: str
    etag: str
    status: Status
    status_reason: str | None
    status_updated: float
    credentials: Credentials
    iot_edge: bool = False
    module_id: str | None = None
    managed_by: str | None = None
    scopes: Scopes = Scopes()

    @property
    def name(self) -> str:
        """The device's id, or `device/module`."""
        return joined_name(self.device_id, self.module_id)

    def updated(self, wish: "IdentityWish", entropy: Entropy, now: float) -> "Identity":
        """Take over what a service wishes."""
        changed = wish.status != self.status
        return replace(
            self,
            etag=new_etag(entropy),
            status=wish.status,
            status_reason=wish.status_reason,
            status_updated=now if changed else self.status_updated,
            credentials=wish.credentials.completed(self.credentials, entropy),
            iot_edge=wish.iot_edge,
            managed_by=wish.managed_by or self.managed_by,
            scopes=replace(wish.scopes, own=wish.scopes.own or self.scopes.own),
        )

    def plain(self) -> JsonObject:
        """Write as JSON for the journal."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, JsonValue]) -> Self:
        """Read what `plain` wrote, also before there were other credentials than keys."""
        fields = dict(plain)
        keys = [fields.pop(key, None) for key in ("primary_key", "secondary_key")]
        credentials = fields.pop("credentials", None)
        scopes = fields.pop("scopes", None) or {}
        return cls(
            **fields,
            credentials=Credentials(**credentials) if credentials else Credentials("sas", *keys),
            scopes=Scopes(scopes.get("own"), tuple(scopes.get("parents", ()))),
        )


@dataclass(frozen=True, slots=True)
class IdentityWish:
    """What a service asks an identity to be; keys it does not give are made."""

    device_id: str
    status: Status = "enabled"
    status_reason: str | None = None
    credentials: Credentials = field(default_factory=Credentials)
    iot_edge: bool = False
    module_id: str | None = None
    managed_by: str | None = None
    scopes: Scopes = Scopes()

    @classmethod
    def from_body(cls, device_id: str, body: JsonObject) -> Self:
        """Read a registry request for a device; raises BadRequestError naming the field."""
        check_id(device_id)
        return cls(
            device_id,
            _status(body),
            _text(body, "statusReason"),
            Credentials.from_body(body),
            bool(member(body, "capabilities").get("iotEdge")),
            scopes=Scopes.from_body(body),
        )

    @classmethod
    def from_module_body(cls, device_id: str, module_id: str, body: JsonObject) -> Self:
        """Read a registry request for a module; raises BadRequestError naming the field."""
        check_id(module_id)
        return cls(
            device_id,
            credentials=Credentials.from_body(body),
            module_id=module_id,
            managed_by=_text(body, "managedBy"),
        )

    @property
    def name(self) -> str:
        """The device's id, or `device/module`."""
        return joined_name(self.device_id, self.module_id)

    def made(self, entropy: Entropy, now: float) -> Identity:
        """Make the identity."""
        generation = str(int.from_bytes(entropy(7), "big"))
        scopes = self.scopes
        if self.iot_edge and not scopes.own:
            scopes = replace(scopes, own=f"ms-azure-iot-edge://{self.device_id}-{generation}")
        return Identity(
            device_id=self.device_id,
            generation=generation,
            etag=new_etag(entropy),
            status=self.status,
            status_reason=self.status_reason,
            status_updated=now,
            credentials=self.credentials.completed(None, entropy),
            iot_edge=self.iot_edge,
            module_id=self.module_id,
            managed_by=self.managed_by,
            scopes=scopes,
        )


def new_etag(entropy: Entropy) -> str:
    """Make an etag as the identity registry writes them: digits in base 64."""
    return base64.b64encode(str(int.from_bytes(entropy(4), "big")).encode()).decode()


def check_id(text: str) -> None:
    """Refuse a name of a device or module that Azure would refuse."""
    if not _ID.fullmatch(text):
        raise BadRequestError(
            f"{text[:140]!r} is no device or module id: "
            "up to 128 letters, digits and -.%_*?!(),:=@$'"
        )


def _status(body: JsonObject) -> Status:
    given = body.get("status") or "enabled"
    if (status := word_of(given, get_args(Status))) is None:
        raise BadRequestError(f"status is {given!r}; it must be enabled or disabled.")
    return cast("Status", status)


def _text(body: JsonObject, name: str) -> str | None:
    text = body.get(name)
    if text is not None and (not isinstance(text, str) or len(text) > REASON_LENGTH):
        raise BadRequestError(f"{name} must be a text of at most {REASON_LENGTH} characters.")
    return text
