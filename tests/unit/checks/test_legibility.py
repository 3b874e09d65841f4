"""What is hard to read on a tile is found, with its node; what can be read is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.checks.legibility import contrast
from label_templates.contract.panel import CATALOGUE
from tests.unit.checks.tiles import PRICE, asked, codes, found

EAN = "4006381333931"
channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)


def test_a_tile_that_can_be_read_has_no_finding() -> None:
    assert found(f'<text name="name" size="16">{{{{ name }}}}</text>{PRICE}') == ()


@pytest.mark.parametrize(("size", "expected"), [(9, []), (8, ["(small-text)"])])
def test_letters_below_nine_pixels_are_found(size: int, expected: list[str]) -> None:
    assert codes(f'<text name="size" size="{size}">500 g</text>{PRICE}') == expected


def test_on_a_fine_panel_millimetres_decide() -> None:
    finding, *_ = found(f'<text name="size" size="13">500 g</text>{PRICE}', panel="lcd-st7789")
    assert str(finding) == (
        'line 2, text "size": has letters of 13 px; on lcd-st7789 14 px can be read'
    )
    assert codes(f'<text name="size" size="14">500 g</text>{PRICE}', panel="lcd-st7789") == []


def test_a_cut_is_found_and_what_was_left_is_quoted() -> None:
    name = '<text name="name" size="16" width="90" ellipsis="yes">{{ name }}</text>'
    (finding,) = found(name + PRICE, name="Čaj od kamilice u vrećicama")
    assert (finding.level, finding.code) == ("warning", "cut-text")
    assert finding.reason.startswith('is cut: "Čaj od ')
    assert codes(name + PRICE, name="Čaj") == []


def test_an_ellipsis_that_the_content_has_is_no_cut() -> None:
    assert codes(f'<text name="name" size="16">{{{{ name }}}}</text>{PRICE}', name="Čaj…") == []


@pytest.mark.parametrize(
    ("ink", "ground", "panel", "expected"),
    [
        ("black", "white", "epd-2.9-bwry", []),
        ("red", "white", "epd-2.9-bwry", []),
        ("white", "red", "epd-2.9-bwry", []),
        ("black", "yellow", "epd-2.9-bwry", []),
        ("yellow", "white", "epd-2.9-bwry", ["contrast"]),
        ("white", "yellow", "epd-2.9-bwry", ["contrast"]),
        ("black", "red", "epd-2.9-bwry", ["contrast"]),
        ("white", "white", "epd-2.9-bw", ["contrast"]),
        ("yellow", "white", "epd-7.3-e6", ["contrast"]),
        ("black", "blue", "epd-7.3-e6", ["contrast"]),
        ("blue", "white", "epd-7.3-e6", []),
        ("yellow", "white", "lcd-ili9341", ["contrast"]),
        ("yellow", "black", "lcd-ili9341", []),
    ],
)
def test_words_must_stand_out_from_their_ground_as_measured(
    ink: str, ground: str, panel: str, expected: list[str]
) -> None:
    row = (
        f'<row ground="{ground}" ink="{ink}" pad="4"><text name="off" size="20">−25 %</text></row>'
    )
    assert codes(row + PRICE, panel=panel) == expected


def test_the_nearest_ground_counts_and_a_strike_is_none() -> None:
    badge = '<badge name="off" ground="white" ink="black" size="20">A</badge>'
    assert codes(f'<row ground="black" pad="4">{badge}</row>{PRICE}') == []
    assert codes(f'<text name="prior" size="20" strike="yes" lines="2">2,99</text>{PRICE}') == []


def test_large_bold_letters_need_less_contrast() -> None:
    def codes_at(size: int, font: str) -> list[str]:
        words = f'<text name="off" size="{size}" font="{font}" ink="orange">A</text>'
        return codes(words + PRICE, panel="epd-7.3-acep")

    assert 3 < contrast(*(CATALOGUE["epd-7.3-acep"].palette[index] for index in (6, 0))) < 4.5
    assert codes_at(24, "bold") == []
    assert codes_at(23, "bold") == codes_at(24, "regular") == ["contrast"]


@given(colours, colours)
def test_contrast_is_that_of_wcag(one: tuple[int, int, int], other: tuple[int, int, int]) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21
    assert contrast(one, one) == 1


def test_black_on_white_has_the_largest_contrast() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def barcode(**attributes: str) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f'{PRICE}<barcode name="barcode" height="30" {written}>{EAN}</barcode>'


def test_bars_under_a_quarter_millimetre_are_a_warning_that_cites_gs1() -> None:
    finding, *_ = found(barcode(module="1"))
    assert (finding.level, finding.code) == ("warning", "code-module")
    assert str(finding) == (
        'line 2, barcode "barcode": has bars of 0.226 mm; 0.264 mm are asked for'
        " (GS1 General Specifications)"
    )
    assert codes(barcode(module="2")) == []


def test_bars_that_a_law_wants_wider_are_an_error() -> None:
    law = asked("bar-module", least_um=500)
    assert codes(barcode(module="2"), law) == ["code-module"]


def test_bars_that_are_red_or_light_are_no_bars_for_a_scanner() -> None:
    assert codes(barcode(module="2", ink="red")) == ["code-contrast"]
    white = (
        f'{PRICE}<row ground="black" ink="white" pad="4">{barcode(module="2")[len(PRICE) :]}</row>'
    )
    assert codes(white) == ["code-contrast"]
    assert codes(barcode(module="2", ink="blue"), panel="epd-7.3-e6") == []


@pytest.mark.parametrize(("size", "expected"), [(40, []), (24, ["(digit-height)"])])
def test_a_price_too_small_to_be_read_from_a_metre_is_a_warning(
    size: int, expected: list[str]
) -> None:
    assert codes(f'<price name="price" size="{size}">{{{{ price | money }}}}</price>') == expected


def test_squares_of_a_qr_code_narrower_than_gs1_asks_are_warned_of() -> None:
    narrow, wide = (f'<qr module="{module}">https://id.gs1.org</qr>' for module in (1, 2))
    finding, *_ = found(PRICE + narrow)
    assert (finding.level, finding.code) == ("warning", "code-module")
    assert "has squares of 0.226 mm; 0.396 mm are asked for" in str(finding)
    assert codes(PRICE + wide) == []
    assert codes(PRICE + wide.replace("<qr", '<qr ink="red"')) == ["code-contrast"]


def test_digits_that_a_law_wants_larger_are_an_error_in_millimetres() -> None:
    """202 CMR 7.06(4): half an inch; capitals of 79 px letters are 57 px, 12.882 mm on 2.9 inch."""
    law = asked("digit-height", least_um=12_700)
    price = '<price name="price" size="{}">{{{{ price | money }}}}</price>'
    assert codes(price.format(79), law) == []
    (finding,) = found(price.format(76), law)
    assert str(finding) == (
        'line 2, price "price": has digits of 12.204 mm; 12.7 mm are asked for'
        " (law of digit-height)"
    )
    assert finding.level == "error"


def test_a_panel_lower_than_a_law_wants_tags_is_an_error() -> None:
    law = asked("tag-height", least_um=25_400)
    assert codes(PRICE, law, panel="epd-2.9-bw") == []
    (finding,) = found(PRICE, law, panel="epd-2.13-bw")
    assert str(finding) == (
        "epd-2.13-bw is 23.692 mm high; 25.4 mm are asked for (law of tag-height)"
    )
