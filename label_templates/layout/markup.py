"""Markup to nodes: a filled template is read by defusedxml into the elements of `elements.py`.

A tree is made for the inks of a panel, so that `ink="red black"` is decided once. Each element
carries its line in the template, for errors and editors.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString
from typing_extensions import override

from label_templates.contract.panel import Ink
from label_templates.layout.attributes import Written
from label_templates.layout.box import Box
from label_templates.layout.brackets import LINE
from label_templates.layout.elements import ELEMENTS, INK, OUTERMOST, Opened
from label_templates.layout.errors import MarkupError, Place
from label_templates.layout.node import Node
from label_templates.layout.template import SEAT, Filled

_LINES = re.compile(f'{LINE}="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed template: its root, and the seats whose values stand in attributes."""

    root: Box
    attribute_seats: tuple[int, ...]


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet."""

    tag: str
    written: Written
    ink: int
    children: list[Node] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def parse(filled: Filled, inks: Sequence[Ink]) -> Tree:
    """Read markup for a panel's inks; MarkupError names line and node."""
    reader = _Reader(filled.values, inks)
    try:
        parseString(filled.markup.encode(), reader, forbid_dtd=True)
    except SAXParseException as error:
        place = _place_near(filled.markup, error)
        raise MarkupError(f"not well-formed: {error.getMessage()}", place) from error
    except DefusedXmlException as error:
        raise MarkupError("declarations and entities are not allowed", Place(1, "")) from error
    if reader.root is None:
        raise MarkupError(f"no <{OUTERMOST}>", Place(1, ""))
    return Tree(reader.root, tuple(sorted(reader.attribute_seats)))


def _place_near(markup: str, error: SAXParseException) -> Place:
    """Return the template line of the last element that begins before an error."""
    before = markup.split("\n")[: error.getLineNumber() or 1]
    marks = _LINES.findall("\n".join(before))
    return _place(marks[-1] if marks else "1", "")


def _place(mark: str, node: str) -> Place:
    """Read where an element stands: `12 base/small`, its line and its template."""
    line, _, source = mark.partition(" ")
    return Place(int(line), node, source)


class _Reader(ContentHandler):
    def __init__(self, values: list[Any], inks: Sequence[Ink]) -> None:
        super().__init__()
        self.root: Box | None = None
        self.attribute_seats: set[int] = set()
        self._values = values
        self._inks = inks
        self._stack: list[_Open] = []

    @override
    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        texts = {key: self._seated(value) for key, value in attrs.items()}
        title, mark = texts.pop("name", ""), texts.pop(LINE, "1")
        place = _place(mark, f'{name} "{title}"' if title else name)
        self._check_place(name, place)
        self._stack.append(_Open(name, Written(texts, place, self._inks), self._ink(texts, place)))

    @override
    def characters(self, content: str) -> None:
        self._stack[-1].text.append(content)

    @override
    def endElement(self, name: str) -> None:
        read = self._stack.pop()
        text = "".join(read.text)
        if text.strip() and ELEMENTS[name].holds != "text":
            raise read.written.wrong("text stands in <text>, not between elements")
        node = ELEMENTS[name].node(Opened(read.written, self._inks, read.ink, read.children, text))
        if self._stack:
            self._stack[-1].children.append(node)
        elif isinstance(node, Box):
            self.root = node

    def _ink(self, texts: dict[str, str], place: Place) -> int:
        """Return an element's own ink, or the one that its parent hands down."""
        own = {INK.name: texts[INK.name]} if INK.name in texts else {}
        ink: int | None = Written(own, place, self._inks).read([INK])[INK.name]
        if ink is not None:
            return ink
        return self._stack[-1].ink if self._stack else self._inks.index(Ink.BLACK)

    def _check_place(self, name: str, place: Place) -> None:
        if name not in ELEMENTS:
            known = ", ".join(f"<{tag}>" for tag in ELEMENTS)
            raise MarkupError(f"unknown element; there are {known}", place)
        if (name == OUTERMOST) != (not self._stack):
            raise MarkupError(f"<{OUTERMOST}> is the outermost element, and only that", place)
        if self._stack and ELEMENTS[self._stack[-1].tag].holds != "elements":
            raise MarkupError(f"<{self._stack[-1].tag}> holds no elements", place)

    def _seated(self, value: str) -> str:
        """Put values into an attribute; trees with different ones are different trees."""
        self.attribute_seats.update(int(match[1]) for match in SEAT.finditer(value))
        return SEAT.sub(lambda match: str(self._values[int(match[1])]), value)
