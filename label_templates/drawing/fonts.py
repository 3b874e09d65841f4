"""The fonts tiles are set in: where their files are, and the hash each is pinned by.

A frame proves what hangs on a shelf only where every machine has the same letters, so a file that
differs by one byte is refused. Latin, Greek and Cyrillic are Roboto's; what it has not comes from a
font of the letter's script, in the nearest weight.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from PIL import features

from label_templates.drawing.scripts import Script
from label_templates.layout.errors import FontError


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file of an installed package."""

    package: str
    path: str
    sha256: str
    install: str
    """What to install where it is missing: a requirement, or one of our extras."""


class Cut(NamedTuple):
    """A font file in one weight; a variable font has a value for each of its axes."""

    file: FontFile
    axes: tuple[int, ...] = ()
    own_hints: bool = True
    """Whether the hints that its file brings are good for one bit."""


def _roboto(weight: str, digest: str) -> Cut:
    file = FontFile("font_roboto", f"files/Roboto-{weight}.ttf", digest, "font-roboto==0.0.1")
    return Cut(file)


def _noto_cjk(weight: str, digest: str) -> Cut:
    package = f"cvttf_NotoSansCJK_{weight}"
    return Cut(FontFile(package, f"NotoSansCJKtc-{weight}.otf", digest, "edge-shelf[cjk]"))


_REGULAR = _roboto("Regular", "797e35f7f5d6020a5c6ea13b42ecd668bcfb3bbc4baa0e74773527e5b6cb3174")
_MEDIUM = _roboto("Medium", "7984aafeaf437899ce89b251d2875fc5048cb7d290152eac070239cca7ff726c")
_BOLD = _roboto("Bold", "36f3709dea3e3ce3c6aedc058079e55980825f898f1e901d091c73c40de8bab1")
_BLACK = _roboto("Black", "bbd81322180b38dee7c61668970af6159f7fd180eac6bf615f3d1e06f878d3f0")
_CONDENSED = FontFile(
    "fontpkg_roboto_condensed",
    "files/RobotoCondensed[wght].ttf",
    "dace262afcee68a5276f200d8026c57221735c0118ab5fda8c2c0d3dc409a8d0",
    "fontpkg-roboto-condensed==3.8",
)
_HEEBO = FontFile(
    "fontpkg_heebo",
    "files/Heebo[wght].ttf",
    "18f930b583fa8fe6b40b2f8263b7ac6afbac07adc91a12467874e7467d3ace30",
    "fontpkg-heebo==3.100",
)
_ARABIC = FontFile(
    "fontpkg_noto_sans_arabic",
    "files/NotoSansArabic[wdth,wght].ttf",
    "63111b5b2e074dd48cc67692e0a2726d86ee94c1c37fe8598257b7b4e87e869e",
    "fontpkg-noto-sans-arabic==2.12",
)
_THAI = FontFile(
    "fontpkg_noto_sans_thai",
    "files/NotoSansThai[wdth,wght].ttf",
    "5a1c559bb539583c8a1fd99d1c5b9491e5e14478c9cd2bd0970d5c3096cc9ef8",
    "edge-shelf[thai]",
)
_CJK = _noto_cjk("Regular", "f57e46120a3dd025ac993801981849622405d1359b32093b1f046490f7885711")
_CJK_BOLD = _noto_cjk("Bold", "977833121efae44b1c2115282724383b3201bdc104064d7bb2c1c92da928aafc")


def _cuts(own: Cut, roboto: Cut, weight: int, width: int, cjk: Cut) -> dict[Script, list[Cut]]:
    """Return the cuts to look for a letter in, by its script, after the font's own."""
    return {
        Script.COMMON: [own, roboto, cjk],
        Script.HEBREW: [Cut(_HEEBO, (weight,))],
        Script.ARABIC: [Cut(_ARABIC, (weight, width))],
        Script.THAI: [Cut(_THAI, (weight, width))],
        Script.CJK: [cjk],
    }


FONTS: dict[str, dict[Script, list[Cut]]] = {
    "regular": _cuts(_REGULAR, _REGULAR, 400, 100, _CJK),
    "medium": _cuts(_MEDIUM, _MEDIUM, 500, 100, _CJK),
    "bold": _cuts(_BOLD, _BOLD, 700, 100, _CJK_BOLD),
    "black": _cuts(_BLACK, _BLACK, 900, 100, _CJK_BOLD),
    "condensed": _cuts(Cut(_CONDENSED, (400,), own_hints=False), _REGULAR, 400, 75, _CJK),
    "condensed-bold": _cuts(Cut(_CONDENSED, (700,)), _BOLD, 700, 75, _CJK_BOLD),
}
"""The fonts that templates name; the first cut for common letters is the font's own."""


def font_cuts(font: str) -> dict[Script, list[Cut]]:
    """Return the cuts of a font; FontError names those there are."""
    if font not in FONTS:
        raise FontError(f"no font {font!r}; there are {', '.join(FONTS)}")
    return FONTS[font]


def font_file(font: str) -> Path:
    """Return the file of a font's own cut; FontError says what to install."""
    return font_path(font_cuts(font)[Script.COMMON][0].file)


def installed(file: FontFile) -> bool:
    """Tell whether a font's package is there, without running any of its code."""
    return _place(file) is not None


@cache
def font_path(file: FontFile) -> Path:
    """Return where a pinned font is; FontError where it is missing or another one."""
    path = _place(file)
    if path is None:
        raise FontError(f"font {Path(file.path).name} is missing: {installing(file)}")
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != file.sha256:
        raise FontError(
            f"font {path} is not the pinned one: sha256 {found}, expected {file.sha256}"
        )
    return path


def installing(file: FontFile) -> str:
    """Return the command that brings a font."""
    wanted = f"'{file.install}'" if "[" in file.install else file.install
    return f"pip install {wanted}"


def named(letter: str) -> str:
    """Return a letter as errors name it."""
    return f"{letter!r} (U+{ord(letter):04X})"


def need_shaping(letter: str) -> None:
    """Raise FontError where the shaper is missing that a letter needs to get its form."""
    if not features.check("fribidi"):
        raise FontError(
            f"{named(letter)} takes its form from what stands around it, which needs FriBiDi:"
            " install the system package libfribidi0"
        )


def _place(file: FontFile) -> Path | None:
    spec = find_spec(file.package)
    for folder in spec.submodule_search_locations or () if spec else ():
        path = Path(folder) / file.path
        if path.is_file():
            return path
    return None
