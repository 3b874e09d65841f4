"""What every node of a tile can do: say how large it wants to be, and put itself into a box.

Layout writes marks, in whole pixels from the top left: runs of text, filled boxes, bars and photos.
Text is measured by faces that are handed in, so that layout needs no font and no Pillow.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from typing_extensions import override

from label_templates.layout.errors import FitError, Place
from label_templates.layout.keep import Keep


class Reach(NamedTuple):
    """How far the letters of a script reach from the baseline, in pixels."""

    caps: int
    """Height of capitals, or of letters where there are none."""
    drop: int
    """How deep such letters reach: ideographs stand lower than the baseline."""
    ascent: int
    """To the top of the tallest accented capital."""
    descent: int
    """To the bottom of the deepest letter."""


class Outline(NamedTuple):
    """Where a text's ink stands: clear pixels left and right, and how high and deep it reaches."""

    left: int
    right: int
    rise: int
    fall: int


class Face(Protocol):
    """One font at one size, in pixels."""

    def length(self, text: str) -> int:
        """Return the width of a line; GlyphError where no font has a letter of it."""

    def reach(self, text: str) -> Reach:
        """Return how far letters of a text's scripts reach, Latin ones at least."""

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

    def outline(self, text: str) -> Outline:
        """Return where a text's ink stands within its width."""

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


class Matrix(NamedTuple):
    """The modules of a QR code, `side` each way, row by row, 255 dark, each `module` pixels wide.

    Both kinds of code are painted in `ink`; light modules show what is behind them.
    """

    x: int
    y: int
    side: int
    dark: bytes
    module: int
    ink: int


class Photo(NamedTuple):
    """A photo in its box, by the SHA-256 of its file; `place` is for errors found in drawing."""

    x: int
    y: int
    width: int
    height: int
    digest: str
    fit: str
    """`contain` or `cover`."""
    align: str
    valign: str
    ground: int | None
    place: Place


Mark = Run | Fill | Bars | Matrix | Photo

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
    source: str = ""
    """The template whose line it is: the drawn one, or one that it extends."""


class Sheet:
    """What one layout works on: the values of the content, the faces, and the marks so far."""

    __slots__ = ("asked", "boxes", "faces", "firsts", "fits", "marks", "rtl", "sizes", "values")

    def __init__(
        self,
        values: list[Any],
        faces: Faces,
        fits: Keep[Any],
        boxes: list[PlacedBox] | None = None,
        rtl: bool = False,
    ) -> None:
        self.values = values
        self.faces = faces
        self.fits = fits
        self.marks: list[Mark] = []
        self.boxes = boxes
        self.rtl = rtl
        """Whether the store reads right to left: rows then begin at the right."""
        self.firsts: list[int] = []
        """How many marks stood when each of the boxes was placed: its own come next."""
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
    whole: bool = False
    """Whether a growing node gets what its content needs at the smallest, before others choose."""

    @property
    @abstractmethod
    def seats(self) -> frozenset[int]:
        """Return the seats whose values it prints, its children's among them."""

    @property
    def elastic(self) -> bool:
        """Tell whether it can be set in several sizes, and so takes what rigid nodes leave."""
        return False

    @property
    def constant(self) -> bool:
        """Tell whether its size is the same in every room that holds it."""
        return not self.elastic

    def read(self) -> Iterator["Node"]:
        """Yield what is read in it, by people or by scanners: nothing may be laid over that."""
        yield self

    def bare(self) -> Iterator["Node"]:
        """Yield what is read in it and has no ground of its own, so must not stand on a picture."""
        return self.read()

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

    def need(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return the size it takes at the smallest; FitError where it cannot be that small."""
        if not self.elastic and not self.grow:
            return self.size(sheet, width, height)
        wide, high = self.tightest(sheet, self.width or width, self.height or height)
        return self.width or wide, self.height or high

    def tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return the size its content takes at the smallest, within limits."""
        return self.natural(sheet, width, height)

    def put(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        """Draw itself into a box."""
        if sheet.boxes is not None:
            place = self.place
            box = PlacedBox(place.node, place.line, x, y, width, height, place.source)
            sheet.boxes.append(box)
            sheet.firsts.append(len(sheet.marks))
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

    @property
    @override
    def seats(self) -> frozenset[int]:
        return frozenset()

    @override
    def read(self) -> Iterator[Node]:
        return iter(())

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

    @property
    @override
    def seats(self) -> frozenset[int]:
        return frozenset()

    @override
    def read(self) -> Iterator[Node]:
        return iter(())

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        return self.thickness, self.thickness

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        sheet.marks.append(Fill(x, y, width, height, self.ink, 0))
