"""A contact sheet: samples of templates on the panels that they claim, for people to look at.

Every pixel of a panel is one pixel of the sheet. The sheet has a palette of its own, which holds
the inks, the cube of LCD photos and the greys of its captions, so that it is exact and small.
"""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from label_templates.contract.panel import PanelSpec, Rgb
from label_templates.drawing.fonts import font_file
from label_templates.drawing.frame import Frame
from label_templates.drawing.palette import CUBE, SEEN
from label_templates.layout.errors import RenderError
from label_templates.render import Renderer
from label_templates.samples import Sample
from label_templates.samples.strip import shelf_strip

STRIP_TEMPLATE = "strip/edge"
"""The template of a strip's positions."""
MOST_WIDE = 4000
"""Pixels; a sheet of one panel that is wider is as wide as that."""
_NARROWEST = 1000
_STEP = 200
_MARGIN = 56
_GAP = 32
"""Between two tiles, across and down."""
_CAPTION = 42
_HEADING = 84
_TITLE = 120
_SHADES = 8

_GROUND: Rgb = (240, 241, 239)
_INK: Rgb = (24, 26, 28)
_QUIET: Rgb = (98, 104, 110)
_BAD: Rgb = (168, 32, 26)
_LINE: Rgb = (205, 208, 206)


class Hand(NamedTuple):
    """How words are written on the sheet."""

    font: str
    size: int
    ink: Rgb


_TITLED = Hand("black", 44, _INK)
_TOLD = Hand("regular", 20, _QUIET)
_PANEL = Hand("bold", 28, _INK)
_PANEL_FACTS = Hand("regular", 17, _QUIET)
_TEMPLATE = Hand("bold", 15, _INK)
_SAMPLE = Hand("regular", 14, _QUIET)
_WRONG = Hand("regular", 15, _BAD)


@dataclass(frozen=True, slots=True)
class Print:
    """A sample of a template on a panel, drawn, or why it cannot be."""

    template: str
    sample: str
    locale: str
    panel: PanelSpec
    frame: Frame | None
    why: str = ""


def make_prints(
    renderer: Renderer, samples: Iterable[Sample], panels: Sequence[PanelSpec]
) -> Iterator[Print]:
    """Draw samples on the panels that their templates claim, panel by panel.

    A strip is shown whole, several samples side by side, as it hangs at a shelf's edge.
    """
    listed = list(samples)
    strips = next((sample for sample in listed if sample.template == STRIP_TEMPLATE), None)
    for panel in panels:
        if panel.divisible and strips is not None:
            yield _print(strips, "a whole strip", panel, lambda: shelf_strip(renderer))
        for sample in listed:
            if renderer.claims(sample.template, panel):
                yield _print(sample, sample.name, panel, partial(_frame, renderer, sample, panel))


def _frame(renderer: Renderer, sample: Sample, panel: PanelSpec) -> Frame:
    return renderer.render(sample.template, sample.content, panel, sample.store)


def _print(sample: Sample, name: str, panel: PanelSpec, draw: Callable[[], Frame]) -> Print:
    found = Print(sample.template, name, sample.store.locale, panel, None)
    try:
        return replace(found, frame=draw())
    except RenderError as error:
        return replace(found, why=str(error))


def contact_sheet(prints: Sequence[Print]) -> bytes:
    """Return prints, those of one panel together, as a PNG; the same prints give the same bytes."""
    groups = [(panel, list(group)) for panel, group in groupby(prints, lambda one: one.panel)]
    width = _width(groups)
    sheet = _Sheet(width, _height(groups, width))
    _head(sheet, prints, len(groups))
    top = _MARGIN + _TITLE
    for panel, group in groups:
        _heading(sheet, top, panel)
        for place, one in enumerate(group):
            _put(sheet, one, *_place(panel, place, width, top + _HEADING))
        top += _group_height(panel, len(group), width)
    return sheet.png()


_Group = tuple[PanelSpec, list[Print]]


def _width(groups: Sequence[_Group]) -> int:
    """Return the narrowest width at which the sheet is no higher than half as much again.

    It is never wider than all tiles of a panel side by side.
    """
    wides = [(panel.width + _GAP, len(group)) for panel, group in groups]
    least = max([_NARROWEST, *(wide - _GAP + 2 * _MARGIN for wide, _ in wides)])
    most = max([least, *(wide * tiles - _GAP + 2 * _MARGIN for wide, tiles in wides)])
    most = max(min(most, MOST_WIDE), least)
    for width in range(least, most, _STEP):
        if 2 * _height(groups, width) <= 3 * width:
            return width
    return most


def _height(groups: Sequence[_Group], width: int) -> int:
    heights = (_group_height(panel, len(group), width) for panel, group in groups)
    return 2 * _MARGIN + _TITLE + sum(heights)


def _group_height(panel: PanelSpec, tiles: int, width: int) -> int:
    rows = -(-tiles // _columns(panel, width))
    return _HEADING + rows * (panel.height + _CAPTION + _GAP)


def _columns(panel: PanelSpec, width: int) -> int:
    return max((width - 2 * _MARGIN + _GAP) // (panel.width + _GAP), 1)


def _place(panel: PanelSpec, place: int, width: int, top: int) -> tuple[int, int]:
    row, column = divmod(place, _columns(panel, width))
    down = panel.height + _CAPTION + _GAP
    return _MARGIN + column * (panel.width + _GAP), top + row * down


def _head(sheet: "_Sheet", prints: Sequence[Print], panels: int) -> None:
    templates = len({one.template for one in prints})
    sheet.text(_MARGIN, _MARGIN, "Tile templates", _TITLED)
    counts = f"{templates} templates on {panels} panels, {len(prints)} tiles"
    says = f"{counts}. Every pixel of a panel is a pixel of this picture."
    sheet.text(_MARGIN, _MARGIN + 62, says, _TOLD)


def _heading(sheet: "_Sheet", top: int, panel: PanelSpec) -> None:
    sheet.text(_MARGIN, top, panel.name, _PANEL)
    size = f"{panel.width} × {panel.height} px"
    mm = f"{panel.mm(panel.width):.1f} × {panel.mm(panel.height):.1f} mm"
    says = f"{panel.kind} · {size} · {mm} · {', '.join(panel.inks)}"
    sheet.text(_MARGIN, top + 38, says, _PANEL_FACTS)


def _put(sheet: "_Sheet", one: Print, x: int, y: int) -> None:
    panel = one.panel
    sheet.frame(x, y, panel, one.frame)
    if one.frame is None:
        sheet.paragraph(x + 8, y + 8, panel.width - 16, f"Cannot be drawn: {one.why}")
    y += panel.height + 8
    sheet.text(x, y, _cut(one.template, _TEMPLATE, panel.width), _TEMPLATE)
    under = _cut(f"{one.sample} · {panel.name}", _SAMPLE, panel.width)
    sheet.text(x, y + 18, under, _SAMPLE)


def _cut(words: str, hand: Hand, room: int) -> str:
    """Cut words that are wider than their room."""
    face = _face(hand)
    while face.getlength(words) > room:
        words = words.rstrip("…")[:-1] + "…"
    return words


class _Sheet:
    """Pixels that are indices into the sheet's palette."""

    def __init__(self, width: int, height: int) -> None:
        self._pixels = Image.new("L", (width, height), _INDEX[_GROUND])

    def frame(self, x: int, y: int, panel: PanelSpec, frame: Frame | None) -> None:
        """Lay a frame down, or an empty place, within a hairline."""
        edge = (x - 1, y - 1, x + panel.width + 1, y + panel.height + 1)
        self._pixels.paste(_INDEX[_LINE], edge)
        inside = (x, y, x + panel.width, y + panel.height)
        self._pixels.paste(_INDEX[_GROUND], inside)
        if frame is not None:
            seen = bytes(_INDEX[colour] for colour in _colours(frame))
            indices = frame.indices.translate(seen.ljust(256, b"\0"))
            self._pixels.paste(Image.frombytes("L", (frame.width, frame.height), indices), inside)

    def text(self, x: int, y: int, words: str, hand: Hand) -> None:
        """Write a line from its top left, in shades of an ink."""
        face = _face(hand)
        wide, high = (int(edge) + 1 for edge in face.getbbox(words)[2:])
        mask = Image.new("L", (wide, high))
        ImageDraw.Draw(mask).text((0, 0), words, fill=255, font=face)
        shades = mask.point([shade * _SHADES // 255 for shade in range(256)])
        first = _INDEX[hand.ink] - _SHADES
        painted = shades.point([first + shade for shade in range(256)])
        self._pixels.paste(painted, (x, y), shades.point([0, *[255] * 255]))

    def paragraph(self, x: int, y: int, width: int, words: str) -> None:
        """Write what is wrong in as many lines as it takes."""
        face, line = _face(_WRONG), ""
        for word in words.split():
            if line and face.getlength(f"{line} {word}") > width:
                self.text(x, y, line, _WRONG)
                line, y = word, y + 20
            else:
                line = f"{line} {word}".strip()
        self.text(x, y, line, _WRONG)

    def png(self) -> bytes:
        """Return the sheet as a palette picture."""
        picture = Image.frombytes("P", self._pixels.size, self._pixels.tobytes())
        picture.putpalette([channel for colour in _PALETTE for channel in colour])
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=9)
        return file.getvalue()


def _colours(frame: Frame) -> list[Rgb]:
    """Return the colours of a frame's indices."""
    return [*(SEEN[ink] for ink in frame.inks), *(CUBE if frame.cubed else ())]


@cache
def _face(hand: Hand) -> ImageFont.FreeTypeFont:
    file = font_file(hand.font)
    return ImageFont.truetype(file, hand.size, layout_engine=ImageFont.Layout.BASIC)


def _shaded(ink: Rgb) -> list[Rgb]:
    """Return shades from the ground to an ink, the ink last: those of the edges of its letters."""
    return [
        (
            _mix(_GROUND[0], ink[0], shade),
            _mix(_GROUND[1], ink[1], shade),
            _mix(_GROUND[2], ink[2], shade),
        )
        for shade in range(1, _SHADES + 1)
    ]


def _mix(ground: int, ink: int, shade: int) -> int:
    return (ground * (_SHADES - shade) + ink * shade) // _SHADES


_PALETTE: list[Rgb] = [
    _GROUND, *_shaded(_INK), *_shaded(_QUIET), *_shaded(_BAD), _LINE, *SEEN.values(), *CUBE,
]  # fmt: skip
_INDEX: dict[Rgb, int] = {colour: index for index, colour in reversed(list(enumerate(_PALETTE)))}
