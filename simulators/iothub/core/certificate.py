"""A certificate shown in the TLS handshake, as far as the hub looks at it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Thumbprints in upper-case hexadecimal, SHA-1 and SHA-256; the handshake proved its key.

    `trusted` tells that a registered authority signed it, through whatever lies between.
    """

    thumbprints: frozenset[str]
    common_name: str
    trusted: bool
