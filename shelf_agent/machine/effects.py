"""What a device must do next.

Effects are carried out in their order; later ones may be lost in a crash, so `Remember` comes
before everything that relies on it.
"""

from dataclasses import dataclass

from label_templates.contract.wire import Document
from shelf_agent.machine.snapshot import Snapshot
from shelf_agent.machine.values import Picture


@dataclass(frozen=True)
class Remember:
    """Keep this on disk, durably, before doing what follows. Each replaces the one before."""

    snapshot: Snapshot


@dataclass(frozen=True)
class ReadTwin:
    """Read the whole twin, after a pause in seconds."""

    after_s: float


@dataclass(frozen=True)
class Draw:
    """Draw a picture and tell the frame's digest. May be for later: a flip is drawn beforehand."""

    picture: Picture


@dataclass(frozen=True)
class Refresh:
    """Bring the panel to show the picture, whose frame has this digest."""

    picture: Picture
    frame: str


@dataclass(frozen=True)
class FetchBundle:
    """Fetch a template bundle; replaces any fetching under way.

    Those in `keep` must not be dropped to make room for it.
    """

    digest: str
    keep: frozenset[str]


@dataclass(frozen=True)
class Report:
    """Send a reported patch and answer with its number."""

    number: int
    patch: Document


@dataclass(frozen=True)
class Wake:
    """Send a Tick after so many seconds; replaces any earlier wish."""

    after_s: float


@dataclass(frozen=True)
class Note:
    """Worth a line in the log."""

    text: str


Effect = Remember | ReadTwin | Draw | Refresh | FetchBundle | Report | Wake | Note
