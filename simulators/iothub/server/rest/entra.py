"""A small Microsoft Entra beside the hub: applications ask for bearer tokens by their secrets.

The client credentials flow, as azure-identity and MSAL run it:
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from simulators.iothub.core.bearer import ALGORITHM, AUDIENCE, TOKEN_SECONDS, Issuer
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import ok

SCOPES: Final = frozenset({f"{AUDIENCE}/.default", f"{AUDIENCE}//.default"})


@dataclass(frozen=True, slots=True)
class Application:
    """A registered application, its secret, and its role at the hub."""

    secret: str
    role: str


def new_private_key() -> str:
    """Make a key to sign tokens with, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def issuer_of(tenant: str, private_key: str) -> Issuer:
    """Give the issuer of a tenant; its name is as Azure's tokens for IoT Hub say it."""
    key = serialization.load_pem_private_key(private_key.encode(), None)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    url = f"https://sts.windows.net/{tenant}/"
    return Issuer(url, tenant, private_key, public.decode(), f"{tenant}-1")


class Entra:
    """Answers the addresses of one tenant; nobody needs a token to ask."""

    def __init__(
        self, issuer: Issuer, applications: Mapping[str, Application], clock: Callable[[], float]
    ) -> None:
        """Know the applications by their client ids."""
        self._issuer = issuer
        self._applications = applications
        self._clock = clock

    def answer(self, request: Request) -> Response | None:
        """Answer a request; None if it is none for this tenant."""
        tenant, *rest = request.segments
        if tenant != self._issuer.tenant:
            return None
        match (request.method, *rest):
            case ("GET", "v2.0", ".well-known", "openid-configuration"):
                return self._discovery(request)
            case ("GET", "discovery", "v2.0", "keys"):
                return self._keys()
            case ("POST", "oauth2", "v2.0", "token"):
                return self._token(request)
        return None

    def _discovery(self, request: Request) -> Response:
        base = f"https://{request.headers.get('host', 'localhost')}/{self._issuer.tenant}"
        return ok(
            {
                "issuer": self._issuer.url,
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
                "response_types_supported": ["token"],
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
            }
        )

    def _keys(self) -> Response:
        public = serialization.load_pem_public_key(self._issuer.public_key.encode())
        if not isinstance(public, rsa.RSAPublicKey):
            raise TypeError("The issuer's key is no RSA key.")
        key = RSAAlgorithm.to_jwk(public, as_dict=True)
        return ok({"keys": [{**key, "kid": self._issuer.key_id, "use": "sig", "alg": ALGORITHM}]})

    def _token(self, request: Request) -> Response:
        form = {
            name: values[0]
            for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()
        }
        if form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", "AADSTS70003: client_credentials only.")
        client = form.get("client_id", "")
        application = self._applications.get(client)
        if application is None:
            return _refused("unauthorized_client", f"AADSTS700016: There is no {client!r}.")
        secret = form.get("client_secret", "")
        if not hmac.compare_digest(secret.encode(), application.secret.encode()):
            return _refused(
                "invalid_client",
                "AADSTS7000215: Invalid client secret provided.",
                HTTPStatus.UNAUTHORIZED,
            )
        if form.get("scope") not in SCOPES:
            return _refused("invalid_scope", f"AADSTS70011: The scope is {AUDIENCE}/.default.")
        return ok(
            {
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "ext_expires_in": TOKEN_SECONDS,
                "access_token": self._issuer.token(client, application.role, self._clock()),
            }
        )


def _refused(error: str, description: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Response:
    return ok({"error": error, "error_description": description}, status)
