"""Panel drivers against wires that record, read as the panel's controller reads them."""

import importlib.util
import sys
from pathlib import Path

import pytest

from label_templates.contract.panel import Ink, PanelSpec, panel_spec
from label_templates.drawing.frame import Frame
from shelf_agent.displays import lcd, waveshare, wires
from shelf_agent.displays.capture import CaptureDisplay
from shelf_agent.displays.registry import open_display
from shelf_agent.displays.waveshare import MODELS, WaveshareDisplay
from shelf_agent.errors import DisplayError, SettingsError
from shelf_agent.settings import DisplaySettings
from tests.unit.agent.cloud import FIRST
from tests.unit.agent.controllers import Ssd1680, St7789

BW, BWR, LCD = panel_spec("epd-2.9-bw"), panel_spec("epd-2.9-bwr"), panel_spec("lcd-st7789")


def pattern(panel: PanelSpec, step: int = 7) -> Frame:
    """A picture without any symmetry, in all inks."""
    count = panel.width * panel.height
    indices = bytes((at * at // step + at // 13) % len(panel.inks) for at in range(count))
    return Frame(panel.width, panel.height, panel.inks, indices)


@pytest.mark.parametrize("panel", [BW, BWR], ids=lambda panel: panel.name)
def test_an_e_ink_panel_shows_the_frame_pixel_by_pixel(panel: PanelSpec) -> None:
    glass = Ssd1680()
    display = waveshare.open_display(FIRST, panel, {}, glass.opener)
    for step in (7, 11):
        display.show(pattern(panel, step))
        assert glass.frame(panel) == pattern(panel, step)


def test_an_e_ink_panel_sleeps_without_power_between_refreshes() -> None:
    glass = Ssd1680()
    display = waveshare.open_display(FIRST, BW, {}, glass.opener)
    display.show(pattern(BW))
    assert glass.asleep
    assert not glass.open
    assert glass.pins[18] is False
    assert glass.time > glass.REFRESH_S, "the refresh was waited for"


def test_an_e_ink_panel_keeps_its_picture_through_a_restart() -> None:
    display = waveshare.open_display(FIRST, BW, {}, Ssd1680().opener)
    assert display.holds("0" * 32)


def test_a_panel_that_stays_busy_is_an_error_and_can_be_tried_again() -> None:
    glass = Ssd1680()
    plan = wires.plan("waveshare", {}, speed_hz=1, outputs=(17, 25, 18), inputs=(24,))
    display = WaveshareDisplay(BW, MODELS[BW.name], plan, glass.opener, lambda: glass.time)
    glass.stuck = True
    with pytest.raises(DisplayError, match="stays busy for more than 10 s"):
        display.show(pattern(BW))
    assert not glass.open
    glass.stuck = False
    display.show(pattern(BW))
    assert glass.frame(BW) == pattern(BW)


def test_two_panels_on_one_pi_have_wires_of_their_own() -> None:
    first, second = Ssd1680(), Ssd1680(dc_pin=5, busy_pin=6)
    one = waveshare.open_display(FIRST, BW, {}, first.opener)
    options = {"spi_select": 1, "dc_pin": 5, "reset_pin": 13, "power_pin": 19, "busy_pin": 6}
    two = waveshare.open_display(FIRST, BW, options, second.opener)
    one.show(pattern(BW, 7))
    two.show(pattern(BW, 11))
    assert first.frame(BW) == pattern(BW, 7)
    assert second.frame(BW) == pattern(BW, 11)
    assert second.opened[0].select == 1
    assert one.bus == two.bus == "spi0", "they take turns on the bus"


def test_an_lcd_shows_the_frame_in_the_inks_seen_colours() -> None:
    glass = St7789()
    display = lcd.open_display(FIRST, LCD, {}, glass.opener)
    display.show(pattern(LCD))
    assert glass.window() == (0, 319, 0, 239)
    assert glass.pixels() == pattern(LCD).image().convert("RGB").tobytes()
    assert glass.on
    assert glass.pins[18] is True, "its light is on"


def test_an_lcd_is_drawn_again_after_a_restart_and_dark_after_its_end() -> None:
    glass = St7789()
    display = lcd.open_display(FIRST, LCD, {}, glass.opener)
    display.show(pattern(LCD))
    assert not display.holds(pattern(LCD).digest())
    display.close()
    assert glass.pins[18] is False
    assert not glass.open


def test_an_lcd_that_failed_is_set_up_anew() -> None:
    glass = St7789()
    display = lcd.open_display(FIRST, LCD, {}, glass.opener)
    display.show(pattern(LCD))
    with pytest.raises(AttributeError):
        display.show(None)  # type: ignore[arg-type]
    display.show(pattern(LCD))
    assert len(glass.opened) == 2


def test_a_capture_keeps_the_frame_and_knows_it_again(tmp_path: Path) -> None:
    display = CaptureDisplay(FIRST, BWR, tmp_path)
    assert not display.holds(pattern(BWR).digest())
    display.show(pattern(BWR))
    written = (tmp_path / f"{FIRST}.png").read_bytes()
    assert Frame.read_png(written, BWR.inks) == pattern(BWR)
    assert display.holds(pattern(BWR).digest())
    assert not display.holds(pattern(BWR, 11).digest())
    assert [path.name for path in tmp_path.iterdir()] == [f"{FIRST}.png"]


def test_a_capture_that_cannot_be_written_is_an_error_and_keeps_the_old_one(
    tmp_path: Path,
) -> None:
    display = CaptureDisplay(FIRST, BW, tmp_path / "gone")
    with pytest.raises(DisplayError, match="cannot be written: No such file or directory"):
        display.show(pattern(BW))


def wanted(driver: str, panel: str, **options: str | int) -> DisplaySettings:
    return DisplaySettings(position=FIRST, driver=driver, panel=panel, options=options)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (wanted("hologram", BW.name), "unknown driver 'hologram'; known are capture, lcd"),
        (wanted("capture", BW.name), "needs the option `directory`"),
        (wanted("capture", BW.name, directory="/proc/nothing"), "folder /proc/nothing: "),
        (wanted("waveshare", BW.name, busy_pin=-1), "option busy_pin is -1"),
        (wanted("waveshare", BW.name, dc_pin="x"), "option dc_pin is 'x'"),
        (wanted("waveshare", BW.name, colour=1), "knows no option colour"),
        (wanted("waveshare", "epd-7.3-e6"), "waveshare drives no epd-7.3-e6"),
        (wanted("lcd", BW.name), "lcd drives no epd-2.9-bw"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_display_that_cannot_be_is_named_with_position_and_reason(
    settings: DisplaySettings, reason: str
) -> None:
    with pytest.raises(SettingsError, match=f"display {FIRST}: .*{reason}"):
        open_display(settings)


def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "shelf_agent.displays.lcd")
    monkeypatch.setitem(sys.modules, "luma.lcd.device", None)
    with pytest.raises(SettingsError, match=r"luma.lcd.device: pip .*'edge-shelf\[agent,lcd\]'"):
        open_display(wanted("lcd", LCD.name))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"'edge-shelf\[agent,waveshare\]'"):
        open_display(wanted("waveshare", BW.name))


def test_off_a_raspberry_pi_the_bus_is_named_as_missing() -> None:
    display = open_display(wanted("waveshare", BW.name, spi_bus=7))
    with pytest.raises((DisplayError, SettingsError), match="spi"):
        display.show(Frame(BW.width, BW.height, BW.inks, bytes(BW.width * BW.height)))


def test_inks_are_never_mixed_up_between_planes() -> None:
    glass = Ssd1680()
    red = Frame(BWR.width, BWR.height, BWR.inks, bytes([BWR.inks.index(Ink.RED)]) * (296 * 128))
    waveshare.open_display(FIRST, BWR, {}, glass.opener).show(red)
    assert set(glass.data[0x24]) == {0xFF}
    assert set(glass.data[0x26]) == {0xFF}


def test_a_captured_panel_needs_no_pause_between_refreshes(tmp_path: Path) -> None:
    settings = DisplaySettings(
        position=FIRST, driver="capture", panel=BWR.name, options={"directory": str(tmp_path)}
    )
    assert BWR.min_interval_s > 0
    assert open_display(settings).panel == BWR.model_copy(update={"min_interval_s": 0})


def test_a_region_of_a_strip_is_captured_as_a_panel_of_its_own(tmp_path: Path) -> None:
    settings = wanted("capture", "lcd-strip-1920x158@320", directory=str(tmp_path))
    display = open_display(settings)
    assert (display.panel.name, display.panel.width) == ("lcd-strip-1920x158@320", 320)
    display.show(pattern(display.panel))
    assert display.holds(pattern(display.panel).digest())


def test_a_capture_keeps_a_photo_in_the_colours_of_the_cube(tmp_path: Path) -> None:
    pixels = bytes(at % (len(LCD.inks) + 216) for at in range(LCD.width * LCD.height))
    photo = Frame(LCD.width, LCD.height, LCD.inks, pixels)
    display = CaptureDisplay(FIRST, LCD, tmp_path)
    display.show(photo)
    assert Frame.read_png((tmp_path / f"{FIRST}.png").read_bytes(), LCD.inks) == photo
    assert display.holds(photo.digest())
