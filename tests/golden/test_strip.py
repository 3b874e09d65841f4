"""The guide's picture of a strip is the one that is drawn today."""

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from tests.golden.strip import PICTURE, draw


def test_the_guide_shows_the_strip_as_it_is_drawn_today() -> None:
    inks = panel_spec("lcd-strip-1920x158").inks
    assert Frame.read_png(PICTURE.read_bytes(), inks) == draw()
