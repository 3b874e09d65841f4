"""Bearer tokens of Microsoft Entra, as the hub's own small issuer writes and reads them.

Azure looks up the caller's role; here each application has one, written into the token. Claims:
https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import jwt

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import UnauthorizedError
from simulators.iothub.core.policies import Permission

BEARER: Final = "Bearer "
AUDIENCE: Final = "https://iothubs.azure.net"
TOKEN_SECONDS: Final = 3600
ALGORITHM: Final = "RS256"

ROLES: Final[Mapping[str, Permission]] = {
    "IoT Hub Data Contributor": ~Permission.DEVICE_CONNECT,
    "IoT Hub Data Reader": Permission.REGISTRY_READ,
    "IoT Hub Registry Contributor": Permission.REGISTRY_READ | Permission.REGISTRY_WRITE,
    "IoT Hub Twin Contributor": Permission.SERVICE_CONNECT,
}
"""https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-azure-ad"""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Writes and reads tokens with one RSA key, in PEM."""

    url: str
    tenant: str
    private_key: str
    public_key: str
    key_id: str

    def token(self, application: str, role: str, now: float) -> str:
        """Write a token that lets an application do what a role of `ROLES` may."""
        start = int(now)
        claims: JsonObject = {
            "aud": AUDIENCE,
            "iss": self.url,
            "iat": start,
            "nbf": start,
            "exp": start + TOKEN_SECONDS,
            "appid": application,
            "roles": [role],
            "tid": self.tenant,
            "ver": "1.0",
        }
        return jwt.encode(claims, self.private_key, ALGORITHM, {"kid": self.key_id})

    def granted(self, token: str, now: float) -> tuple[Permission, float]:
        """Give what a token allows, and until when; raises UnauthorizedError if it is no good."""
        claims = self._claims(token)
        expiry = _number(claims, "exp")
        if not _number(claims, "nbf") <= now < expiry:
            raise UnauthorizedError("The bearer token is expired, or not valid yet.")
        granted = Permission(0)
        for role in claims.get("roles", ()):
            granted |= ROLES.get(role, Permission(0))
        return granted, expiry

    def _claims(self, token: str) -> JsonObject:
        # The instants are looked at against the hub's clock, not the machine's.
        options: jwt.types.Options = {
            "require": ["exp", "nbf"],
            "verify_exp": False,
            "verify_nbf": False,
            "verify_iat": False,
        }
        try:
            return jwt.decode(
                token,
                self.public_key,
                [ALGORITHM],
                options=options,
                audience=[AUDIENCE, f"{AUDIENCE}/"],
                issuer=self.url,
            )
        except jwt.PyJWTError as error:
            raise UnauthorizedError(f"The bearer token is no good: {error}") from error


def _number(claims: JsonObject, name: str) -> float:
    value = claims[name]
    if not isinstance(value, int | float):
        raise UnauthorizedError(f"The bearer token's {name} is no instant.")
    return value
