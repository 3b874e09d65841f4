"""Lines of text as masks, each drawn once.

One-bit hinted text is the clearest on e-ink at small sizes; anti-aliased text leaves stray pixels.
"""

from label_templates.drawing.face import FontFace
from label_templates.drawing.glyphs import Ink
from label_templates.layout.direction import LATIN, Reading
from label_templates.layout.keep import Keep

_RUN_BUDGET = 16 * 2**20
"""Bytes of drawn lines to keep: about five thousand at label sizes."""


class FontFaces:
    """All faces asked for so far, and the lines drawn with them."""

    def __init__(self, reading: Reading = LATIN) -> None:
        self._reading = reading
        self._faces: dict[tuple[str, int], FontFace] = {}
        self._runs: Keep[Ink] = Keep(_RUN_BUDGET)

    def face(self, font: str, size: int) -> FontFace:
        """Return a font at a size in pixels."""
        key = (font, size)
        found = self._faces.get(key)
        if found is not None:
            return found
        return self._faces.setdefault(key, FontFace(font, size, self._reading))

    def run(self, text: str, font: str, size: int) -> Ink:
        """Return a line's mask and where it stands from the pen, drawn now if never before."""
        key = (text, font, size)
        found = self._runs.get(key)
        if found is not None:
            return found
        drawn = self.face(font, size).line(text)
        return self._runs.put(key, drawn, 300 + 2 * len(text) + drawn.width * drawn.height)
