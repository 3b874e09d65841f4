"""Panels: the physical displays a tile is drawn for, as data.

Refresh times: measured per controller (2.9" C90c 27 s full, GDEY029T94 1.75 s full and 0.40 s
partial, GDEP073E01 15 s). Vendors ask for 180 s between refreshes of colour panels.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from label_templates.contract.errors import ContractError


class Ink(StrEnum):
    """A colour a panel can show; its index in `PanelSpec.inks` is what a frame holds."""

    WHITE = "white"
    BLACK = "black"
    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"


class PanelSpec(BaseModel):
    """What one kind of panel is. Sizes in pixels, pitch in micrometres, times in milliseconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"[a-z0-9.-]{3,40}")]
    kind: Literal["e-ink", "lcd"]
    width: Annotated[int, Field(ge=64, le=4096)]
    height: Annotated[int, Field(ge=64, le=4096)]
    inks: tuple[Ink, ...]
    pitch_um: Annotated[int, Field(ge=30, le=1000)]
    full_refresh_ms: int
    partial_refresh_ms: int | None = None
    min_interval_s: int = 0
    """Seconds the vendor asks to leave between two refreshes."""


_BW = (Ink.WHITE, Ink.BLACK)
_SIX = (Ink.WHITE, Ink.BLACK, Ink.RED, Ink.YELLOW, Ink.BLUE, Ink.GREEN)

CATALOGUE: dict[str, PanelSpec] = {
    spec.name: spec
    for spec in (
        PanelSpec(
            name="epd-2.13-bw", kind="e-ink", width=250, height=122, inks=_BW, pitch_um=194,
            full_refresh_ms=2000, partial_refresh_ms=300,
        ),
        PanelSpec(
            name="epd-2.9-bw", kind="e-ink", width=296, height=128, inks=_BW, pitch_um=227,
            full_refresh_ms=1750, partial_refresh_ms=400,
        ),
        PanelSpec(
            name="epd-2.9-bwr", kind="e-ink", width=296, height=128, inks=(*_BW, Ink.RED),
            pitch_um=227, full_refresh_ms=27_000, min_interval_s=180,
        ),
        PanelSpec(
            name="epd-7.3-e6", kind="e-ink", width=800, height=480, inks=_SIX, pitch_um=200,
            full_refresh_ms=15_000, min_interval_s=180,
        ),
        PanelSpec(
            name="lcd-st7789", kind="lcd", width=320, height=240, inks=_SIX, pitch_um=127,
            full_refresh_ms=50, partial_refresh_ms=50,
        ),
    )
}  # fmt: skip


def panel_spec(name: str) -> PanelSpec:
    """Return the catalogue's spec of a panel; raise ContractError naming those there are."""
    if name not in CATALOGUE:
        raise ContractError(f"unknown panel {name!r}; known are {', '.join(sorted(CATALOGUE))}")
    return CATALOGUE[name]
