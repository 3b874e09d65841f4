"""Inks as a camera sees them, for pictures of frames.

Measured e-ink is dull: white is a warm grey, red leans to brick. Pictures show the inks relative to
their paper, white brought up to a label's paper tone, so that a shelf on a screen looks like a
shelf under shop light. Frames themselves hold indices and know no colours.
"""

from collections.abc import Sequence

from label_templates.contract.panel import Ink, Rgb

SEEN: dict[Ink, Rgb] = {
    Ink.WHITE: (251, 250, 246),
    Ink.BLACK: (23, 23, 26),
    Ink.RED: (190, 28, 38),
    Ink.YELLOW: (240, 196, 25),
    Ink.BLUE: (29, 78, 158),
    Ink.GREEN: (26, 122, 74),
    Ink.ORANGE: (214, 110, 32),
}
_LEVELS = range(0, 256, 51)
CUBE: tuple[Rgb, ...] = tuple((r, g, b) for r in _LEVELS for g in _LEVELS for b in _LEVELS)
"""The colours of an LCD's photos, whose indices follow those of its inks: `PanelSpec.cube`."""


def palette_bytes(inks: Sequence[Ink], cube: bool = False) -> list[int]:
    """Return the inks' colours in order, as a picture's palette wants them; the cube's follow."""
    return [
        channel
        for colour in (*[SEEN[ink] for ink in inks], *(CUBE if cube else ()))
        for channel in colour
    ]
