"""Rows and columns: integer flex.

Rigid children get what they ask for; then, in document order, those that can be set in several
sizes fit into what is left; growing children share the rest by weight, every pixel given out.
Nothing overlaps and nothing leaves its box: a child that asks for more than is left is an error
that names it.

A box in which nothing grows depends on its words and its room alone. The outermost such boxes are
laid out once for the same words in the same room, so that a new price does not lay out anew what
stands around it.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from typing_extensions import override

from label_templates.layout.node import Fill, Mark, Node, Sheet

Align = Literal["stretch", "start", "center", "end"]
Justify = Literal["start", "center", "end", "between"]
_serials = itertools.count()
_Asked = tuple[int, int, list[int], list[int]]
"""What a box asked for along and across, and what its children did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Node):
    """A row, or a column where `vertical`; perhaps with a ground, an edge and round corners."""

    vertical: bool
    children: tuple[Node, ...] = ()
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Top, right, bottom, left; right and left change places where the store reads so."""
    gap: int = 0
    align: Align = "stretch"
    justify: Justify = "start"
    ground: int | None = None
    edge: int | None = None
    radius: int = 0
    _asked: tuple[int, ...] = field(init=False)
    """Indices of the children that do not grow, rigid ones before elastic ones."""
    _growing: tuple[int, ...] = field(init=False)
    _weights: int = field(init=False)
    _gaps: int = field(init=False)
    _least: int = field(init=False)
    """What all children get at least."""
    _leasts: list[int] = field(init=False)
    """What each child that grows gets at least."""
    _wholes: tuple[int, ...] = field(init=False)
    """Indices of growing children that get what their content needs."""
    _padding: tuple[int, int] = field(init=False)
    """Across and down."""
    _painted: bool = field(init=False)
    _elastic: bool = field(init=False)
    _constant: bool = field(init=False)
    _seats: frozenset[int] = field(init=False)
    _grows: bool = field(init=False)
    """Whether anything in it grows."""
    _kept: tuple[int, ...] | None = field(init=False, default=None)
    """Where its layout is kept: the seats whose values it depends on."""
    _serial: int = field(init=False)
    """Tells it apart from every other box, also from those of trees that are gone."""

    def __post_init__(self) -> None:
        """Settle once what every layout would work out again, and in which order to ask."""
        fixed = [index for index, child in enumerate(self.children) if not child.grow]
        fixed.sort(key=lambda index: self.children[index].elastic)
        growing = [index for index, child in enumerate(self.children) if child.grow]
        object.__setattr__(self, "_asked", tuple(fixed))
        object.__setattr__(self, "_growing", tuple(growing))
        top, right, bottom, left = self.pad
        settled = {
            "_weights": sum(child.grow for child in self.children),
            "_gaps": self.gap * max(len(self.children) - 1, 0),
            "_least": sum(child.least for child in self.children),
            "_leasts": [child.least if child.grow else 0 for child in self.children],
            "_wholes": tuple(index for index in growing if self.children[index].whole),
            "_padding": (left + right, top + bottom),
            "_painted": self.ground is not None or self.edge is not None,
            "_elastic": any(child.elastic for child in self.children),
            "_constant": all(child.constant for child in self.children),
            "_serial": next(_serials),
            "_seats": frozenset[int]().union(*(child.seats for child in self.children)),
            "_grows": bool(growing) or any(box._grows for box in self._boxes),
        }
        for name, value in settled.items():
            object.__setattr__(self, name, value)
        if self._grows:
            for box in self._boxes:
                box._keep()

    @property
    def _boxes(self) -> list["Box"]:
        return [child for child in self.children if isinstance(child, Box)]

    def _keep(self) -> None:
        if not self._grows and len(self.children) > 1:
            object.__setattr__(self, "_kept", tuple(sorted(self._seats)))

    @property
    @override
    def seats(self) -> frozenset[int]:
        return self._seats

    @property
    @override
    def elastic(self) -> bool:
        return self._elastic

    @property
    @override
    def constant(self) -> bool:
        return self._constant

    @override
    def read(self) -> Iterator[Node]:
        return (node for child in self.children for node in child.read())

    @override
    def bare(self) -> Iterator[Node]:
        if self.ground is not None:
            return iter(())
        return (node for child in self.children for node in child.bare())

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        if self._kept is None:
            return self._natural(sheet, width, height)
        key = (self._serial, width, height, *_printed(self._kept, sheet.values))
        found: tuple[int, int] | None = sheet.fits.get(key)
        if found is not None:
            return found
        asked = self._natural(sheet, width, height)
        sheet.fits.put(key, asked, 300)
        return asked

    @override
    def tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        across, down = self._padding
        main, cross = self._tightest(sheet, width - across, height - down)
        return (cross + across, main + down) if self.vertical else (main + across, cross + down)

    def _tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return (main, cross) of the children at their smallest."""
        used, most, least = self._gaps, 0, self._least
        for index in self._asked + self._growing:
            child = self.children[index]
            least -= child.least
            if self.vertical:
                cross, main = child.need(sheet, width, height - used - least)
            else:
                main, cross = child.need(sheet, width - used - least, height)
            used += max(main, child.least)
            most = max(most, cross)
        return used, most

    def _natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        across, down = self._padding
        main, cross = self._content(sheet, width - across, height - down)
        return (cross + across, main + down) if self.vertical else (main + across, cross + down)

    @override
    def put(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        if self._kept is None or sheet.boxes is not None:
            # Zero-argument super() does not find a class that `slots` has made anew.
            Node.put(self, sheet, x, y, width, height)
            return
        key = (self._serial, x, y, width, height, *_printed(self._kept, sheet.values))
        found: list[Mark] | None = sheet.fits.get(key)
        if found is None:
            before = len(sheet.marks)
            self.draw(sheet, x, y, width, height)
            drawn = sheet.marks[before:]
            sheet.fits.put(key, drawn, 300 + 150 * len(drawn))
        else:
            sheet.marks += found

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        if self._painted:
            self._paint(sheet, x, y, width, height)
        top, right, _, left = self.pad
        across, down = self._padding
        width, height = width - across, height - down
        if width < 0 or height < 0:
            raise self.too_small(
                f"its padding leaves no room in {width + across} x {height + down} px"
            )
        if self.children:
            self._lay(sheet, x + (right if sheet.rtl else left), y + top, width, height)

    def _content(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return natural (main, cross) of the children; keep what each of them asked for."""
        vertical, children = self.vertical, self.children
        mains, crosses = [0] * len(children), [-1] * len(children)
        used, most, least = self._gaps, 0, self._least
        for index in self._asked + self._growing:
            child = children[index]
            least -= child.least
            if vertical:
                cross, main = child.size(sheet, width, height - used - least)
            else:
                main, cross = child.size(sheet, width - used - least, height)
            mains[index], crosses[index] = main, cross
            used += max(main, child.least)
            most = max(most, cross)
        if not self._growing:
            sheet.asked[id(self)] = used, most, mains, crosses
        return used, most

    def _lay(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        vertical, align, rtl = self.vertical, self.align, sheet.rtl
        main_room, cross_room = (height, width) if vertical else (width, height)
        mains, crosses, rest = self._shares(sheet, main_room, cross_room)
        at, step = self._start(rest) if rest else (0, self.gap)
        for index, child in enumerate(self.children):
            main = mains[index]
            if align == "stretch":
                cross, shift = cross_room, 0
            else:
                cross = self._cross(sheet, child, main, crosses[index], cross_room)
                shift = _shift(align, cross_room - cross)
            if vertical:
                left = cross_room - cross - shift if rtl else shift
                child.put(sheet, x + left, y + at, cross, main)
            else:
                left = main_room - main - at if rtl else at
                child.put(sheet, x + left, y + shift, main, cross)
            at += main + step

    def _cross(self, sheet: Sheet, child: Node, main: int, asked: int, room: int) -> int:
        """Return a child's size across; a growing one is asked only now that its share is known."""
        if asked < 0:
            width, height = (room, main) if self.vertical else (main, room)
            asked = child.size(sheet, width, height)[0 if self.vertical else 1]
        return min(asked, room)

    def _shares(self, sheet: Sheet, room: int, across: int) -> tuple[list[int], list[int], int]:
        """Return each child's main size, its cross size (-1: not asked) and what nobody took.

        A box that gets what it asked for gives its children what they asked for.
        """
        known: _Asked | None = sheet.asked.get(id(self))
        if known is not None and known[0] == room and known[1] <= across:
            return known[2], known[3], 0
        children, growing = self.children, self._growing
        mains, crosses = self._floors(sheet, room, across), [-1] * len(children)
        left = room - self._gaps - sum(mains)
        for index in self._asked:
            main, crosses[index] = self._ask(sheet, children[index], across, left)
            mains[index] = main
            left -= main
        if left < 0:
            raise self.too_small(f"its children need {-left} px more than there are")
        if growing:
            self._give(mains, left)
            left = 0
        return mains, crosses, left

    def _floors(self, sheet: Sheet, room: int, across: int) -> list[int]:
        """Return what each growing child gets at least."""
        floors = self._leasts.copy()
        for index in self._wholes:
            child = self.children[index]
            width, height = (across, room) if self.vertical else (room, across)
            floors[index] = max(child.need(sheet, width, height)[self.vertical], child.least)
        return floors

    def _ask(self, sheet: Sheet, child: Node, across: int, left: int) -> tuple[int, int]:
        """Return (main, cross) of a child; FitError where that is not left."""
        room = max(left, 0)
        if self.vertical:
            cross, main = child.size(sheet, across, room)
        else:
            main, cross = child.size(sheet, room, across)
        if main > left:
            raise child.too_small(f"needs {main} px of {room} px that are left")
        if cross > across:
            raise child.too_small(f"needs {cross} px across where {across} px are")
        return main, cross

    def _give(self, mains: list[int], left: int) -> None:
        """Share what is left among the growing children, the last one taking the odd pixels."""
        weights = self._weights
        for index in self._growing:
            child = self.children[index]
            share = left * child.grow // weights
            mains[index] += share
            left -= share
            weights -= child.grow

    def _start(self, rest: int) -> tuple[int, int]:
        """Return the offset of the first child and the distance between two."""
        if self.justify == "between" and len(self.children) > 1:
            return 0, self.gap + rest // (len(self.children) - 1)
        return _shift("end" if self.justify == "end" else self.justify, rest), self.gap

    def _paint(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        if self.edge is not None:
            sheet.marks.append(Fill(x, y, width, height, self.edge, self.radius))
            x, y, width, height = x + 1, y + 1, width - 2, height - 2
        if self.ground is not None:
            radius = max(self.radius - (self.edge is not None), 0)
            sheet.marks.append(Fill(x, y, width, height, self.ground, radius))


def _printed(seats: Iterable[int], values: list[Any]) -> list[str]:
    """Return the values at some seats as they are printed."""
    return [value if type(value) is str else str(value) for value in map(values.__getitem__, seats)]


def _shift(align: str, room: int) -> int:
    if align == "end":
        return room
    return room // 2 if align == "center" else 0
