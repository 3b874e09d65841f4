"""A template says at its head which panels it is made for."""

import pytest

from label_templates.contract.panel import CATALOGUE, PanelSpec
from label_templates.layout.claims import Claim, claim_of, panel_size
from label_templates.layout.errors import MarkupError, TemplateError


def panel(width: int, height: int, kind: str = "e-ink") -> PanelSpec:
    spec = CATALOGUE["epd-2.9-bw"]
    return spec.model_copy(update={"width": width, "height": height, "kind": kind})


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (250, 122, "small"), (296, 128, "small"), (320, 158, "small"),
        (320, 240, "medium"), (400, 300, "medium"), (800, 480, "large"), (827, 437, "large"),
        (1920, 158, "strip"),
    ],
)  # fmt: skip
def test_panels_come_in_four_sizes(width: int, height: int, size: str) -> None:
    assert panel_size(panel(width, height)) == size


def test_a_template_without_a_claim_is_made_for_every_panel() -> None:
    claim = claim_of("price/x", "<tile>{# needs: 800x480 #}</tile>")
    assert claim == Claim()
    assert all(claim.holds(spec) for spec in CATALOGUE.values())


def test_a_claim_asks_for_pixels_and_leaves_strips_out() -> None:
    claim = claim_of("price/x", "{# A price. needs: 250x122 #}\n<tile/>")
    assert claim.holds(panel(250, 122))
    assert not claim.holds(panel(249, 122))
    assert not claim.holds(panel(250, 121))
    assert not claim.holds(panel(1920, 158))


def test_a_claim_may_name_sizes_and_kinds() -> None:
    claim = claim_of("strip/x", "{#\nMany prices.\nneeds: 1280x120 strip lcd\n#}")
    assert claim.holds(panel(1920, 158, "lcd"))
    assert not claim.holds(panel(1920, 158, "e-ink"))
    assert not claim.holds(panel(1920, 480, "lcd"))


@pytest.mark.parametrize("words", ["250", "250x122 huge", "250 x 122", "", "250x122, large"])
def test_a_claim_that_cannot_be_read_names_the_template_and_the_line(words: str) -> None:
    with pytest.raises(MarkupError) as raised:
        claim_of("price/x", f"{{# Price.\nneeds: {words}\n#}}")
    assert "template price/x, line 2: 'needs:" in str(raised.value)
    assert "is not a claim such as 'needs: 250x122'" in str(raised.value)


def test_a_panel_that_is_not_claimed_is_refused_in_words() -> None:
    claim = claim_of("info/facts", "{# needs: 320x240 medium large lcd #}")
    with pytest.raises(TemplateError) as raised:
        claim.check("info/facts", CATALOGUE["epd-2.9-bw"])
    assert str(raised.value) == (
        "template info/facts: is made for medium or large lcd panels of 320 x 240 px or more;"
        " epd-2.9-bw is a small e-ink panel of 296 x 128 px"
    )
