"""The certificates that devices show, and the authorities they may come from."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from OpenSSL import crypto

from simulators.iothub.core.certificate import ClientCertificate
from simulators.iothub.server.errors import HubStartError

# Azure names both digests "thumbprint"; SHA-1 is no secret here, only a name.
_DIGESTS: Final = (hashes.SHA1(), hashes.SHA256())  # noqa: S303


class DeviceAuthorities:
    """The certificate authorities that are registered with the hub, from files in PEM.

    Azure wants a proof that one holds an authority's key before it counts; here the files do.
    """

    def __init__(self, files: Iterable[Path], clock: Callable[[], float]) -> None:
        """Read the files; raises HubStartError for one that holds no certificate."""
        self._clock = clock
        self._store = crypto.X509Store()
        # A registered authority may itself be signed by another that is not registered.
        self._store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
        for file in files:
            for certificate in _read(file):
                self._store.add_cert(crypto.X509.from_cryptography(certificate))

    def described(self, shown: Sequence[x509.Certificate]) -> ClientCertificate | None:
        """Describe what a peer showed, its own certificate first; None if it showed nothing."""
        if not shown:
            return None
        own, *others = shown
        return ClientCertificate(
            frozenset(own.fingerprint(digest).hex().upper() for digest in _DIGESTS),
            common_name(own),
            self._trusts(own, others),
        )

    def _trusts(self, own: x509.Certificate, others: Sequence[x509.Certificate]) -> bool:
        return _vouches(self._store, own, others, self._clock())


def is_signed_by(shown: Sequence[x509.Certificate], signer: str, now: float) -> bool:
    """Tell whether a certificate in PEM vouches for the first of those that a peer showed."""
    store = crypto.X509Store()
    store.set_flags(crypto.X509StoreFlags.PARTIAL_CHAIN)
    store.add_cert(crypto.X509.from_cryptography(x509.load_pem_x509_certificate(signer.encode())))
    return _vouches(store, shown[0], shown[1:], now)


def _vouches(
    store: crypto.X509Store, own: x509.Certificate, others: Sequence[x509.Certificate], now: float
) -> bool:
    store.set_time(datetime.datetime.fromtimestamp(now, datetime.UTC))
    chain = [crypto.X509.from_cryptography(each) for each in others]
    leaf = crypto.X509.from_cryptography(own)
    try:
        crypto.X509StoreContext(store, leaf, chain).verify_certificate()
    except crypto.X509StoreContextError:
        return False
    return True


def common_name(certificate: x509.Certificate) -> str:
    """Give the name a certificate is for, empty where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _read(file: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError) as error:
        raise HubStartError(f"{file} holds no certificate authority: {error}") from error
