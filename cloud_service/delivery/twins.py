"""What delivery needs of a hub, Azure's behind its SDK or one in a simulated world."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from label_templates.contract.wire import Document


@dataclass(frozen=True)
class TwinHead:
    """What is cheap to ask of all twins at once."""

    device: str
    etag: str
    """Moves when tags or desired are written."""
    version: int
    """Moves with every change, reported ones too."""
    connected: bool


@dataclass(frozen=True)
class DeviceTwin:
    """A device's whole twin; the sections without the hub's `$` members."""

    head: TwinHead
    tags: Document
    desired: Document
    reported: Document


class Twins(Protocol):
    """What delivery needs of a hub. All methods raise HubError's kinds."""

    def read(self, device: str) -> DeviceTwin:
        """Read a twin whole."""
        ...

    def patch(self, device: str, patch: Document, etag: str) -> str:
        """Merge a patch into desired, if the etag still holds; return the new etag."""
        ...

    def replace(self, twin: DeviceTwin, desired: Document) -> str:
        """Replace desired whole, if the twin is still as it was read; return the new etag."""
        ...

    def heads(self) -> Iterator[TwinHead]:
        """Walk all twins' heads. On Azure this view may lag seconds behind `read`."""
        ...
