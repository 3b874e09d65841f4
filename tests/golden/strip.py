"""Draw docs/strip.png anew: `python -m tests.golden.strip`. A test holds both equal."""

from pathlib import Path

from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from label_templates.samples import sample_bundle
from label_templates.samples.strip import shelf_strip

PICTURE = Path(__file__).parents[2] / "docs" / "strip.png"


def draw() -> Frame:
    """Return the strip of the guide."""
    return shelf_strip(Renderer(sample_bundle()))


if __name__ == "__main__":
    PICTURE.write_bytes(draw().png())
