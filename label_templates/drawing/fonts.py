"""The fonts tiles are set in: Roboto, from the package font-roboto, each file pinned by its hash.

A frame proves what hangs on a shelf only where every machine has the same letters, so a file that
differs by one byte is refused.
"""

import hashlib
import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import features

from label_templates.layout.errors import FontError

PACKAGE = "font_roboto"
PINNED = {
    "regular": (
        "Roboto-Regular.ttf",
        "797e35f7f5d6020a5c6ea13b42ecd668bcfb3bbc4baa0e74773527e5b6cb3174",
    ),
    "medium": (
        "Roboto-Medium.ttf",
        "7984aafeaf437899ce89b251d2875fc5048cb7d290152eac070239cca7ff726c",
    ),
    "bold": (
        "Roboto-Bold.ttf",
        "36f3709dea3e3ce3c6aedc058079e55980825f898f1e901d091c73c40de8bab1",
    ),
    "black": (
        "Roboto-Black.ttf",
        "bbd81322180b38dee7c61668970af6159f7fd180eac6bf615f3d1e06f878d3f0",
    ),
}
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


@cache
def font_file(font: str) -> Path:
    """Return a pinned font's file; FontError says what to install."""
    if font not in PINNED:
        raise FontError(f"no font {font!r}; there are {', '.join(PINNED)}")
    name, digest = PINNED[font]
    try:
        path = Path(str(files(PACKAGE) / "files" / name))
        data = path.read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise FontError(f"font {name} is missing: pip install font-roboto==0.0.1") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise FontError(f"font {path} is not the pinned one: sha256 {found}, expected {digest}")
    return path


def check_direction(character: str) -> None:
    """Raise FontError where a right-to-left letter is asked for and FriBiDi is missing."""
    if unicodedata.bidirectional(character) in _RIGHT_TO_LEFT and not features.check("fribidi"):
        raise FontError(
            f"{character!r} is written right to left, which needs FriBiDi:"
            " install the system package libfribidi0"
        )
