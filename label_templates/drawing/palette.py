"""Inks as a camera sees them, for pictures of frames.

Measured e-ink is dull: white is a warm grey, red leans to brick. Pictures show the inks relative to
their paper, white brought up to a label's paper tone, so that a shelf on a screen looks like a
shelf under shop light. Frames themselves hold indices and know no colours.
"""

from collections.abc import Sequence

from label_templates.contract.panel import Ink

Rgb = tuple[int, int, int]

SEEN: dict[Ink, Rgb] = {
    Ink.WHITE: (251, 250, 246),
    Ink.BLACK: (23, 23, 26),
    Ink.RED: (190, 28, 38),
    Ink.YELLOW: (240, 196, 25),
    Ink.BLUE: (29, 78, 158),
    Ink.GREEN: (26, 122, 74),
}


def palette_bytes(inks: Sequence[Ink]) -> list[int]:
    """Return the inks' colours in order, as a picture's palette wants them."""
    return [channel for ink in inks for channel in SEEN[ink]]
