"""Certificates for devices: self-signed, or signed by an authority of the tests."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from azure.iot.device import X509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

START = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Papers:
    """A certificate, its key, and those who signed it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    above: tuple[x509.Certificate, ...] = ()

    def thumbprint(self, digest: hashes.HashAlgorithm) -> str:
        return self.certificate.fingerprint(digest).hex()

    def signed(self, common_name: str, *, authority: bool = False, days: int = 9999) -> "Papers":
        """Sign another certificate."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(
            common_name, key, self.certificate.subject, self.key, authority=authority, days=days
        )
        return Papers(certificate, key, (self.certificate, *self.above))

    def written(self, folder: Path, name: str) -> X509:
        """Write the files that the device SDK reads."""
        chain, key = folder / f"{name}.pem", folder / f"{name}-key.pem"
        certificates = (self.certificate, *self.above)
        chain.write_bytes(
            b"".join(each.public_bytes(serialization.Encoding.PEM) for each in certificates)
        )
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return X509(str(chain), str(key))  # type: ignore[no-untyped-call]


def self_signed(common_name: str, *, authority: bool = False, days: int = 9999) -> Papers:
    """Make a certificate that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(common_name)
    return Papers(_certificate(common_name, key, name, key, authority=authority, days=days), key)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _certificate(
    common_name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    signer: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
    days: int,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + datetime.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(signer, hashes.SHA256())
    )
