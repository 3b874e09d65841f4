"""Rows and columns: integer flex.

Rigid children get what they ask for; then, in document order, those that can be set in several
sizes fit into what is left; growing children share the rest by weight, every pixel given out.
Nothing overlaps and nothing leaves its box: a child that asks for more than is left is an error
that names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from typing_extensions import override

from label_templates.layout.node import Fill, Node, Sheet

Align = Literal["stretch", "start", "center", "end"]
Justify = Literal["start", "center", "end", "between"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Node):
    """A row, or a column where `vertical`; perhaps with a ground, an edge and round corners."""

    vertical: bool
    children: tuple[Node, ...] = ()
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Top, right, bottom, left."""
    gap: int = 0
    align: Align = "stretch"
    justify: Justify = "start"
    ground: int | None = None
    edge: int | None = None
    radius: int = 0
    _asked: tuple[int, ...] = field(init=False)
    """Indices of the children that do not grow, rigid ones before elastic ones."""
    _growing: tuple[int, ...] = field(init=False)
    _constant: bool = field(init=False)

    def __post_init__(self) -> None:
        """Settle once in which order the children are asked."""
        fixed = [index for index, child in enumerate(self.children) if not child.grow]
        fixed.sort(key=lambda index: self.children[index].elastic)
        growing = [index for index, child in enumerate(self.children) if child.grow]
        object.__setattr__(self, "_asked", tuple(fixed))
        object.__setattr__(self, "_growing", tuple(growing))
        constant = all(child.constant for child in self.children)
        object.__setattr__(self, "_constant", constant)

    @property
    @override
    def elastic(self) -> bool:
        return any(child.elastic for child in self.children)

    @property
    @override
    def constant(self) -> bool:
        return self._constant

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        across, down = self.pad[1] + self.pad[3], self.pad[0] + self.pad[2]
        main, cross = self._content(sheet, width - across, height - down)
        return (cross + across, main + down) if self.vertical else (main + across, cross + down)

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        if self.ground is not None or self.edge is not None:
            self._paint(sheet, x, y, width, height)
        top, right, bottom, left = self.pad
        width, height = width - left - right, height - top - bottom
        if width < 0 or height < 0:
            raise self.too_small(f"its padding leaves no room in {width} x {height} px")
        if self.children:
            self._lay(sheet, x + left, y + top, width, height)

    def _content(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        """Return natural (main, cross) of the children."""
        vertical, children = self.vertical, self.children
        used = self.gap * (len(children) - 1) if children else 0
        most = 0
        for index in self._asked + self._growing:
            child = children[index]
            if vertical:
                cross, main = child.size(sheet, width, height - used)
            else:
                main, cross = child.size(sheet, width - used, height)
            used += max(main, child.least)
            most = max(most, cross)
        return used, most

    def _lay(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        vertical, align = self.vertical, self.align
        mains, crosses, rest = self._shares(sheet, width, height)
        at, step = self._start(rest)
        for child, main, asked in zip(self.children, mains, crosses, strict=True):
            room = width if vertical else height
            cross = room if align == "stretch" else self._cross(sheet, child, main, asked, room)
            shift = _shift(align, room - cross)
            if vertical:
                child.put(sheet, x + shift, y + at, cross, main)
            else:
                child.put(sheet, x + at, y + shift, main, cross)
            at += main + step

    def _cross(self, sheet: Sheet, child: Node, main: int, asked: int, room: int) -> int:
        """Return a child's size across; a growing one is asked only now that its share is known."""
        if asked < 0:
            width, height = (room, main) if self.vertical else (main, room)
            asked = child.size(sheet, width, height)[0 if self.vertical else 1]
        return min(asked, room)

    def _shares(self, sheet: Sheet, width: int, height: int) -> tuple[list[int], list[int], int]:
        """Return each child's main size, its cross size (-1: not asked) and what nobody took."""
        children, growing = self.children, self._growing
        mains, crosses = [0] * len(children), [-1] * len(children)
        left = (height if self.vertical else width) - self.gap * (len(children) - 1)
        for index in growing:
            left -= children[index].least
        for index in self._asked:
            main, crosses[index] = self._ask(sheet, children[index], width, height, left)
            mains[index] = main
            left -= main
        if left < 0:
            raise self.too_small(f"its children need {-left} px more than there are")
        if growing:
            _give([(index, children[index]) for index in growing], mains, left)
            left = 0
        return mains, crosses, left

    def _ask(
        self, sheet: Sheet, child: Node, width: int, height: int, left: int
    ) -> tuple[int, int]:
        if self.vertical:
            cross, main = child.size(sheet, width, max(left, 0))
        else:
            main, cross = child.size(sheet, max(left, 0), height)
        if main > left:
            raise child.too_small(f"needs {main} px of {max(left, 0)} px that are left")
        room = width if self.vertical else height
        if cross > room:
            raise child.too_small(f"needs {cross} px across where {room} px are")
        return main, cross

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


def _shift(align: str, room: int) -> int:
    if align == "end":
        return room
    return room // 2 if align == "center" else 0


def _give(growing: Sequence[tuple[int, Node]], mains: list[int], left: int) -> None:
    """Share what is left among the growing children, the last one taking the odd pixels."""
    weights = 0
    for _, child in growing:
        weights += child.grow
    for index, child in growing:
        share = left * child.grow // weights
        mains[index] = child.least + share
        left -= share
        weights -= child.grow
