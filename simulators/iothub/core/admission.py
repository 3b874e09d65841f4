"""Who may come in: devices and modules by token or certificate, services by policy or role."""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf

from simulators.iothub.core.bearer import BEARER, Issuer
from simulators.iothub.core.certificate import ClientCertificate
from simulators.iothub.core.errors import UnauthorizedError
from simulators.iothub.core.identity import Identity, split_name
from simulators.iothub.core.policies import Permission, Policy
from simulators.iothub.core.sas import SasToken


@dataclass(frozen=True, slots=True)
class Admission:
    """The doorkeeper of one hub.

    `names` are the host names that tokens may be made for, in lower case and without a port.
    `issuer` signs the bearer tokens of services; without one there are none.
    """

    names: frozenset[str]
    policies: Mapping[str, Policy]
    find: Callable[[str], Identity | None]
    issuer: Issuer | None = None

    def is_named(self, host: str) -> bool:
        """Tell whether a host name, with or without a port, is one of this hub's."""
        name, colon, port = host.lower().rpartition(":")
        return (name if colon and port.isdigit() else host.lower()) in self.names

    # -- services

    def service(
        self, authorization: str, needed: Permission, now: float, path: Iterable[str] = ()
    ) -> float:
        """Let a service in to `path` by a token that grants `needed`.

        Gives the instant at which the token expires; raises UnauthorizedError.
        """
        granted, expiry = self._granted(authorization, now, tuple(path))
        if needed not in granted:
            raise UnauthorizedError(f"The token does not grant {needed.name}.")
        return expiry

    def visitor(self, token: str, now: float) -> float:
        """Let a service stay by a token that grants SERVICE_CONNECT, whatever address it is for.

        Gives the instant until which it may stay; raises UnauthorizedError.
        """
        if token.startswith(BEARER):
            return self.service(token, Permission.SERVICE_CONNECT, now)
        path = SasToken.parse(token).address[1:]
        return self.service(token, Permission.SERVICE_CONNECT, now, path)

    def _granted(
        self, authorization: str, now: float, path: tuple[str, ...]
    ) -> tuple[Permission, float]:
        if authorization.startswith(BEARER):
            if self.issuer is None:
                raise UnauthorizedError("This hub takes no bearer tokens.")
            return self.issuer.granted(authorization.removeprefix(BEARER), now)
        token = SasToken.parse(authorization)
        host, *scope = token.address
        if not self.is_named(host) or scope != list(path[: len(scope)]):
            raise UnauthorizedError("The token is for another hub or another address of it.")
        policy = self._policy(token.policy)
        token.check(policy.keys, now)
        return policy.permissions, token.expiry

    def holds(self, policy_name: str, key: str) -> Permission:
        """Give what a policy's bare name and key allow: nothing if they do not belong together."""
        policy = self.policies.get(policy_name)
        if policy is None or not any(
            hmac.compare_digest(key.encode(), each.encode()) for each in policy.keys
        ):
            return Permission(0)
        return policy.permissions

    def _policy(self, name: str | None) -> Policy:
        policy = self.policies.get(name or "")
        if policy is None:
            raise UnauthorizedError(f"There is no policy named {name!r}.")
        return policy

    # -- devices and modules

    def device(
        self, name: str, password: str | None, certificate: ClientCertificate | None, now: float
    ) -> float:
        """Let a device or module in; gives the instant until which it may stay.

        A password counts before a certificate, as the SDKs send either one.
        """
        identity = self._enabled(name)
        if password:
            return self._by_token(identity, password, now)
        if certificate is None:
            raise UnauthorizedError(f"{name} shows neither a token nor a certificate.")
        _check_certificate(identity, certificate)
        return inf

    def _enabled(self, name: str) -> Identity:
        device_id, _ = split_name(name)
        device, identity = self.find(device_id), self.find(name)
        if device is None or identity is None:
            raise UnauthorizedError(f"{name} is not registered.")
        if device.status != "enabled":  # a module has no state of its own
            raise UnauthorizedError(f"Device {device_id} is disabled.")
        return identity

    def _by_token(self, identity: Identity, password: str, now: float) -> float:
        token = SasToken.parse(password)
        host, _, scope = token.resource.partition("/")
        if not self.is_named(host) or scope not in ("", *_scopes(identity)):
            raise UnauthorizedError("The token is for another hub, device or module.")
        token.check(self._keys(identity, token.policy), now)
        return token.expiry

    def _keys(self, identity: Identity, policy_name: str | None) -> tuple[str, ...]:
        if not policy_name:
            return identity.credentials.keys
        policy = self._policy(policy_name)
        if Permission.DEVICE_CONNECT not in policy.permissions:
            raise UnauthorizedError(f"The policy {policy_name} does not let devices in.")
        return policy.keys


def _scopes(identity: Identity) -> tuple[str, ...]:
    device = f"devices/{identity.device_id}"
    return (f"{device}/modules/{identity.module_id}",) if identity.module_id else (device,)


def _check_certificate(identity: Identity, certificate: ClientCertificate) -> None:
    kind = identity.credentials.kind
    if kind == "selfSigned":
        if not certificate.thumbprints.intersection(identity.credentials.thumbprints):
            raise UnauthorizedError(f"{identity.name} showed a certificate that is not its own.")
    elif kind == "certificateAuthority":
        if not certificate.trusted:
            raise UnauthorizedError(
                f"No registered authority signed the certificate of {identity.name}."
            )
        if certificate.common_name != identity.name:
            raise UnauthorizedError(
                f"The certificate is for {certificate.common_name!r}, not for {identity.name}."
            )
    else:
        raise UnauthorizedError(f"{identity.name} does not authenticate by certificate.")
