"""Inspecting a tile: everything that is wrong with it, or that somebody should look at."""

from functools import lru_cache

from label_templates.checks.demands import Demands
from label_templates.checks.drawn import Drawn, Tile, draw
from label_templates.checks.finding import Finding
from label_templates.checks.legibility import legibility
from label_templates.checks.parts import parts
from label_templates.layout.errors import (
    CodeError,
    FitError,
    FontError,
    GlyphError,
    RenderError,
    TemplateError,
)
from label_templates.layout.formats import Formats
from label_templates.render import Renderer

_CODES = ("barcode", "qr")
"""Elements that are read by scanners."""


def inspect(renderer: Renderer, tile: Tile, demands: Demands) -> tuple[Finding, ...]:
    """Return what is found on a tile, errors first; a tile that cannot be drawn has one finding."""
    try:
        drawn = _drawn(renderer, tile)
    except RenderError as error:
        return (undrawable(error),)
    found = [*parts(drawn, demands), *legibility(drawn, demands)]
    return tuple(sorted(found, key=lambda finding: finding.level != "error"))


def undrawable(error: RenderError) -> Finding:
    """Return the finding that a tile cannot be drawn, and why."""
    if not isinstance(error, TemplateError):
        return Finding("error", "template", str(error))
    return Finding("error", _code(error), error.reason, error.place)


def _drawn(renderer: Renderer, tile: Tile) -> Drawn:
    store = tile.store
    return draw(renderer, tile, _formats(store.currency, store.locale, store.tz))


@lru_cache(maxsize=64)
def _formats(currency: str, locale: str, tz: str) -> Formats:
    return Formats(currency, locale, tz)


def _code(error: BaseException | None) -> str:
    """Return the code of what went wrong first: a letter or a number, and with it its node."""
    found = "template"
    while error is not None:
        if isinstance(error, FontError | GlyphError):
            return "missing-glyph"
        if isinstance(error, CodeError):
            return "code"
        if isinstance(error, FitError):
            found = "code" if _of_a_code(error) else "overflow"
        error = error.__cause__
    return found


def _of_a_code(error: FitError) -> bool:
    return error.place is not None and error.place.node.startswith(_CODES)
