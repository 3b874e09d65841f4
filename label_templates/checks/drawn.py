"""A tile as it was drawn: its nodes by name, what each says, and the ink it stands on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from label_templates.contract.panel import Ink, PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.layout.errors import Place
from label_templates.layout.fitting import ELLIPSIS
from label_templates.layout.formats import Formats
from label_templates.layout.node import Bars, Fill, Mark, Matrix, Photo, PlacedBox, Run
from label_templates.render import Renderer

Code = Bars | Matrix


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile to be checked: what it says, and where."""

    tpl: str
    content: TileContent
    panel: PanelSpec
    store: StoreWords


@dataclass(frozen=True, slots=True)
class Node:
    """One node with the marks it wrote itself, and the ink behind it."""

    name: str
    """As the template calls it; empty where it has no name."""
    template: str
    """The template that was drawn, which may have the node from another."""
    box: PlacedBox
    runs: list[Run]
    codes: list[Code]
    ground: int

    @property
    def place(self) -> Place:
        """Return where it stands in the template."""
        return Place(self.box.line, self.box.node, self.box.source).within(self.template)

    def inside(self, other: "Node") -> bool:
        """Tell whether it stands in the box of another node."""
        mine, theirs = self.box, other.box
        return (
            theirs.x <= mine.x
            and mine.x + mine.width <= theirs.x + theirs.width
            and theirs.y <= mine.y
            and mine.y + mine.height <= theirs.y + theirs.height
        )


@dataclass(frozen=True)
class Drawn:
    """All nodes of a tile that was drawn."""

    tile: Tile
    renderer: Renderer
    formats: Formats
    nodes: list[Node] = field(default_factory=list)

    @cached_property
    def _by_name(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.name:
                found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def says_ellipsis(self) -> bool:
        """Tell whether the content itself says `…`, so that one on the tile is no cut."""
        values = vars(self.tile.content).values()
        return any(ELLIPSIS in value for value in values if isinstance(value, str))

    def named(self, name: str) -> list[Node]:
        """Return the nodes that a template calls by a name and that write something."""
        return [node for outer in self._by_name.get(name, ()) for node in self._writing(outer)]

    def _writing(self, outer: Node) -> Iterator[Node]:
        if outer.runs:
            yield outer
            return
        for node in self.nodes:
            if node.runs and node is not outer and node.inside(outer):
                yield node


def draw(renderer: Renderer, tile: Tile, formats: Formats) -> Drawn:
    """Draw a tile; RenderError says why it cannot be drawn."""
    laid = renderer.drawn(tile.tpl, tile.content, tile.panel, tile.store)
    if any(type(mark) is Photo for _, marks in laid for mark in marks):
        # Whether a photo can be drawn is known only once it is; all else is settled by its place.
        renderer.render(tile.tpl, tile.content, tile.panel, tile.store)
    paper = tile.panel.inks.index(Ink.WHITE)
    fills: list[Fill] = []
    nodes = [_node(tile.tpl, box, marks, fills, paper) for box, marks in laid]
    return Drawn(tile, renderer, formats, nodes)


def _node(tpl: str, box: PlacedBox, marks: list[Mark], fills: list[Fill], paper: int) -> Node:
    """Return a node, and add to the fills those that it puts under the nodes to come."""
    name = box.node.partition('"')[2].rstrip('"')
    if not marks:
        return Node(name, tpl, box, [], [], paper)
    runs = [mark for mark in marks if type(mark) is Run]
    codes = [mark for mark in marks if type(mark) is Bars or type(mark) is Matrix]
    ground = _ground(box, fills, paper) if runs or codes else paper
    if not runs:
        fills += [mark for mark in marks if type(mark) is Fill]
    return Node(name, tpl, box, runs, codes, ground)


def _ground(box: PlacedBox, fills: list[Fill], paper: int) -> int:
    """Return the ink under the middle of a box: grounds hold what stands on them wholly."""
    x, y = box.x + box.width // 2, box.y + box.height // 2
    for fill in reversed(fills):
        if fill.x <= x < fill.x + fill.width and fill.y <= y < fill.y + fill.height:
            return fill.ink
    return paper
