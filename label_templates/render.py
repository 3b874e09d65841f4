"""One renderer for the shelf, the console and the tests: (template, content, panel) to a frame.

Pure and deterministic: the same words on the same panel by the same renderer give the same ink
indices. Caches hold parsed templates, fitted texts and drawn lines, never whole frames, and are
bounded by bytes.
"""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from PIL import features

from label_templates.contract.panel import PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.fonts import PINNED
from label_templates.drawing.frame import Frame
from label_templates.drawing.painter import Painter
from label_templates.drawing.text import FontFaces
from label_templates.layout.errors import TemplateError
from label_templates.layout.formats import Formats
from label_templates.layout.keep import Keep
from label_templates.layout.markup import Tree, parse
from label_templates.layout.node import Mark, PlacedBox, Sheet
from label_templates.layout.template import Filled, Templates

_FIT_BUDGET = 8 * 2**20
_TREE_BUDGET = 8 * 2**20
_STORE_BUDGET = 32 * 2**20
_STORE_BYTES = 512 * 1024
"""What one store's compiled templates and formats take, measured generously."""


@cache
def _painter() -> tuple[FontFaces, Painter]:
    """Return the fonts and the painter of this process, shared by all renderers."""
    faces = FontFaces()
    return faces, Painter(faces)


class Templating(Protocol):
    """Where templates come from: a bundle."""

    def template(self, name: str) -> str:
        """Return a template's source; UnknownTemplateError where there is none."""


class Renderer:
    """Draws tiles with one bundle's templates."""

    def __init__(self, bundle: Templating) -> None:
        self._bundle = bundle
        self._faces, self._painter = _painter()
        self._stores: Keep[Templates] = Keep(_STORE_BUDGET)
        self._fits: Keep[Any] = Keep(_FIT_BUDGET)
        self._trees: Keep[Tree] = Keep(_TREE_BUDGET)
        self._attribute_seats: Keep[tuple[int, ...]] = Keep(_TREE_BUDGET)

    def render(self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords) -> Frame:
        """Draw a tile; TemplateError names template, line, node and reason where it cannot be."""
        marks = self.marks(tpl, content, panel, store)
        return self._painter.paint(panel.width, panel.height, panel.inks, marks)

    def marks(
        self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords
    ) -> list[Mark]:
        """Return the runs of text, filled boxes and bars of a tile, in the order of painting."""
        return self._laid(tpl, content, panel, store, None).marks

    def boxes(
        self, tpl: str, content: TileContent, panel: PanelSpec, store: StoreWords
    ) -> tuple[PlacedBox, ...]:
        """Return where each node of a tile stands, outer nodes before inner ones."""
        placed: list[PlacedBox] = []
        self._laid(tpl, content, panel, store, placed)
        return tuple(placed)

    def _laid(
        self,
        tpl: str,
        content: TileContent,
        panel: PanelSpec,
        store: StoreWords,
        boxes: list[PlacedBox] | None,
    ) -> Sheet:
        filled = self._templates(store).fill(tpl, _variables(content, panel))
        try:
            root = self._tree(filled, panel).root
            sheet = Sheet(filled.values, self._faces, self._fits, boxes)
            root.put(sheet, 0, 0, panel.width, panel.height)
        except TemplateError as error:
            raise error.named(tpl) from error
        return sheet

    def _templates(self, store: StoreWords) -> Templates:
        key = (store.currency, store.locale, store.tz)
        found = self._stores.get(key)
        if found is not None:
            return found
        formats = Formats.of(store)
        templates = Templates(self._bundle.template, formats.filters())
        return self._stores.put(key, templates, _STORE_BYTES)

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


def _variables(content: TileContent, panel: PanelSpec) -> dict[str, Any]:
    """Return what a template may use: the content's fields, absent ones None, and the panel's."""
    return {
        **content.__dict__,
        "width": panel.width,
        "height": panel.height,
        "inks": panel.inks,
        "kind": panel.kind,
    }


@cache
def renderer_digest() -> str:
    """Return 32 hex digits of all that decides a pixel: code, Pillow, FreeType, CLDR and fonts.

    Frames of two machines compare only where these digits are equal.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, source in sorted(_sources(files("label_templates"), "")):
        digest.update(f"{name} {hashlib.sha256(source).hexdigest()}\n".encode())
    parts = [version("pillow"), str(features.version("freetype2")), version("babel")]
    parts += [version("jinja2"), *(pinned for _, pinned in PINNED.values())]
    digest.update("\n".join(parts).encode())
    return digest.hexdigest()


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the sources that decide a pixel; templates are named by their bundle instead."""
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir() and name in {"layout", "drawing"}:
            yield from _sources(entry, f"{name}/")
        elif name == "render.py" or (prefix and name.endswith(".py")):
            yield name, entry.read_bytes()
