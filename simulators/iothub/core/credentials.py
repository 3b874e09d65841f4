"""How a device or module proves who it is: by symmetric keys, or by a certificate.

https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-x509
"""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias, cast, get_args

from simulators.iothub.core.document import JsonObject, JsonValue, member, word_of
from simulators.iothub.core.errors import BadRequestError

Kind: TypeAlias = Literal["sas", "selfSigned", "certificateAuthority", "none"]

Entropy: TypeAlias = Callable[[int], bytes]
"""Gives so many random bytes."""

KEY_BYTES: Final = range(16, 65)

_THUMBPRINT = re.compile("[0-9A-F]{40}|[0-9A-F]{64}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the registry keeps. Keys belong to `sas`, thumbprints to `selfSigned`."""

    kind: Kind = "sas"
    primary_key: str | None = None
    secondary_key: str | None = None
    primary_thumbprint: str | None = None
    secondary_thumbprint: str | None = None

    @classmethod
    def from_body(cls, body: JsonObject) -> Self:
        """Read `authentication` of a registry request; raises BadRequestError naming the field."""
        authentication = member(body, "authentication")
        kind = _kind(authentication.get("type"))
        if kind == "sas":
            keys = member(authentication, "symmetricKey")
            return cls(kind, _key(keys, "primaryKey"), _key(keys, "secondaryKey"))
        if kind == "selfSigned":
            prints = member(authentication, "x509Thumbprint")
            return cls.of_thumbprints(
                _thumbprint(prints, "primaryThumbprint"), _thumbprint(prints, "secondaryThumbprint")
            )
        return cls(kind)

    @classmethod
    def of_keys(cls, primary: str, secondary: str) -> Self:
        """Expect tokens signed by either key, in base 64."""
        return cls("sas", primary, secondary)

    @classmethod
    def of_thumbprints(cls, primary: str | None, secondary: str | None) -> Self:
        """Expect a certificate by its thumbprint, SHA-1 or SHA-256 in hexadecimal."""
        if not (primary or secondary):
            raise BadRequestError("A selfSigned identity needs a thumbprint.")
        return cls("selfSigned", primary_thumbprint=primary, secondary_thumbprint=secondary)

    @property
    def keys(self) -> tuple[str, ...]:
        """The symmetric keys; either signs."""
        return tuple(filter(None, (self.primary_key, self.secondary_key)))

    @property
    def thumbprints(self) -> tuple[str, ...]:
        """The thumbprints; either is good."""
        return tuple(filter(None, (self.primary_thumbprint, self.secondary_thumbprint)))

    def completed(self, before: "Credentials | None", entropy: Entropy) -> "Credentials":
        """Give `sas` its keys: those not given stay what they were before, or are made."""
        if self.kind != "sas":
            return self
        primary, secondary = (before.primary_key, before.secondary_key) if before else (None, None)
        return replace(
            self,
            primary_key=self.primary_key or primary or new_key(entropy),
            secondary_key=self.secondary_key or secondary or new_key(entropy),
        )

    def view(self) -> JsonObject:
        """Show as the registry does."""
        return {
            "symmetricKey": {"primaryKey": self.primary_key, "secondaryKey": self.secondary_key},
            "x509Thumbprint": self.thumbprint_view(),
            "type": self.kind,
        }

    def thumbprint_view(self) -> JsonObject:
        """Show the thumbprints as registry and twin do."""
        return {
            "primaryThumbprint": self.primary_thumbprint,
            "secondaryThumbprint": self.secondary_thumbprint,
        }


def new_key(entropy: Entropy) -> str:
    """Make a key of 32 bytes, in base 64."""
    return base64.b64encode(entropy(32)).decode()


def _kind(given: JsonValue) -> Kind:
    if not given:
        return "sas"
    if (kind := word_of(given, get_args(Kind))) is None:
        raise BadRequestError(
            f"authentication.type is {given!r}; it must be one of {get_args(Kind)}."
        )
    return cast("Kind", kind)


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


def _thumbprint(prints: JsonObject, name: str) -> str | None:
    text = prints.get(name)
    if not text:
        return None
    plain = text.replace(":", "").replace(" ", "").upper() if isinstance(text, str) else ""
    if not _THUMBPRINT.fullmatch(plain):
        raise BadRequestError(f"{name} must be a SHA-1 or SHA-256 digest in hexadecimal.")
    return plain
