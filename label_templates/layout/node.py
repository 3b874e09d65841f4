"""What every node of a tile can do: say how large it wants to be, and put itself into a box.

Layout writes marks, in whole pixels from the top left: runs of text, filled boxes and bars.
Text is measured by faces that are handed in, so that layout needs no font and no Pillow.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from typing_extensions import override

from label_templates.layout.errors import FitError, Place
from label_templates.layout.keep import Keep


class Face(Protocol):
    """One font at one size, in pixels. Widths of a text are the sum of its letters' advances."""

    @property
    def advances(self) -> Mapping[str, int]:
        """Advance of each character; asking for one without a glyph raises GlyphError."""

    @property
    def ascent(self) -> int:
        """From the baseline to the top of the tallest accented capital."""

    @property
    def descent(self) -> int:
        """From the baseline to the bottom of the deepest letter."""

    @property
    def caps(self) -> int:
        """Height of capitals and digits."""

    @property
    def overshoot(self) -> int:
        """By how much round digits reach beyond the height of capitals, above and below."""

    @property
    def tail(self) -> int:
        """From the baseline to the bottom of a comma."""

    @property
    def leading(self) -> int:
        """Clear pixels between two lines."""


class Faces(Protocol):
    """Fonts to measure with."""

    def face(self, font: str, size: int) -> Face:
        """Return a font by its weight, `bold`, at a size in pixels."""


class Run(NamedTuple):
    """A line of text; `y` is its baseline."""

    x: int
    y: int
    text: str
    font: str
    size: int
    ink: int


class Fill(NamedTuple):
    """A filled box, its corners rounded by `radius`."""

    x: int
    y: int
    width: int
    height: int
    ink: int
    radius: int


class Bars(NamedTuple):
    """The dark and light modules of a barcode, `1` dark, each `module` pixels wide."""

    x: int
    y: int
    height: int
    modules: str
    module: int
    ink: int


Mark = Run | Fill | Bars

_ANY = 2**30
"""Pixels that no room has."""


class PlacedBox(NamedTuple):
    """Where a node ended up: for partial refresh and for editors."""

    node: str
    line: int
    x: int
    y: int
    width: int
    height: int


class Sheet:
    """What one layout works on: the values of the content, the faces, and the marks so far."""

    __slots__ = ("asked", "boxes", "faces", "fits", "marks", "sizes", "values")

    def __init__(
        self,
        values: list[Any],
        faces: Faces,
        fits: Keep[Any],
        boxes: list[PlacedBox] | None = None,
    ) -> None:
        self.values = values
        self.faces = faces
        self.fits = fits
        self.marks: list[Mark] = []
        self.boxes = boxes
        self.sizes: dict[int, tuple[int, int, int, int]] = {}
        """Sizes that nodes, by identity, asked for, and the largest room for which they hold."""
        self.asked: dict[int, Any] = {}
        """How nodes that do not grow, by identity, set themselves when they asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node(ABC):
    """A node of a tile. Sizes in pixels; 0 means as its content asks."""

    place: Place
    width: int = 0
    height: int = 0
    grow: int = 0
    """Its share of what the others leave along the main axis."""
    least: int = 0
    """What a growing node gets at least along the main axis."""

    @property
    def elastic(self) -> bool:
        """Tell whether it can be set in several sizes, and so takes what rigid nodes leave."""
        return False

    @property
    def constant(self) -> bool:
        """Tell whether its size is the same in every room that holds it."""
        return not self.elastic

    def size(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return the size it wants within limits; FitError where it cannot be that small.

        What was answered for one room holds for every smaller one that still has place for it,
        because nodes take the largest setting that fits.
        """
        known = sheet.sizes.get(id(self))
        if known is not None:
            wide, high, most_wide, most_high = known
            if wide <= width <= most_wide and high <= height <= most_high:
                return wide, high
        wide, high = self.natural(sheet, self.width or width, self.height or height)
        wide, high = self.width or wide, self.height or high
        limits = (_ANY, _ANY) if self.constant else (width, height)
        sheet.sizes[id(self)] = wide, high, *limits
        return wide, high

    def put(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        """Draw itself into a box."""
        if sheet.boxes is not None:
            sheet.boxes.append(PlacedBox(self.place.node, self.place.line, x, y, width, height))
        self.draw(sheet, x, y, width, height)

    @abstractmethod
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return the size its content asks for within limits."""

    @abstractmethod
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        """Write its marks for a box."""

    def too_small(self, reason: str) -> FitError:
        """Return the error that this node's content does not fit."""
        return FitError(reason, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Space(Node):
    """Nothing: takes what is left, or keeps a distance."""

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        return 0, 0

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Node):
    """A line across the direction in which its box lays out."""

    ink: int
    thickness: int = 1

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        return self.thickness, self.thickness

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        sheet.marks.append(Fill(x, y, width, height, self.ink, 0))
