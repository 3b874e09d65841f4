"""The panels there are, as data: `contract.panel` says what each word means and checks it.

Refresh times of e-ink panels are those measured by the library GxEPD2 (github.com/ZinggJM/GxEPD2,
one driver a panel), sizes, pitches and temperatures those of Good Display's data sheets. Vendors
ask for 180 s between refreshes of colour panels, one refresh at least every 24 h, a full one after
at most 15 partial ones, and give 1,000,000 refreshes of life.

docs/panels.md shows all of this as a table, and how to add a panel.
"""

from typing import Any

_BLACK_AND_WHITE = ("white", "black")
_SIX = ("white", "black", "red", "yellow", "blue", "green")

_PHOTOGRAPHED = "photographed beside white paper, github.com/OpenDisplay/epaper-dithering"
_GREY: dict[str, Any] = {
    "inks": _BLACK_AND_WHITE,
    "palette": ((173, 178, 174), (10, 7, 14)),
    "palette_source": f"white and black of a 3.97 inch BWRY panel {_PHOTOGRAPHED}, 2026-03",
}
_RED: dict[str, Any] = {
    "inks": (*_BLACK_AND_WHITE, "red"),
    "palette": (*_GREY["palette"], (85, 24, 14)),
    "palette_source": f"the inks of a 3.97 inch BWRY panel {_PHOTOGRAPHED}, 2026-03",
}
_RED_YELLOW: dict[str, Any] = {
    "inks": (*_BLACK_AND_WHITE, "red", "yellow"),
    "palette": (*_RED["palette"], (172, 128, 0)),
    "palette_source": f"a 3.97 inch BWRY panel {_PHOTOGRAPHED}, 2026-03",
    "packing": "2 bpp",
    "codes": (1, 0, 3, 2),
}
_SPECTRA_6: dict[str, Any] = {
    "inks": _SIX,
    "palette": (
        (185, 199, 201), (31, 34, 38), (98, 32, 30), (193, 187, 30), (35, 63, 142), (53, 86, 58),
    ),
    "palette_source": "spectra6 as measured for github.com/paperlesspaper/epdoptimize, 2026-04",
    "packing": "4 bpp",
    "codes": (1, 0, 3, 2, 5, 6),
}  # fmt: skip
_ACEP: dict[str, Any] = {
    "inks": (*_SIX, "orange"),
    "palette": (
        (255, 255, 255), (57, 48, 57), (156, 72, 75), (208, 190, 71), (61, 59, 94), (58, 91, 70),
        (177, 106, 73),
    ),
    "palette_source": "5.7 inch ACeP panel, white as 255, github.com/pimoroni/inky, inky_uc8159",
    "packing": "4 bpp",
    "codes": (1, 0, 4, 5, 3, 2, 6),
}  # fmt: skip
_SCREEN: dict[str, Any] = {
    "kind": "lcd",
    "inks": _SIX,
    "palette": (
        (251, 250, 246), (23, 23, 26), (190, 28, 38), (240, 196, 25), (29, 78, 158), (26, 122, 74),
    ),
    "palette_source": "the sRGB colours that the driver sends",
    "cube": True,
    "packing": "rgb565",
}  # fmt: skip

_E_INK: dict[str, Any] = {"kind": "e-ink", "max_interval_s": 86_400, "life": 1_000_000}
_QUICK: dict[str, Any] = {
    **_E_INK, **_GREY, "packing": "1 bpp", "full_after": 15, "works_c": (0, 50),
}  # fmt: skip
_SLOW: dict[str, Any] = {**_E_INK, "min_interval_s": 180, "works_c": (0, 40)}
_TWO_PLANES: dict[str, Any] = {**_SLOW, **_RED, "packing": "two planes"}

_SIZE_213: dict[str, Any] = {
    "width": 250, "height": 122, "pitch_nm": 194_200, "turned": True, "align_y": 8,
}  # fmt: skip
_SIZE_29: dict[str, Any] = {
    "width": 296, "height": 128, "pitch_nm": 226_000, "turned": True, "align_y": 8,
}  # fmt: skip
_SIZE_42: dict[str, Any] = {"width": 400, "height": 300, "pitch_nm": 212_000, "align_x": 8}
_SIZE_75: dict[str, Any] = {"width": 800, "height": 480, "pitch_nm": 204_000, "align_x": 8}
_SIZE_73: dict[str, Any] = {"width": 800, "height": 480, "pitch_nm": 200_000, "align_x": 2}


def _paper(name: str, width_mm: float, height_mm: float) -> dict[str, Any]:
    """Return a paper tag of a size in millimetres, printed at 300 dots an inch."""
    return {
        "name": name,
        "kind": "paper",
        "width": round(width_mm * 300 / 25.4),
        "height": round(height_mm * 300 / 25.4),
        "inks": _BLACK_AND_WHITE,
        "palette": ((255, 255, 255), (0, 0, 0)),
        "palette_source": "black on white paper",
        "pitch_nm": 84_667,
        "packing": "1 bpp",
        "full_refresh_ms": 0,
        "source": "300 dots an inch",
    }


PANELS: tuple[dict[str, Any], ...] = (
    {
        **_QUICK, **_SIZE_213, "name": "epd-2.13-bw",
        "full_refresh_ms": 1_700, "partial_refresh_ms": 500,
        "source": "Good Display GDEY0213B74 (SSD1680); GxEPD2_213_GDEY0213B74",
    },
    {
        **_QUICK, **_SIZE_29, "name": "epd-2.9-bw",
        "full_refresh_ms": 1_750, "partial_refresh_ms": 400,
        "source": "Good Display GDEY029T94 (SSD1680); GxEPD2_290_GDEY029T94",
    },
    {
        **_TWO_PLANES, **_SIZE_29, "name": "epd-2.9-bwr", "full_refresh_ms": 27_000,
        "source": "Good Display 2.9 inch C90c (SSD1680); GxEPD2_290_C90c",
    },
    {
        **_SLOW, **_RED_YELLOW, **_SIZE_29, "name": "epd-2.9-bwry", "full_refresh_ms": 25_000,
        "source": "2.9 inch BWRY (JD79661 as GDEY0213F51); time of GxEPD2_290c_GDEY029F51H",
    },
    {
        **_QUICK, **_SIZE_42, "name": "epd-4.2-bw",
        "full_refresh_ms": 1_200, "partial_refresh_ms": 400,
        "source": "Good Display GDEY042T81 (SSD1683); GxEPD2_420_GDEY042T81",
    },
    {
        **_TWO_PLANES, **_SIZE_42, "name": "epd-4.2-bwr", "full_refresh_ms": 25_000,
        "source": "Good Display GDEY042Z98 (SSD1683); GxEPD2_420c_GDEY042Z98",
    },
    {
        **_QUICK, **_SIZE_75, "name": "epd-7.5-bw",
        "full_refresh_ms": 1_200, "partial_refresh_ms": 450,
        "source": "Good Display GDEY075T7 (UC8179); GxEPD2_750_GDEY075T7",
    },
    {
        **_TWO_PLANES, **_SIZE_75, "name": "epd-7.5-bwr", "full_refresh_ms": 18_000,
        "source": "Good Display GDEW075Z08 (GD7965, a UC8179); GxEPD2_750c_GDEW075Z08",
    },
    {
        **_SLOW, **_ACEP, **_SIZE_73, "name": "epd-7.3-acep", "full_refresh_ms": 40_000,
        "works_c": (15, 35),
        "source": "Good Display GDEY073D46; GxEPD2_730c_GDEY073D46",
    },
    {
        **_SLOW, **_SPECTRA_6, **_SIZE_73, "name": "epd-7.3-e6", "full_refresh_ms": 15_000,
        "works_c": (0, 50),
        "source": "Good Display GDEP073E01; GxEPD2_730c_GDEP073E01",
    },
    {
        **_SCREEN, "name": "lcd-st7789", "width": 320, "height": 240, "pitch_nm": 127_500,
        "full_refresh_ms": 50, "partial_refresh_ms": 50, "works_c": (-20, 60),
        "source": "Sitronix ST7789V data sheet; Waveshare 2inch LCD module, 40.8 x 30.6 mm",
    },
    {
        **_SCREEN, "name": "lcd-ili9341", "width": 320, "height": 240, "pitch_nm": 180_000,
        "full_refresh_ms": 50, "partial_refresh_ms": 50, "works_c": (-20, 70),
        "source": "ILITEK ILI9341 data sheet; 2.8 inch modules, 57.6 x 43.2 mm",
    },
    {
        **_SCREEN, "name": "lcd-strip-1920x158", "width": 1920, "height": 158,
        "pitch_nm": 305_000, "packing": "xrgb8888", "align_x": 8, "divisible": True,
        "full_refresh_ms": 17, "partial_refresh_ms": 17, "works_c": (0, 50),
        "source": "23.1 inch shelf strips such as S231AJ1-LE1, pitch from size and diagonal; 60 Hz",
    },
    _paper("paper-70x37", 70, 37),
    _paper("paper-4x2in", 101.6, 50.8),
)  # fmt: skip
"""In the order in which lists and contact sheets show them; paper tags stand at the end."""
