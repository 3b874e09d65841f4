"""What can happen to a device."""

from dataclasses import dataclass, field

from label_templates.contract.wire import Document
from shelf_agent.machine.snapshot import Snapshot
from shelf_agent.machine.values import Picture


@dataclass(frozen=True)
class Started:
    """The first event of a machine's life."""

    snapshot: Snapshot | None
    """What was remembered last, by this device; None at its birth."""
    bare: frozenset[str] = field(default_factory=frozenset)
    """Positions whose panel does not hold any more what it was last brought to show."""
    bundles: frozenset[str] = field(default_factory=frozenset)
    """Template bundles that are whole on the disk."""


@dataclass(frozen=True)
class Connected:
    """The hub is connected and desired patches are subscribed to."""


@dataclass(frozen=True)
class Disconnected:
    """The hub is gone; unanswered reads and reports will not be answered."""


@dataclass(frozen=True)
class TwinRead:
    """The whole twin, in answer to `ReadTwin`; both sections as the hub sent them."""

    desired: Document
    reported: Document


@dataclass(frozen=True)
class TwinReadFailed:
    """The twin could not be read."""

    why: str


@dataclass(frozen=True)
class PatchReceived:
    """A desired patch, with the `$version` that it leads to."""

    patch: Document


@dataclass(frozen=True)
class Drawn:
    """A picture was drawn, and is this frame."""

    picture: Picture
    frame: str
    """Digest of the frame."""


@dataclass(frozen=True)
class DrawingFailed:
    """A picture cannot be drawn; it would not go better at a second try."""

    picture: Picture
    why: str


@dataclass(frozen=True)
class Displayed:
    """The panel has finished its refresh and shows the picture."""

    picture: Picture
    frame: str
    """Digest of the frame that hangs there."""


@dataclass(frozen=True)
class DisplayFailed:
    """The panel could not be refreshed; what hangs there is not known."""

    picture: Picture
    why: str


@dataclass(frozen=True)
class BundleFetched:
    """A template bundle is here, whole, and this agent can draw with it."""

    digest: str


@dataclass(frozen=True)
class BundleFailed:
    """A template bundle could not be fetched, or is not what it must be."""

    digest: str
    why: str


@dataclass(frozen=True)
class BundleLost:
    """A template bundle that was here is not there any more, or is broken."""

    digest: str
    why: str


@dataclass(frozen=True)
class ReportTaken:
    """The hub keeps the reported patch of this number."""

    number: int


@dataclass(frozen=True)
class ReportFailed:
    """The hub did not take the reported patch of this number, or it is not known whether."""

    number: int
    why: str


@dataclass(frozen=True)
class RedrawAsked:
    """Somebody wants a position drawn again, or all."""

    position: str | None


@dataclass(frozen=True)
class MemoryFailed:
    """The last snapshot could not be kept; whoever keeps it goes on trying."""

    why: str


@dataclass(frozen=True)
class MemoryKept:
    """The disk, having failed, keeps snapshots again."""


@dataclass(frozen=True)
class Tick:
    """Time has passed; sent at least when `Wake` asked for it."""


Event = (
    Started | Connected | Disconnected | TwinRead | TwinReadFailed | PatchReceived | Drawn
    | DrawingFailed | Displayed | DisplayFailed | BundleFetched | BundleFailed | BundleLost
    | ReportTaken | ReportFailed | RedrawAsked | MemoryFailed | MemoryKept | Tick
)  # fmt: skip
