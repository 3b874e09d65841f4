"""Stacks: layers that share one box, so that a flag can stand on a photo."""

from collections.abc import Iterator
from dataclasses import dataclass

from typing_extensions import override

from label_templates.layout.errors import MarkupError
from label_templates.layout.node import Node, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack(Node):
    """Layers, drawn in order, each as large as the stack.

    Nothing is ever laid over what is read: only the last layer holds words, prices and codes, and
    they have a ground of their own, because what stands bare on a photo cannot be read.
    """

    layers: tuple[Node, ...] = ()

    def __post_init__(self) -> None:
        """Refuse layers that hide what is read, or lay it bare on a picture."""
        for layer in self.layers[:-1]:
            for node in layer.read():
                raise MarkupError("a layer of the stack is laid over it", node.place)
        for layer in self.layers[1:]:
            for node in layer.bare():
                raise MarkupError("stands on a picture and needs a ground", node.place)

    @property
    @override
    def seats(self) -> frozenset[int]:
        return frozenset[int]().union(*(layer.seats for layer in self.layers))

    @property
    @override
    def elastic(self) -> bool:
        return any(layer.elastic for layer in self.layers)

    @property
    @override
    def constant(self) -> bool:
        return all(layer.constant for layer in self.layers)

    @override
    def read(self) -> Iterator[Node]:
        return (node for layer in self.layers for node in layer.read())

    @override
    def bare(self) -> Iterator[Node]:
        return (node for layer in self.layers for node in layer.bare())

    @override
    def natural(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        sizes = [layer.size(sheet, width, height) for layer in self.layers]
        return max((wide for wide, _ in sizes), default=0), max(
            (high for _, high in sizes), default=0
        )

    @override
    def tightest(self, sheet: Sheet, width: int, height: int) -> tuple[int, int]:
        sizes = [layer.need(sheet, width, height) for layer in self.layers]
        return max((wide for wide, _ in sizes), default=0), max(
            (high for _, high in sizes), default=0
        )

    @override
    def draw(self, sheet: Sheet, x: int, y: int, width: int, height: int) -> None:
        for layer in self.layers:
            layer.put(sheet, x, y, width, height)
