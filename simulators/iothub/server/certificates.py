"""The hub's own certificate authority, its server certificate, and the bundle that clients trust.

`REQUESTS_CA_BUNDLE` replaces a client's whole trust store, so the bundle holds the public
authorities (certifi) besides our own.
"""

import datetime
import ipaddress
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulators.iothub.server.files import replace_file

NAMES: Final = ("localhost", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 800
"""Some clients refuse server certificates of more than 825 days."""
RENEW_DAYS: Final = 30


class Certificates:
    """The files in the data folder; made at the first start, renewed before they end."""

    def __init__(self, folder: Path, names: Iterable[str], now: float) -> None:
        """Make sure that valid files for these names are there; `now` in UTC seconds."""
        self.authority_file = folder / "ca.pem"
        self.bundle_file = folder / "trust-bundle.pem"
        self.server_file = folder / "server.pem"
        self.server_key_file = folder / "server-key.pem"
        self._authority_key_file = folder / "ca-key.pem"
        self._names = sorted({*NAMES, *names})
        self._now = datetime.datetime.fromtimestamp(now, datetime.UTC)
        self._ensure()

    def _ensure(self) -> None:
        if not self._lasts(self.authority_file):
            self._make_authority()
            self._make_server()
        elif not self._lasts(self.server_file) or not self._covers_names():
            self._make_server()
        bundle = Path(certifi.where()).read_text() + "\n" + self.authority_file.read_text()
        replace_file(self.bundle_file, bundle.encode(), 0o644)

    def _lasts(self, file: Path) -> bool:
        if not file.exists():
            return False
        end = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
        return end > self._now + datetime.timedelta(days=RENEW_DAYS)

    def _covers_names(self) -> bool:
        certificate = x509.load_pem_x509_certificate(self.server_file.read_bytes())
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        covered = {str(name.value) for name in found}
        return covered.issuperset(self._names)

    def _make_authority(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name("edge-shelf simulated IoT Hub CA")
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            self._builder(name, name, key.public_key(), AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(identifier, critical=False)
            .sign(key, hashes.SHA256())
        )
        _write_pair(self.authority_file, certificate, self._authority_key_file, key)

    def _make_server(self) -> None:
        authority = x509.load_pem_x509_certificate(self.authority_file.read_bytes())
        signer = _load_key(self._authority_key_file)
        key = ec.generate_private_key(ec.SECP256R1())
        server_auth = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
        certificate = (
            self._builder(_name("localhost"), authority.subject, key.public_key(), SERVER_DAYS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(server_auth, critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(x509.SubjectAlternativeName(_hosts(self._names)), critical=False)
            .sign(signer, hashes.SHA256())
        )
        _write_pair(self.server_file, certificate, self.server_key_file, key)

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        # A day early: clocks of clients differ.
        start = self._now - datetime.timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + datetime.timedelta(days=days))
        )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _hosts(names: Iterable[str]) -> list[x509.GeneralName]:
    return [_host(name) for name in names]


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _load_key(file: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{file} holds another kind of key than the hub makes")
    return key


def _write_pair(
    file: Path, certificate: x509.Certificate, key_file: Path, key: ec.EllipticCurvePrivateKey
) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    replace_file(key_file, pem, 0o600)
    replace_file(file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
