"""The values that events and effects carry."""

from collections.abc import Mapping
from dataclasses import dataclass

from label_templates.contract.panel import PanelSpec
from label_templates.contract.tile import Showing
from label_templates.contract.twin import StoreWords

Order = tuple[int, int]
"""(epoch, rev): the higher is the newer."""

Key = tuple[Order, int | None, str, bool]
"""Names one picture of a position: revision, flip, what it was drawn with, and whether bare."""


@dataclass(frozen=True)
class Now:
    """One moment on two clocks."""

    wall: float
    """UTC seconds since 1970, as the device believes; it may jump."""
    steady: float
    """Seconds on a clock that never jumps; only differences mean something."""


@dataclass(frozen=True)
class Device:
    """What never changes while the agent runs."""

    id: str
    root_key: str
    """The offline root's public key, base64."""
    bundle: str
    """Digest of the template bundle that is installed; others are fetched."""
    renderer: str
    """Digest of the code, fonts and Pillow that draw."""
    version: str
    panels: Mapping[str, PanelSpec]
    """The panel at each position."""


@dataclass(frozen=True)
class Picture:
    """What one position must show for a span of time; without a showing, bare white."""

    position: str
    order: Order
    since: int | None
    """The flip's instant that begins it; None for what a revision begins with."""
    showing: Showing | None
    store: StoreWords
    bundle: str
    """Digest of the template bundle to draw with."""
    setting: str
    """Fingerprint of all that is not in the tile but changes its pixels."""

    @property
    def key(self) -> Key:
        """Tell pictures of one position apart."""
        return self.order, self.since, self.setting, self.showing is None

    @property
    def price(self) -> int | None:
        """The price it shows, in minor units; None when bare."""
        return self.showing.content.price if self.showing else None
