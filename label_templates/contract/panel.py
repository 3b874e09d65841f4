"""Panels: the physical displays a tile is drawn for, and the paper it is printed on.

Which ones there are stands in `catalogue.py`; here is what can be said of one.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from label_templates.contract.catalogue import PANELS
from label_templates.contract.errors import ContractError

Channel = Annotated[int, Field(ge=0, le=255)]
Rgb = tuple[Channel, Channel, Channel]

LEAST_REGION = 160
"""Pixels: the narrowest region of a strip."""
_SHOWN_REGIONS = (160, 240, 320, 480)
SMALLEST_TEXT = 9
"""Pixels: the smallest size at which hinted one-bit letters keep their shapes apart."""
_SMALLEST_TEXT_NM = 1_700_000
_REGION = re.compile(r"(?P<whole>[a-z0-9.-]+)@(?P<width>[1-9][0-9]{1,3})")


class Ink(StrEnum):
    """A colour a panel can show; its index in `PanelSpec.inks` is what a frame holds."""

    WHITE = "white"
    BLACK = "black"
    RED = "red"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"
    ORANGE = "orange"


class Packing(StrEnum):
    """How a controller takes pixels, see `drawing.packing`."""

    ONE_BIT = "1 bpp"
    TWO_PLANES = "two planes"
    TWO_BITS = "2 bpp"
    FOUR_BITS = "4 bpp"
    RGB565 = "rgb565"
    XRGB8888 = "xrgb8888"


class PanelSpec(BaseModel):
    """What one kind of panel is, seen as it hangs: a wide one is wider than high."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9.-]{3,35}(@[0-9]{2,4})?$")]
    kind: Literal["e-ink", "lcd", "paper"]
    width: Annotated[int, Field(ge=64, le=4096)]
    """Pixels."""
    height: Annotated[int, Field(ge=64, le=4096)]
    inks: tuple[Ink, ...]
    palette: tuple[Rgb, ...]
    """What a camera sees of each ink beside white paper: photos are dithered with it."""
    palette_source: str
    """Who measured the palette, and how."""
    cube: bool = False
    """Photos may use 216 more colours: index `len(inks) + 36 r + 6 g + b`, each of six levels."""
    pitch_nm: Annotated[int, Field(ge=30_000, le=1_000_000)]
    """Nanometres from pixel to pixel, the smaller one where they are not square."""
    packing: Packing
    codes: tuple[int, ...] = ()
    """What the controller calls each ink, where pixels have two or four bits."""
    turned: bool = False
    """The controller's rows are the frame's columns, the rightmost one first."""
    align_x: Literal[1, 2, 8] = 1
    """Pixels: where the edges of a partial refresh may lie."""
    align_y: Literal[1, 2, 8] = 1
    divisible: bool = False
    """Many positions may share it, each with a region of its own."""
    full_refresh_ms: int
    partial_refresh_ms: int | None = None
    """Milliseconds; None where only the whole panel can be refreshed."""
    min_interval_s: int = 0
    """Seconds the vendor asks to leave between two refreshes."""
    max_interval_s: int | None = None
    """Seconds after which the vendor asks for a refresh, even of the same picture."""
    full_after: int | None = None
    """After at most this many partial refreshes a full one must come."""
    life: int | None = None
    """How many refreshes the vendor gives it."""
    works_c: tuple[int, int] | None = None
    """Degrees Celsius, coldest and warmest, at which it may be refreshed."""
    source: str
    """Where these numbers come from."""

    @model_validator(mode="after")
    def _belongs_together(self) -> Self:
        if len(self.palette) != len(self.inks):
            raise ValueError(f"{len(self.palette)} colours for {len(self.inks)} inks")
        coded = self.packing in {Packing.TWO_BITS, Packing.FOUR_BITS}
        if len(self.codes) != (len(self.inks) if coded else 0):
            raise ValueError(f"{len(self.codes)} codes for {len(self.inks)} inks")
        return self

    @property
    def least_text(self) -> int:
        """Return the smallest text size, in pixels, that may be read on it.

        The letters of hinted one-bit text run together below 9 pixels. On fine pitches millimetres
        decide: Regulation (EU) 1169/2011, article 13(3), asks for an x-height of 0.9 mm on small
        surfaces, which Roboto, whose x is 0.53 of its size, has at 1.7 mm.
        """
        return max(SMALLEST_TEXT, -(-_SMALLEST_TEXT_NM // self.pitch_nm))

    def mm(self, pixels: int) -> float:
        """Return how long some pixels are in millimetres."""
        return pixels * self.pitch_nm / 1_000_000

    def pixels(self, mm: float) -> int:
        """Return the fewest pixels that are at least so many millimetres long."""
        return -(-round(mm * 1_000_000) // self.pitch_nm)

    @property
    def whole(self) -> str:
        """Return the name of the physical panel: a region's is that of its strip."""
        return self.name.partition("@")[0]

    def region(self, width: int) -> "PanelSpec":
        """Return the spec of a part of a strip; ContractError where it cannot be cut like that."""
        if not self.divisible:
            raise ContractError(f"panel {self.name} cannot be divided into regions")
        if width % self.align_x or not LEAST_REGION <= width <= self.width:
            raise ContractError(
                f"a region of {self.name} is {LEAST_REGION} to {self.width} px wide, a multiple"
                f" of {self.align_x}, not {width}"
            )
        part = {"name": f"{self.name}@{width}", "width": width, "divisible": False}
        return self.model_copy(update=part)

    def regions(self) -> "list[PanelSpec]":
        """Return the specs of all regions that it can be divided into, none for most panels."""
        if not self.divisible:
            return []
        widths = range(
            -(-LEAST_REGION // self.align_x) * self.align_x, self.width + 1, self.align_x
        )
        return [self.region(width) for width in widths]


CATALOGUE: dict[str, PanelSpec] = {
    spec.name: spec for spec in (PanelSpec.model_validate(panel) for panel in PANELS)
}


def _surfaces() -> Iterator[PanelSpec]:
    for panel in CATALOGUE.values():
        yield panel
        if panel.divisible:
            yield from map(panel.region, _SHOWN_REGIONS)


SURFACES: tuple[PanelSpec, ...] = tuple(_surfaces())
"""What tiles are tried and shown on: every panel, and of a strip a few regions for all others."""


def panel_spec(name: str) -> PanelSpec:
    """Return the spec of a panel, or of a region such as `lcd-strip-1920x158@320`.

    Raises ContractError naming the panels that there are.
    """
    found = CATALOGUE.get(name)
    return found if found is not None else _region(name)


@lru_cache(maxsize=512)
def _region(name: str) -> PanelSpec:
    match = _REGION.fullmatch(name)
    whole = CATALOGUE.get(match["whole"]) if match else None
    if match is None or whole is None:
        raise ContractError(f"unknown panel {name!r}; known are {', '.join(sorted(CATALOGUE))}")
    return whole.region(int(match["width"]))
