"""Shared access signatures: who signed, for what, until when.

The signature is an HMAC-SHA256 of the resource exactly as it was sent, a newline, and the expiry:
https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-sas
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote

from simulators.iothub.core.errors import UnauthorizedError

_PREFIX = "SharedAccessSignature "


@dataclass(frozen=True, slots=True)
class SasToken:
    """A token as it was sent."""

    sent_resource: str
    signature: str
    expiry: int
    policy: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a token apart; raises UnauthorizedError for anything that is none."""
        if not text.startswith(_PREFIX):
            raise UnauthorizedError("A shared access signature is needed.")
        fields = dict(part.partition("=")[::2] for part in text[len(_PREFIX) :].split("&"))
        try:
            expiry = int(fields["se"])
            return cls(fields["sr"], unquote(fields["sig"]), expiry, fields.get("skn") or None)
        except (KeyError, ValueError) as error:
            raise UnauthorizedError("The shared access signature lacks sr, sig or se.") from error

    @property
    def resource(self) -> str:
        """What the token is for, such as `localhost/devices/shelf-1`."""
        return unquote(self.sent_resource)

    @property
    def address(self) -> list[str]:
        """The hub it is for, with a port if one was given, and the path; a scheme says nothing."""
        return self.resource.rpartition("://")[2].rstrip("/").split("/")

    @property
    def is_for_event_hubs(self) -> bool:
        """Tell whether it is for the Event Hubs compatible endpoint.

        Event Hubs take a key's letters for the secret, IoT Hubs the bytes they stand for:
        https://learn.microsoft.com/rest/api/eventhub/generate-sas-token
        """
        return self.resource.startswith("sb://")

    def check(self, keys: Collection[str], now: float) -> None:
        """Refuse a token that is expired or that none of the keys (base 64) signed."""
        if self.expiry <= now:
            raise UnauthorizedError("The shared access signature is expired.")
        if not any(self._signed_by(key) for key in keys):
            raise UnauthorizedError("The shared access signature was made with another key.")

    def _signed_by(self, key: str) -> bool:
        secret = key.encode() if self.is_for_event_hubs else _key_bytes(key)
        expected = _sign(secret, self.sent_resource, self.expiry)
        return hmac.compare_digest(expected.encode(), self.signature.encode())


def sign(key: str, sent_resource: str, expiry: int) -> str:
    """Sign a resource (already percent-encoded) until an instant, with a key in base 64."""
    return _sign(_key_bytes(key), sent_resource, expiry)


def _sign(secret: bytes, sent_resource: str, expiry: int) -> str:
    digest = hmac.new(secret, f"{sent_resource}\n{expiry}".encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def _key_bytes(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnauthorizedError("The key is not base 64.") from error


def make_token(resource: str, key: str, expiry: int, policy: str | None = None) -> str:
    """Write a token, as a client does."""
    sent = quote(resource, safe="")
    signature = quote(sign(key, sent, expiry), safe="")
    token = f"{_PREFIX}sr={sent}&sig={signature}&se={expiry}"
    return f"{token}&skn={policy}" if policy else token
