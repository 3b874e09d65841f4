"""A strip's frame, put together of the frames of its regions.

Each position on a strip is a tile of its own, drawn for `panel_spec("lcd-strip-1920x158@320")`,
with a frame and an ack of its own; the glass is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from label_templates.contract.errors import ContractError
from label_templates.contract.panel import Ink, PanelSpec
from label_templates.drawing.frame import Frame
from label_templates.layout.errors import FrameError


@dataclass(frozen=True)
class Region:
    """One position's part of a strip. Sizes in pixels."""

    position: str
    width: int
    frame: Frame | None = None
    """None: nothing hangs there, so it is white."""
    gap: int = 0
    """White pixels to its left."""


def composed(strip: PanelSpec, regions: Sequence[Region]) -> Frame:
    """Return the strip's frame: its regions from left to right, and white where none is.

    Raises FrameError naming the region that the strip cannot have, or whose frame is none of it.
    """
    white = strip.inks.index(Ink.WHITE)
    picture = Image.new("L", (strip.width, strip.height), white)
    right = 0
    for region in regions:
        left = right + region.gap
        right = left + region.width
        _check(strip, region, left, right)
        if region.frame is not None:
            size = (region.width, strip.height)
            picture.paste(Image.frombytes("L", size, region.frame.indices), (left, 0))
    return Frame(strip.width, strip.height, strip.inks, picture.tobytes())


def _check(strip: PanelSpec, region: Region, left: int, right: int) -> None:
    if region.gap < 0 or left % strip.align_x:
        raise _wrong(region, f"begins at {left} px, not at a multiple of {strip.align_x}")
    if right > strip.width:
        raise _wrong(region, f"ends at {right} px of {strip.width}")
    try:
        spec = strip.region(region.width)
        if region.frame is not None:
            region.frame.check_panel(spec)
    except ContractError as error:
        raise _wrong(region, str(error)) from error


def _wrong(region: Region, reason: str) -> FrameError:
    return FrameError(f"region {region.position}: {reason}")
