"""Views of planograms: what hangs where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlaceView:
    """What hangs, or hung, at a position."""

    position: str
    device_id: str | None
    """None: its panel is paper."""
    panel: str
    sku: str | None
    facings: int


@dataclass(frozen=True)
class PlanogramView:
    """A planogram, in walking order; `revision` None: what hangs now."""

    store_id: str
    revision: int | None
    places: tuple[PlaceView, ...]


@dataclass(frozen=True)
class Hung:
    """What hanging positions did; without a change nothing differed from what hung."""

    change_id: str | None
    revision: int | None
    store_id: str
    positions: int
    tiles: int
    """How many must follow."""
