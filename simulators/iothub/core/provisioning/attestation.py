"""How an enrolled device proves who it is: by a symmetric key, or by a certificate.

https://learn.microsoft.com/azure/iot-dps/concepts-service#attestation-mechanism
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from simulators.iothub.core.credentials import KEY_BYTES, Credentials, Entropy, new_key
from simulators.iothub.core.document import JsonObject, member, word_of
from simulators.iothub.core.errors import BadRequestError, NotSimulatedError, UnauthorizedError
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.sas import SasToken

Scheme: TypeAlias = Literal["symmetricKey", "x509"]
Role: TypeAlias = Literal["clientCertificates", "signingCertificates"]

_PLACES: Final = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a device shows when it connects: a token, or the certificates of its TLS handshake.

    `thumbprints` are those of its own certificate; `is_signed_by` tells of one in PEM.
    """

    token: str | None
    thumbprints: frozenset[str] = frozenset()
    common_name: str = ""
    is_signed_by: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class Attestation:
    """Two keys in base 64, or certificates in PEM: a device's own, or those that sign a group's.

    As a service writes it, a certificate may also be the SHA-256 of one that is already kept.
    """

    scheme: Scheme
    primary_key: str | None = None
    secondary_key: str | None = None
    role: Role = "clientCertificates"
    certificates: tuple[str, ...] = ()

    @classmethod
    def from_body(cls, body: JsonObject, *, group: bool) -> Self:
        """Read `attestation` of an enrolment; raises BadRequestError naming the field."""
        attestation = member(body, "attestation")
        match word_of(attestation.get("type"), ("symmetricKey", "x509", "tpm")):
            case "symmetricKey":
                keys = member(attestation, "symmetricKey")
                return cls("symmetricKey", _key(keys, "primaryKey"), _key(keys, "secondaryKey"))
            case "x509":
                return cls._from_x509(member(attestation, "x509"), group=group)
            case "tpm":
                raise NotSimulatedError("Attestation by TPM is not simulated.")
        raise BadRequestError("attestation.type must be symmetricKey or x509.")

    @classmethod
    def _from_x509(cls, body: JsonObject, *, group: bool) -> Self:
        if body.get("caReferences"):
            raise NotSimulatedError("References to certificates of the service are not simulated.")
        role: Role = "signingCertificates" if group else "clientCertificates"
        given = member(body, role)
        pems = tuple(
            _certificate(member(given, place), f"{role}.{place}")
            for place in _PLACES
            if given.get(place)
        )
        if not pems:
            raise BadRequestError(f"attestation.x509 needs {role}.primary.certificate.")
        return cls("x509", role=role, certificates=pems)

    def completed(self, before: "Attestation | None", entropy: Entropy) -> "Attestation":
        """Give an enrolment its keys and certificates: those not given stay, keys may be made."""
        if self.scheme == "x509":
            kept = {
                name: pem for pem in (before.certificates if before else ()) for name in _names(pem)
            }
            return replace(
                self, certificates=tuple(_found(kept, each) for each in self.certificates)
            )
        old = before if before and before.scheme == self.scheme else None
        return replace(
            self,
            primary_key=self.primary_key or (old and old.primary_key) or new_key(entropy),
            secondary_key=self.secondary_key or (old and old.secondary_key) or new_key(entropy),
        )

    # -- proving

    def keys_for(self, registration_id: str, *, group: bool) -> tuple[str, ...]:
        """Give the keys of a device: a group's devices have keys derived from the group's."""
        keys = tuple(filter(None, (self.primary_key, self.secondary_key)))
        return tuple(derived_key(key, registration_id) for key in keys) if group else keys

    def check(
        self, proof: Proof, resource: str, registration_id: str, now: float, *, group: bool
    ) -> float:
        """Let a device in; gives the instant until which it may stay.

        `resource` is what a token must be for. Raises UnauthorizedError.
        """
        if self.scheme == "symmetricKey":
            token = SasToken.parse(proof.token or "")
            if token.resource.lower() != resource.lower():
                raise UnauthorizedError("The token is for another registration.")
            token.check(self.keys_for(registration_id, group=group), now)
            return float(token.expiry)
        if proof.token:
            raise UnauthorizedError(f"{registration_id} is enrolled by certificate.")
        self._check_certificate(proof, registration_id, group=group)
        return float("inf")

    def _check_certificate(self, proof: Proof, registration_id: str, *, group: bool) -> None:
        if not group:
            own = map(_names, self.certificates)
            if not any(proof.thumbprints & each for each in own):
                raise UnauthorizedError(f"{registration_id} showed another certificate.")
            return
        if not any(proof.is_signed_by(pem) for pem in self.certificates):
            raise UnauthorizedError("No signing certificate of the group vouches for the device.")
        if proof.common_name != registration_id:
            raise UnauthorizedError("The certificate's common name is not the registration id.")

    def credentials(self, proof: Proof, registration_id: str, *, group: bool) -> Credentials:
        """Give what the device proves itself by at its hub."""
        if self.scheme == "symmetricKey":
            keys = self.keys_for(registration_id, group=group)
            return Credentials.of_keys(keys[0], keys[-1])
        shown = sorted(proof.thumbprints, key=len)
        return Credentials.of_thumbprints(shown[0], None)

    # -- showing

    def view(self, *, secrets: bool) -> JsonObject:
        """Show as the service does; keys only where it shows secrets."""
        if self.scheme == "symmetricKey":
            keys = {"primaryKey": self.primary_key, "secondaryKey": self.secondary_key}
            return {"type": self.scheme, **({"symmetricKey": keys} if secrets else {})}
        infos = {
            place: {"certificate": None, "info": _info(_parsed(pem))}
            for place, pem in zip(_PLACES, self.certificates, strict=False)
        }
        return {"type": self.scheme, "x509": {self.role: infos}}


def derived_key(group_key: str, registration_id: str) -> str:
    """Derive a device's key: https://learn.microsoft.com/azure/iot-dps/concepts-symmetric-key-attestation."""
    secret = base64.b64decode(group_key)
    digest = hmac.new(secret, registration_id.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def thumbprints(certificate: x509.Certificate) -> frozenset[str]:
    """Give both names of a certificate: its SHA-1 and its SHA-256."""
    digests = (hashes.SHA1(), hashes.SHA256())  # noqa: S303  # a name, no secret
    return frozenset(certificate.fingerprint(digest).hex().upper() for digest in digests)


def _key(keys: JsonObject, name: str) -> str | None:
    key = keys.get(name)
    if key in (None, ""):
        return None
    try:
        size = len(base64.b64decode(key, validate=True))
    except (TypeError, ValueError, binascii.Error):
        size = 0
    if size not in KEY_BYTES:
        raise BadRequestError(f"{name} must be {KEY_BYTES[0]} to {KEY_BYTES[-1]} bytes in base 64.")
    return str(key)


def _certificate(given: JsonObject, place: str) -> str:
    """Give a certificate in PEM, or what names one that was shown without its text."""
    text, name = given.get("certificate"), member(given, "info").get("sha256Thumbprint")
    if text is None and isinstance(name, str):
        return name.upper()
    if not isinstance(text, str):
        raise BadRequestError(f"{place}.certificate is missing.")
    try:
        return _parsed(text).public_bytes(serialization.Encoding.PEM).decode()
    except (ValueError, binascii.Error) as error:
        raise BadRequestError(f"{place}.certificate is no certificate.") from error


def _names(pem: str) -> frozenset[str]:
    return thumbprints(_parsed(pem))


def _found(kept: Mapping[str, str], certificate: str) -> str:
    """Give the PEM of what is PEM already, or the name of one that is kept."""
    if certificate.startswith("-----BEGIN"):
        return certificate
    if certificate not in kept:
        raise BadRequestError(f"No certificate {certificate:.64} is kept; send its text.")
    return kept[certificate]


def _parsed(text: str) -> x509.Certificate:
    """Read PEM, or the base 64 of it or of DER, as clients send all three."""
    if "-----BEGIN" in text:
        return x509.load_pem_x509_certificate(text.encode())
    raw = base64.b64decode(text)
    if raw.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(raw)
    return x509.load_der_x509_certificate(raw)


def _info(certificate: x509.Certificate) -> JsonObject:
    sha1, sha256 = sorted(thumbprints(certificate), key=len)
    return {
        "subjectName": certificate.subject.rfc4514_string(),
        "sha1Thumbprint": sha1,
        "sha256Thumbprint": sha256,
        "issuerName": certificate.issuer.rfc4514_string(),
        "notBeforeUtc": instant_text(certificate.not_valid_before_utc.timestamp()),
        "notAfterUtc": instant_text(certificate.not_valid_after_utc.timestamp()),
        "serialNumber": f"{certificate.serial_number:X}",
        "version": certificate.version.value + 1,
    }
