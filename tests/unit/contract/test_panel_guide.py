"""docs/panels.md says what the catalogue says, and its example does what it shows."""

import re

from label_templates.drawing.frame import Frame
from tests.unit.contract.panel_table import GUIDE, table, written


def test_the_page_has_every_panel_as_the_catalogue_has_it() -> None:
    assert written() == table(), "renew it: python -m tests.unit.contract.panel_table"


def test_the_example_puts_a_strip_together() -> None:
    (source,) = re.findall(
        r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    names: dict[str, object] = {}
    exec(source, names)  # noqa: S102  the page's own example
    frame = names["frame"]
    assert isinstance(frame, Frame)
    assert (frame.width, frame.height) == (1920, 158)
