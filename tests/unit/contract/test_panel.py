"""What is said of panels belongs together, and strips can be divided into regions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.errors import ContractError
from label_templates.contract.panel import CATALOGUE, LEAST_REGION, Packing, PanelSpec, panel_spec
from label_templates.contract.twin import AgentWords

STRIP = panel_spec("lcd-strip-1920x158")
each = pytest.mark.parametrize("spec", CATALOGUE.values(), ids=lambda spec: spec.name)


@each
def test_every_panel_says_where_its_numbers_come_from(spec: PanelSpec) -> None:
    assert spec.source
    assert spec.palette_source
    assert spec.width >= spec.height
    assert len(set(spec.palette)) == len(spec.inks) == len(set(spec.inks))
    assert len(set(spec.codes)) == len(spec.codes)


@each
def test_only_panels_with_partial_refresh_count_their_partial_ones(spec: PanelSpec) -> None:
    if spec.kind == "e-ink":
        assert (spec.full_after is None) == (spec.partial_refresh_ms is None)
        assert (spec.max_interval_s, spec.life) == (86_400, 1_000_000)
        assert spec.partial_refresh_ms is None or len(spec.inks) == 2
        assert (spec.min_interval_s >= 180) == (len(spec.inks) > 2)


@each
def test_only_screens_show_more_colours_than_inks(spec: PanelSpec) -> None:
    assert spec.cube == (spec.kind == "lcd") == (spec.packing in {Packing.RGB565, Packing.XRGB8888})
    assert spec.divisible == (spec.name == "lcd-strip-1920x158")


def test_the_sizes_are_those_of_the_glass() -> None:
    sizes = {name: (round(s.mm(s.width)), round(s.mm(s.height))) for name, s in CATALOGUE.items()}
    assert sizes["epd-2.13-bw"] == (49, 24)
    assert sizes["epd-2.9-bwr"] == sizes["epd-2.9-bwry"] == (67, 29)
    assert sizes["epd-4.2-bw"] == (85, 64)
    assert sizes["epd-7.5-bwr"] == (163, 98)
    assert sizes["epd-7.3-e6"] == sizes["epd-7.3-acep"] == (160, 96)
    assert sizes["lcd-st7789"] == (41, 31)
    assert sizes["paper-70x37"] == (70, 37)
    assert sizes["paper-4x2in"] == (102, 51)


def test_spectra_6_skips_the_code_4() -> None:
    spec = panel_spec("epd-7.3-e6")
    codes = {"black": 0, "white": 1, "yellow": 2, "red": 3, "blue": 5, "green": 6}
    assert dict(zip(spec.inks, spec.codes, strict=True)) == codes


def test_text_is_never_asked_for_smaller_than_can_be_read() -> None:
    least = {name: spec.least_text for name, spec in CATALOGUE.items()}
    assert least["epd-2.9-bw"] == least["lcd-strip-1920x158"] == 9
    assert least["epd-7.3-e6"] == 9
    assert least["lcd-st7789"] == 14
    assert least["paper-70x37"] == 21


@each
@pytest.mark.parametrize("mm", [0.264, 1.7, 10, 37.3])
def test_millimetres_become_the_fewest_pixels_that_reach_them(spec: PanelSpec, mm: float) -> None:
    pixels = spec.pixels(mm)
    assert spec.mm(pixels) >= mm - 1e-9 > spec.mm(pixels - 1)


@given(st.integers(LEAST_REGION // 8, STRIP.width // 8))
def test_a_region_is_a_panel_of_its_own(eighths: int) -> None:
    width = 8 * eighths
    spec = panel_spec(f"{STRIP.name}@{width}")
    assert (spec.name, spec.width, spec.whole) == (f"{STRIP.name}@{width}", width, STRIP.name)
    changed = {"name", "width", "divisible"}
    assert spec.model_dump(exclude=changed) == STRIP.model_dump(exclude=changed)
    assert PanelSpec.model_validate(spec.model_dump()) == spec
    agent = AgentWords(version="1", panels={"b01-s1-p01": spec.name})
    assert agent.panels == {"b01-s1-p01": spec.name}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("epd-1-bw", "unknown panel 'epd-1-bw'; known are epd-2.13-bw, "),
        ("lcd-strip-1920x158@", "unknown panel"),
        ("lcd-strip-1920x158@0320", "unknown panel"),
        ("lcd-strip-1920x158@320@320", "unknown panel"),
        ("strip@320", "unknown panel 'strip@320'"),
        ("lcd-strip-1920x158@152", "is 160 to 1920 px wide, a multiple of 8, not 152"),
        ("lcd-strip-1920x158@1928", "not 1928"),
        ("lcd-strip-1920x158@324", "not 324"),
        ("epd-2.9-bw@160", "panel epd-2.9-bw cannot be divided"),
    ],
)
def test_a_panel_that_cannot_be_is_refused_with_the_reason(name: str, reason: str) -> None:
    with pytest.raises(ContractError, match=reason):
        panel_spec(name)


def test_a_spec_whose_words_do_not_belong_together_is_refused() -> None:
    words = panel_spec("epd-7.3-e6").model_dump()
    with pytest.raises(ValueError, match="5 colours for 6 inks"):
        PanelSpec.model_validate({**words, "palette": words["palette"][:5]})
    with pytest.raises(ValueError, match="0 codes for 6 inks"):
        PanelSpec.model_validate({**words, "codes": ()})
