"""Markup to nodes: the elements a template may use, read by defusedxml.

A tree is made for the inks of a panel, so that `ink="red black"` is decided once. Each element
carries its line in the template, for errors and editors.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.sax import parseString
from typing_extensions import override

from label_templates.contract.panel import Ink
from label_templates.layout.attributes import Attributes
from label_templates.layout.barcode import Barcode
from label_templates.layout.box import Box
from label_templates.layout.errors import MarkupError, Place
from label_templates.layout.fitting import Style
from label_templates.layout.node import Node, Rule, Space
from label_templates.layout.template import LINE, SEAT, Filled
from label_templates.layout.text import Price, Side, Text, Words

_LINES = re.compile(f'{LINE}="([0-9]+)"')
FONTS = ("regular", "medium", "bold", "black")
_SIDES: tuple[Side, ...] = ("start", "center", "end")
_ENDS: tuple[Side, ...] = ("end", "start", "center")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed template: its root, and the seats whose values stand in attributes."""

    root: Box
    attribute_seats: tuple[int, ...]


@dataclass(slots=True)
class _Open:
    """An element whose end has not come yet."""

    tag: str
    attributes: Attributes
    ink: int
    children: list[Node] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


def parse(filled: Filled, inks: Sequence[Ink]) -> Tree:
    """Read markup for a panel's inks; MarkupError names line and node."""
    reader = _Reader(filled.values, inks)
    try:
        parseString(filled.markup.encode(), reader, forbid_dtd=True)
    except SAXParseException as error:
        place = Place(_line_near(filled.markup, error), "")
        raise MarkupError(f"not well-formed: {error.getMessage()}", place) from error
    except DefusedXmlException as error:
        raise MarkupError("declarations and entities are not allowed", Place(1, "")) from error
    if reader.root is None:
        raise MarkupError("no <tile>", Place(1, ""))
    return Tree(reader.root, tuple(sorted(reader.attribute_seats)))


def _line_near(markup: str, error: SAXParseException) -> int:
    """Return the template line of the last element that begins before an error."""
    before = markup.split("\n")[: error.getLineNumber() or 1]
    marks = _LINES.findall("\n".join(before))
    return int(marks[-1]) if marks else 1


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
        written = {key: self._seated(value) for key, value in attrs.items()}
        title, line = written.pop("name", ""), int(written.pop(LINE, "1"))
        place = Place(line, f'{name} "{title}"' if title else name)
        self._check_place(name, place)
        attributes = Attributes(written, place, self._inks)
        inherited = self._stack[-1].ink if self._stack else self._inks.index(Ink.BLACK)
        ink = attributes.ink("ink")
        self._stack.append(_Open(name, attributes, inherited if ink is None else ink))

    @override
    def characters(self, content: str) -> None:
        self._stack[-1].text.append(content)

    @override
    def endElement(self, name: str) -> None:
        opened = self._stack.pop()
        node = _ELEMENTS[name](opened)
        opened.attributes.end()
        if self._stack:
            self._stack[-1].children.append(node)
        elif isinstance(node, Box):
            self.root = node

    def _check_place(self, name: str, place: Place) -> None:
        if name not in _ELEMENTS:
            known = ", ".join(f"<{tag}>" for tag in _ELEMENTS)
            raise MarkupError(f"unknown element; there are {known}", place)
        if (name == "tile") != (not self._stack):
            raise MarkupError("<tile> is the outermost element, and only that", place)
        if self._stack and self._stack[-1].tag not in _BOXES:
            raise MarkupError(f"<{self._stack[-1].tag}> holds no elements", place)

    def _seated(self, value: str) -> str:
        """Put values into an attribute; trees with different ones are different trees."""
        self.attribute_seats.update(int(match[1]) for match in SEAT.finditer(value))
        return SEAT.sub(lambda match: str(self._values[int(match[1])]), value)


def _words(text: str) -> Words:
    """Split text into literal pieces and seats, blanks at both ends dropped."""
    pieces = SEAT.split(text.strip())
    words = [int(piece) if odd % 2 else piece for odd, piece in enumerate(pieces)]
    return tuple(word for word in words if word != "")


def _box(opened: _Open, vertical: bool, default: Literal["stretch", "center"]) -> Box:
    attributes = opened.attributes
    if "".join(opened.text).strip():
        raise attributes.wrong("text stands in <text>, not between elements")
    aligns = [default, *(a for a in ("stretch", "start", "center", "end") if a != default)]
    return Box(
        place=attributes.place,
        **_extent(attributes),
        vertical=vertical,
        children=tuple(opened.children),
        pad=attributes.pad("pad"),
        gap=attributes.number("gap"),
        align=attributes.choice("align", aligns),  # type: ignore[arg-type]  # a literal of Align
        justify=attributes.choice("justify", ("start", "center", "end", "between")),
        ground=attributes.ink("ground"),
        edge=attributes.ink("edge"),
        radius=attributes.number("radius"),
    )


def _text(opened: _Open) -> Text:
    attributes = opened.attributes
    smallest, largest = attributes.span("size", "12")
    style = Style(
        font=attributes.choice("font", FONTS),
        smallest=smallest,
        largest=largest,
        lines=attributes.number("lines", 1),
        ellipsis=attributes.flag("ellipsis"),
        caps=attributes.choice("trim", ("line", "caps")) == "caps",
    )
    return Text(
        place=attributes.place,
        **_extent(attributes),
        words=_words("".join(opened.text)),
        style=style,
        ink=opened.ink,
        align=attributes.choice("align", _SIDES),
        valign=attributes.choice("valign", _SIDES),
        strike=attributes.flag("strike"),
    )


def _price(opened: _Open) -> Price:
    attributes = opened.attributes
    words = _words("".join(opened.text))
    if len(words) != 1 or not isinstance(words[0], int):
        raise attributes.wrong("a price shows one amount: {{ price | money }}")
    smallest, largest = attributes.span("size", "24-48")
    return Price(
        place=attributes.place,
        **_extent(attributes),
        seat=words[0],
        font=attributes.choice("font", ("black", "bold", "medium", "regular")),
        smallest=smallest,
        largest=largest,
        ink=opened.ink,
        per=_words(attributes.text("per")),
        align=attributes.choice("align", _ENDS),
        valign=attributes.choice("valign", _ENDS),
    )


def _barcode(opened: _Open) -> Barcode:
    attributes = opened.attributes
    narrowest, widest = attributes.span("module", "1-2")
    return Barcode(
        place=attributes.place,
        **_extent(attributes),
        words=_words("".join(opened.text)),
        narrowest=narrowest,
        widest=widest,
        digits=attributes.number("digits"),
        ink=opened.ink,
        align=attributes.choice("align", ("center", "start", "end")),
    )


def _rule(opened: _Open) -> Rule:
    attributes = opened.attributes
    return Rule(
        place=attributes.place,
        **_extent(attributes),
        ink=opened.ink,
        thickness=attributes.number("thickness", 1),
    )


def _space(opened: _Open) -> Space:
    attributes = opened.attributes
    extent = _extent(attributes)
    if not extent["width"] and not extent["height"]:
        extent["grow"] = extent["grow"] or 1
    return Space(place=attributes.place, **extent)


def _extent(attributes: Attributes) -> dict[str, int]:
    names = ("width", "height", "grow", "least")
    return {name: attributes.number(name) for name in names}


_ELEMENTS: dict[str, Callable[[_Open], Node]] = {
    "tile": lambda opened: _box(opened, vertical=True, default="stretch"),
    "column": lambda opened: _box(opened, vertical=True, default="stretch"),
    "row": lambda opened: _box(opened, vertical=False, default="stretch"),
    "text": _text,
    "price": _price,
    "barcode": _barcode,
    "rule": _rule,
    "space": _space,
}
_BOXES = frozenset({"tile", "column", "row"})
