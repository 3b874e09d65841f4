"""A second client under a device's name, which holds the device's connection and says nothing."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from cryptography import x509

from simulators.iothub.protocol.session import Session

if TYPE_CHECKING:
    from simulators.iothub.core.certificate import ClientCertificate


class Thief:
    """Takes the place of a connection until the device comes back and drops it."""

    def __init__(self, name: str, lost: Callable[["Thief"], None]) -> None:
        """Come under a device's name; `lost` is told when it is cut off."""
        self.session = Session()
        self.session.name = name
        self.certificate: ClientCertificate | None = None
        self.clean = False
        self.expires = math.inf
        self._lost = lost

    def flush(self) -> None:
        """It listens to nothing."""

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """It showed nothing."""
        return ()

    def silence(self) -> float:
        """It keeps its connection alive."""
        return 0.0

    is_late = False

    def later(self, seconds: float, work: Callable[[], None]) -> None:
        """It asks for nothing that could wait."""

    def hush(self, seconds: float) -> None:
        """It hears nothing anyhow."""

    def cut(self, reason: str) -> None:
        """Go."""
        del reason
        self.session.close()
        self._lost(self)

    def close(self) -> None:
        """Go."""
        self.cut("")
