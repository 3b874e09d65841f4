"""The guide to paper tags names every sheet there is, with its tags."""

from pathlib import Path

import pytest

from label_templates.paper import FORMATS, SheetFormat

GUIDE = (Path(__file__).parents[3] / "docs" / "paper.md").read_text("utf-8")
ROWS = {line.split("`")[1]: line for line in GUIDE.splitlines() if line.startswith("| `")}


def test_the_guide_lists_the_formats_there_are() -> None:
    assert list(ROWS) == list(FORMATS)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_the_guide_counts_the_tags_of_a_sheet(form: SheetFormat) -> None:
    assert f"| {form.tags} of " in ROWS[form.name]
    assert f"{form.tags} tags of " in form.meaning
