"""One renderer for the shelf, the console and the tests: (template, content, panel) to a frame.

Pure and deterministic: the same words on the same panel by the same renderer give the same ink
indices. Caches hold parsed templates, fitted texts and drawn lines, never whole frames, and are
bounded by bytes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from PIL import features

from label_templates.contract.errors import ContractError
from label_templates.contract.facts import ProductFacts
from label_templates.contract.panel import PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.drawing.painter import Painter
from label_templates.drawing.text import FontFaces
from label_templates.layout.claims import BASE, Claim, claim_of, panel_size
from label_templates.layout.direction import LATIN, Reading
from label_templates.layout.errors import AssetError, TemplateError, UnknownTemplateError
from label_templates.layout.formats import Formats
from label_templates.layout.keep import Keep
from label_templates.layout.markup import Tree, parse
from label_templates.layout.node import Mark, PlacedBox, Sheet
from label_templates.layout.template import Filled, Ready, Templates

_FIT_BUDGET = 8 * 2**20
_TREE_BUDGET = 8 * 2**20
_FACTS_BUDGET = 4 * 2**20
_STORE_BUDGET = 32 * 2**20
_STORE_BYTES = 512 * 1024
"""What one store's compiled templates and formats take, measured generously."""


@cache
def _painter(reading: Reading) -> tuple[FontFaces, Painter]:
    """Return the fonts and the painter of this process, shared by all that read alike."""
    faces = FontFaces(reading)
    return faces, Painter(faces)


class Templating(Protocol):
    """Where templates, and files that tiles name, come from: a bundle."""

    def template(self, name: str) -> str:
        """Return a template's source; UnknownTemplateError where there is none."""

    def asset(self, digest: str) -> bytes:
        """Return the file with this SHA-256, 64 hex digits; AssetError where there is none."""


@dataclass(frozen=True, slots=True)
class _Printing:
    """How one store's tiles come about."""

    templates: Templates
    faces: FontFaces
    painter: Painter
    fits: Keep[Any]
    rtl: bool
    ready: dict[tuple[Any, ...], Ready] = field(default_factory=dict)
    """Templates by their name and the panel that they are ready for."""


class Renderer:
    """Draws tiles with one bundle's templates."""

    def __init__(self, bundle: Templating) -> None:
        self._bundle = bundle
        self._stores: Keep[_Printing] = Keep(_STORE_BUDGET)
        self._fits: dict[bool, Keep[Any]] = {}
        self._facts: Keep[ProductFacts] = Keep(_FACTS_BUDGET)
        self._trees: Keep[Tree] = Keep(_TREE_BUDGET)
        self._attribute_seats: Keep[tuple[int, ...]] = Keep(_TREE_BUDGET)
        self._claims: dict[str, Claim] = {}

    def claims(self, tpl: str, panel: PanelSpec) -> bool:
        """Tell whether a template is made for a panel."""
        return self._claim(tpl).holds(panel)

    def render(self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords) -> Frame:
        """Draw a tile; TemplateError names template, line, node and reason where it cannot be."""
        marks = self.marks(tpl, content, panel, store)
        painter = self._printing(store).painter
        try:
            return painter.paint(panel, marks, self._bundle.asset)
        except TemplateError as error:
            raise error.named(tpl) from error

    def marks(
        self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords
    ) -> list[Mark]:
        """Return the runs of text, boxes, bars and photos of a tile, in the order of painting."""
        return self._laid(tpl, content, panel, store, None).marks

    def boxes(
        self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords
    ) -> tuple[PlacedBox, ...]:
        """Return where each node of a tile stands, outer nodes before inner ones."""
        placed: list[PlacedBox] = []
        self._laid(tpl, content, panel, store, placed)
        return tuple(placed)

    def drawn(
        self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords
    ) -> list[tuple[PlacedBox, list[Mark]]]:
        """Return each node with the marks that it writes itself, in the order of painting."""
        placed: list[PlacedBox] = []
        sheet = self._laid(tpl, content, panel, store, placed)
        ends = [*sheet.firsts[1:], len(sheet.marks)]
        spans = zip(placed, sheet.firsts, ends, strict=True)
        return [(box, sheet.marks[first:end]) for box, first, end in spans]

    def caps(self, font: str, size: int) -> int:
        """Return the height of capitals and digits of a font at a size, in pixels."""
        faces, _ = _painter(LATIN)
        return faces.face(font, size).caps

    def _laid(
        self,
        tpl: str,
        content: TileContent,
        panel: PanelSpec,
        store: StoreWords,
        boxes: list[PlacedBox] | None,
    ) -> Sheet:
        printing = self._printing(store)
        fields = content.__dict__
        if content.facts is not None:
            fields = {**fields, "facts": self._product_facts(content.facts, tpl)}
        filled = self._ready(tpl, panel, printing).fill(fields)
        try:
            root = self._tree(filled, panel).root
            sheet = Sheet(filled.values, printing.faces, printing.fits, boxes, printing.rtl)
            root.put(sheet, 0, 0, panel.width, panel.height)
        except TemplateError as error:
            raise error.named(tpl) from error
        return sheet

    def _product_facts(self, digest: str, tpl: str) -> ProductFacts:
        found = self._facts.get(digest)
        if found is not None:
            return found
        try:
            document = self._bundle.asset(digest)
            return self._facts.put(digest, ProductFacts.read(document), 8 * len(document))
        except AssetError as error:
            raise error.named(tpl) from error
        except ContractError as error:
            raise AssetError(f"file {digest[:12]}: {error}", template=tpl) from error

    def _ready(self, tpl: str, panel: PanelSpec, printing: _Printing) -> Ready:
        """Return a template as a panel of its claim has it."""
        key = (tpl, panel.name, panel.kind, panel.width, panel.height, panel.inks)
        found = printing.ready.get(key)
        if found is not None:
            return found
        self._claim(tpl).check(tpl, panel)
        return printing.ready.setdefault(key, printing.templates.ready(tpl, _known(panel)))

    def _claim(self, tpl: str) -> Claim:
        found = self._claims.get(tpl)
        if found is not None:
            return found
        if tpl.startswith(BASE):
            raise UnknownTemplateError(f"{tpl} is for other templates to extend")
        return self._claims.setdefault(tpl, claim_of(tpl, self._bundle.template(tpl)))

    def _printing(self, store: StoreWords) -> _Printing:
        key = (store.currency, store.locale, store.tz)
        found = self._stores.get(key)
        if found is not None:
            return found
        formats = Formats.of(store)
        reading = formats.reading
        faces, painter = _painter(reading)
        fits = self._fits.setdefault(reading.rtl, Keep(_FIT_BUDGET))
        templates = Templates(self._bundle.template, formats.filters())
        printing = _Printing(templates, faces, painter, fits, reading.rtl)
        return self._stores.put(key, printing, _STORE_BYTES)

    def _tree(self, filled: Filled, panel: PanelSpec) -> Tree:
        seats = self._attribute_seats.get(filled.markup)
        if seats is not None:
            written = tuple([str(filled.values[seat]) for seat in seats])
            found = self._trees.get((filled.markup, panel.inks, written))
            if found is not None:
                return found
        return self._parsed(filled, panel)

    def _parsed(self, filled: Filled, panel: PanelSpec) -> Tree:
        tree = parse(filled, panel.inks)
        written = tuple([str(filled.values[seat]) for seat in tree.attribute_seats])
        size = 8 * len(filled.markup)
        self._attribute_seats.put(filled.markup, tree.attribute_seats, len(filled.markup) + 200)
        return self._trees.put((filled.markup, panel.inks, written), tree, size)


def _known(panel: PanelSpec) -> dict[str, Any]:
    """Return what a template may know of a panel."""
    return {
        "width": panel.width,
        "height": panel.height,
        "inks": panel.inks,
        "kind": panel.kind,
        "panel_size": panel_size(panel),
        "least_text": panel.least_text,
    }


@cache
def renderer_digest() -> str:
    """Return 32 hex digits of all that decides a pixel: code, Pillow, FreeType, CLDR and fonts.

    Frames of two machines compare only where these digits are equal. The fonts' hashes stand in the
    code; raqm and HarfBuzz come within Pillow. FriBiDi decides nothing: without it, what needs it
    is refused, and the order of letters is python-bidi's.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, source in sorted(_sources(files("label_templates"), "")):
        digest.update(f"{name} {hashlib.sha256(source).hexdigest()}\n".encode())
    parts = [version("pillow"), str(features.version("freetype2")), version("babel")]
    parts += [version("jinja2"), version("zxing-cpp"), version("python-bidi")]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the sources that decide a pixel; templates are named by their bundle instead."""
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir() and name in {"layout", "drawing", "layout/languages"}:
            yield from _sources(entry, f"{name}/")
        elif name == "render.py" or (prefix and name.endswith((".py", ".json"))):
            yield name, entry.read_bytes()
