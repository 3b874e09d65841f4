"""Can a tile be read: sizes in millimetres, contrast of the measured inks, codes for scanners."""

from collections.abc import Iterator
from functools import lru_cache

from label_templates.checks.demands import Demand, Demands, Measured
from label_templates.checks.drawn import Drawn, Node
from label_templates.checks.finding import Finding
from label_templates.contract.panel import PanelSpec, Rgb
from label_templates.layout.fitting import ELLIPSIS
from label_templates.layout.node import Matrix, Run

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3; `LEAST_CONTRAST_LARGE` for large bold letters."""
LEAST_CONTRAST_LARGE = 3.0
LARGE_PX = 24
LEAST_CODE_CONTRAST = 4.5
"""In red light, by which laser scanners read: red bars are as bright as paper there."""
LEAST_PRICE_UM = 5_000
"""A two-hundredth of the metre from which a shelf is read."""
LEAST_MODULE_UM = 264
"""GS1 General Specifications 5.12.3.1, for retail points of sale."""
LEAST_SQUARE_UM = 396
"""For QR codes half as much again, by the same table."""
_BOLD = frozenset({"bold", "black", "condensed-bold"})


def legibility(drawn: Drawn, demands: Demands) -> Iterator[Finding]:
    """Yield what is hard to read on a tile, and what a law wants larger."""
    for node in drawn.nodes:
        if node.runs:
            yield from _words(drawn, node)
        if node.codes:
            yield from _code(drawn.tile.panel, node, demands)
    yield from _digits(drawn, demands)
    yield from _tag(drawn.tile.panel, demands)


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast of two colours, from 1 (none) up to 21."""
    return _ratio(_luminance(one), _luminance(other))


def _words(drawn: Drawn, node: Node) -> Iterator[Finding]:
    panel = drawn.tile.panel
    smallest = min([run.size for run in node.runs])
    if smallest < panel.least_text:
        reason = f"has letters of {smallest} px; on {panel.name} {panel.least_text} px can be read"
        yield Finding("warning", "small-text", reason, node.place)
    if any(ELLIPSIS in run.text for run in node.runs) and not drawn.says_ellipsis:
        text = " ".join(run.text for run in node.runs)
        yield Finding("warning", "cut-text", f'is cut: "{text}"', node.place)
    yield from _faint(panel, node)


def _faint(panel: PanelSpec, node: Node) -> Iterator[Finding]:
    """Yield the words of a node that stand out least from their ground, if too little."""
    for run in node.runs:
        found = _contrast(panel.palette[run.ink], panel.palette[node.ground])
        least = _least_contrast(run)
        if found < least:
            inks = f"{panel.inks[run.ink]} on {panel.inks[node.ground]}"
            reason = f"{inks} has a contrast of {found:.1f} on {panel.name}; {least:g} can be read"
            yield Finding("error", "contrast", reason, node.place)
            return


def _least_contrast(run: Run) -> float:
    large = run.size >= LARGE_PX and run.font in _BOLD
    return LEAST_CONTRAST_LARGE if large else LEAST_CONTRAST


def _code(panel: PanelSpec, node: Node, demands: Demands) -> Iterator[Finding]:
    code = node.codes[0]
    dark, light = panel.palette[code.ink], panel.palette[node.ground]
    found = _ratio(_linear(light[0]), _linear(dark[0]))
    if found < LEAST_CODE_CONTRAST or _linear(light[0]) < _linear(dark[0]):
        inks = f"{panel.inks[code.ink]} on {panel.inks[node.ground]}"
        reason = f"is {inks}, which scanners cannot read"
        yield Finding("error", "code-contrast", reason, node.place)
    yield from _module(panel, node, demands)


def _module(panel: PanelSpec, node: Node, demands: Demands) -> Iterator[Finding]:
    code = node.codes[0]
    wide = code.module * panel.pitch_nm
    square = isinstance(code, Matrix)
    demand = None if square else _asked(demands, "bar-module")
    least = LEAST_SQUARE_UM if square else LEAST_MODULE_UM
    least = demand.least_um if demand else least
    if wide < least * 1000:
        parts = "squares" if square else "bars"
        reason = f"has {parts} of {_mm(wide)} mm; {_mm(least * 1000)} mm are asked for"
        citation = demand.citation if demand else "GS1 General Specifications"
        yield Finding(
            demand.level if demand else "warning", "code-module", reason, node.place, citation
        )


def _digits(drawn: Drawn, demands: Demands) -> Iterator[Finding]:
    """Yield a price whose whole digits are too small; raised decimals do not count."""
    prices = drawn.named("price")
    if not prices:
        return
    high, node = max(
        ((_digit_height(drawn, node), node) for node in prices), key=lambda found: found[0]
    )
    demand = _asked(demands, "digit-height")
    if demand and high < demand.least_um * 1000:
        reason = f"has digits of {_mm(high)} mm; {_mm(demand.least_um * 1000)} mm are asked for"
        yield Finding(demand.level, "digit-height", reason, node.place, demand.citation)
    elif high < LEAST_PRICE_UM * 1000:
        least = _mm(LEAST_PRICE_UM * 1000)
        reason = f"has digits of {_mm(high)} mm; from a metre {least} mm are read well"
        yield Finding("warning", "digit-height", reason, node.place)


def _digit_height(drawn: Drawn, node: Node) -> int:
    """Return the height of a node's tallest digits, in nanometres."""
    caps = [
        drawn.renderer.caps(run.font, run.size)
        for run in node.runs
        if any(letter.isdecimal() for letter in run.text)
    ]
    return max(caps, default=0) * drawn.tile.panel.pitch_nm


def _tag(panel: PanelSpec, demands: Demands) -> Iterator[Finding]:
    demand, high = _asked(demands, "tag-height"), panel.height * panel.pitch_nm
    if demand and high < demand.least_um * 1000:
        least = _mm(demand.least_um * 1000)
        reason = f"{panel.name} is {_mm(high)} mm high; {least} mm are asked for"
        yield Finding(demand.level, "tag-height", reason, None, demand.citation)


def _asked(demands: Demands, asks: Measured) -> Demand | None:
    return next((demand for demand in demands if demand.asks == asks), None)


def _mm(nanometres: int) -> str:
    """Write a length in millimetres as it is compared: cut, never rounded up to what is asked."""
    whole, rest = divmod(nanometres, 1_000_000)
    return f"{whole}.{rest // 1000:03}".rstrip("0").rstrip(".")


@lru_cache(maxsize=1024)
def _contrast(one: Rgb, other: Rgb) -> float:
    return contrast(one, other)


def _ratio(one: float, other: float) -> float:
    low, high = sorted((one, other))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: Rgb) -> float:
    """Return the relative luminance of an sRGB colour (WCAG 2.2)."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
