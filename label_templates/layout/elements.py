"""The elements a template may use: what each holds, which attributes it takes, what node it makes.

This table is all there is to know about the markup: the reader, the schema and the guide follow it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from label_templates.contract.panel import Ink
from label_templates.drawing.qr import LEVELS
from label_templates.layout.attributes import (
    Attribute,
    Inks,
    Written,
    choice,
    flag,
    ink,
    number,
    pad,
    span,
    words,
)
from label_templates.layout.barcode import Barcode
from label_templates.layout.box import Box
from label_templates.layout.errors import Place
from label_templates.layout.fitting import Style
from label_templates.layout.image import Image
from label_templates.layout.node import Node, Rule, Space
from label_templates.layout.price import Price
from label_templates.layout.qr import Qr
from label_templates.layout.stack import Stack
from label_templates.layout.template import SEAT
from label_templates.layout.text import Text, Words

FONTS = ("regular", "medium", "bold", "black", "condensed", "condensed-bold")
Holds = Literal["elements", "text", "nothing"]


@dataclass(frozen=True, slots=True)
class Opened:
    """An element that was read whole. `ink` is its own or the one it inherits."""

    written: Written
    inks: Inks
    ink: int
    children: Sequence[Node]
    text: str

    @property
    def place(self) -> Place:
        """Return where it stands in the template."""
        return self.written.place

    @property
    def words(self) -> Words:
        """Return its text as literal pieces and seats."""
        return seated(self.text)


@dataclass(frozen=True, slots=True)
class Element:
    """One kind of element. `make` turns what was read, with its attributes, into a node."""

    meaning: str
    holds: Holds
    attributes: Sequence[Attribute]
    make: Callable[[Opened, dict[str, Any]], Node]
    all_attributes: Sequence[Attribute] = field(init=False)
    """Its own attributes, and those that every element takes."""

    def __post_init__(self) -> None:
        """Put the attributes together once."""
        object.__setattr__(self, "all_attributes", (*_COMMON, *self.attributes))

    def node(self, opened: Opened) -> Node:
        """Return the node of an element; MarkupError names what is wrong with it."""
        values = opened.written.read(self.all_attributes)
        return self.make(opened, values)


def _fonts(default: str) -> list[str]:
    return [default, *(font for font in FONTS if font != default)]


INK = ink("ink", "Ink of everything inside, in order of preference: `red black`.")
_COMMON = (
    INK,
    number("width", "Fixed width in pixels; 0: as its content asks."),
    number("height", "Fixed height in pixels; 0: as its content asks."),
    number("grow", "Its share of what the others leave along the row or column."),
    number("least", "What a growing element gets at least along the row or column."),
    flag("whole", "Whether a growing element gets what its content needs at its smallest sizes."),
)
_SIDE = "Where its content stands across."
_DOWN = "Where its content stands down."


def seated(text: str) -> Words:
    """Split text into literal pieces and seats, blanks at both ends dropped."""
    pieces = SEAT.split(text.strip())
    parts = [int(piece) if odd % 2 else piece for odd, piece in enumerate(pieces)]
    return tuple(part for part in parts if part != "")


def _common(opened: Opened, values: Mapping[str, Any]) -> dict[str, Any]:
    extent = {name: values[name] for name in ("width", "height", "grow", "least", "whole")}
    return {"place": opened.place, **extent}


def _box(vertical: bool) -> Callable[[Opened, dict[str, Any]], Box]:
    names = [attribute.name for attribute in _BOX]

    def make(opened: Opened, values: dict[str, Any]) -> Box:
        given = {name: values[name] for name in names}
        children = tuple(opened.children)
        return Box(vertical=vertical, children=children, **_common(opened, values), **given)

    return make


def _stack(opened: Opened, values: dict[str, Any]) -> Stack:
    return Stack(**_common(opened, values), layers=tuple(opened.children))


def _text(opened: Opened, values: dict[str, Any]) -> Text:
    smallest, largest = values["size"]
    style = Style(
        font=values["font"],
        smallest=smallest,
        largest=largest,
        lines=values["lines"],
        ellipsis=values["ellipsis"] != "no",
        middle=values["ellipsis"] == "middle",
        caps=values["trim"] == "caps",
        short=values["short"],
    )
    return Text(
        **_common(opened, values),
        words=opened.words,
        style=style,
        ink=opened.ink,
        align=values["align"],
        valign=values["valign"],
        strike=values["strike"],
    )


def _badge(opened: Opened, values: dict[str, Any]) -> Box:
    ink = opened.inks.index(Ink.WHITE) if values["ink"] is None else values["ink"]
    smallest, largest = values["size"]
    style = Style(values["font"], smallest, largest, lines=1, ellipsis=False, caps=True)
    text = Text(place=opened.place, words=opened.words, style=style, ink=ink)
    ground = opened.inks.index(Ink.BLACK) if values["ground"] is None else values["ground"]
    return Box(
        **_common(opened, values),
        vertical=False,
        children=(text,),
        pad=values["pad"],
        align="center",
        justify="center",
        ground=ground,
        radius=values["radius"],
    )


def _price(opened: Opened, values: dict[str, Any]) -> Price:
    amount = opened.words
    if len(amount) != 1 or not isinstance(amount[0], int):
        raise opened.written.wrong("a price shows one amount: {{ price | money }}")
    smallest, largest = values["size"]
    return Price(
        **_common(opened, values),
        seat=amount[0],
        font=values["font"],
        smallest=smallest,
        largest=largest,
        ink=opened.ink,
        per=seated(values["per"]),
        align=values["align"],
        valign=values["valign"],
    )


def _barcode(opened: Opened, values: dict[str, Any]) -> Barcode:
    narrowest, widest = values["module"]
    return Barcode(
        **_common(opened, values),
        words=opened.words,
        narrowest=narrowest,
        widest=widest,
        digits=values["digits"],
        short=values["form"] == "short",
        ink=opened.ink,
        align=values["align"],
    )


def _qr(opened: Opened, values: dict[str, Any]) -> Qr:
    narrowest, widest = values["module"]
    return Qr(
        **_common(opened, values),
        words=opened.words,
        narrowest=narrowest,
        widest=widest,
        level=values["level"],
        ink=opened.ink,
        align=values["align"],
        valign=values["valign"],
    )


def _image(opened: Opened, values: dict[str, Any]) -> Image:
    given = {name: values[name] for name in ("fit", "align", "valign", "ground")}
    return Image(**_common(opened, values), words=opened.words, **given)


def _rule(opened: Opened, values: dict[str, Any]) -> Rule:
    return Rule(**_common(opened, values), ink=opened.ink, thickness=values["thickness"])


def _space(opened: Opened, values: dict[str, Any]) -> Space:
    if not values["width"] and not values["height"]:
        values["grow"] = values["grow"] or 1
    return Space(**_common(opened, values))


_BOX = (
    pad("pad", "Padding: `6`; `4 6` vertical, horizontal; `4 6 4 6` clockwise from the top."),
    number("gap", "Pixels between two children."),
    choice("align", "Where children stand across.", "stretch", "start", "center", "end"),
    choice("justify", "Where children stand along, where nothing grows.",
           "start", "center", "end", "between"),
    ink("ground", "Ink behind its children."),
    ink("edge", "Ink of a one-pixel edge."),
    number("radius", "Rounding of its corners in pixels."),
)  # fmt: skip
_TEXT = (
    choice("font", "Typeface, by weight and width.", *FONTS),
    span("size", "Letter size in pixels, or the range to fit into: `12-18`.", (12, 12)),
    number("lines", "How many lines it may take.", 1),
    choice(
        "ellipsis",
        "Whether it may be cut at its smallest size, with an ellipsis at its end or"
        " before its last words.",
        "no",
        "yes",
        "middle",
    ),
    flag("short", "Whether it rather takes a line less than letters larger by a seventh."),
    choice("trim", "Whether its box is as high as a line or as its capitals.", "line", "caps"),
    choice("align", _SIDE, "start", "center", "end"),
    choice("valign", _DOWN, "start", "center", "end"),
    flag("strike", "Whether it is struck through."),
)
_BADGE = (
    choice("font", "Typeface, by weight and width.", *_fonts("bold")),
    span("size", "Letter size in pixels, or the range to fit into.", (12, 12)),
    pad("pad", "Padding around the capitals.", (4, 5, 4, 5)),
    ink("ground", "Ink behind the words, in order of preference; black by default."),
    number("radius", "Rounding of its corners in pixels.", 2),
)
_PRICE = (
    choice("font", "Typeface, by weight and width.", *_fonts("black")),
    span("size", "Size of the digits in pixels, or the range to fit into.", (24, 48)),
    words("per", "A measure set under the decimals: `/kg`."),
    choice("align", _SIDE, "end", "start", "center"),
    choice("valign", _DOWN, "end", "start", "center"),
)
_BARCODE = (
    span("module", "Width of a module in pixels, or the range to fit into.", (1, 2)),
    number("digits", "Size of the digits under the bars; 0: none."),
    choice("form", "Whether a GTIN-12 with zeros to leave out becomes a UPC-E.", "full", "short"),
    choice("align", _SIDE, "center", "start", "end"),
)
_QR = (
    span("module", "Width of a module in pixels, or the range to fit into.", (2, 4)),
    choice("level", "How much may be dirty or torn: L 7, M 15, Q 25, H 30 percent.", *LEVELS),
    choice("align", _SIDE, "center", "start", "end"),
    choice("valign", _DOWN, "center", "start", "end"),
)
_IMAGE = (
    choice("fit", "Whether the photo stands whole in its box, or is cut to fill it.",
           "contain", "cover"),
    choice("align", "Which part of it stands or stays, across.", "center", "start", "end"),
    choice("valign", "Which part of it stands or stays, down.", "center", "start", "end"),
    ink("ground", "Ink of what it leaves of its box and of what shines through it."),
)  # fmt: skip
_RULE = (number("thickness", "Its thickness in pixels.", 1),)

OUTERMOST = "tile"
ELEMENTS: dict[str, Element] = {
    OUTERMOST: Element("The whole tile, a column.", "elements", _BOX, _box(vertical=True)),
    "column": Element("Children one below the other.", "elements", _BOX, _box(vertical=True)),
    "row": Element("Children side by side.", "elements", _BOX, _box(vertical=False)),
    "stack": Element("Layers over each other; only the last is read.", "elements", (), _stack),
    "text": Element("Words in one font, wrapped and fitted.", "text", _TEXT, _text),
    "badge": Element("Words on a ground, white by default.", "text", _BADGE, _badge),
    "price": Element("An amount, set large.", "text", _PRICE, _price),
    "barcode": Element("A GTIN as bars.", "text", _BARCODE, _barcode),
    "qr": Element("A URI as a QR code.", "text", _QR, _qr),
    "image": Element("A photo, by the SHA-256 of its file.", "text", _IMAGE, _image),
    "rule": Element("A line across.", "nothing", _RULE, _rule),
    "space": Element("Nothing: takes what is left.", "nothing", (), _space),
}
