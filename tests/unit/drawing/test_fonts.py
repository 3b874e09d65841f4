"""Fonts are the pinned ones, or an error says what to install."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import features

from label_templates.drawing import fonts, stack
from label_templates.drawing.coverage import Coverage, coverage
from label_templates.drawing.fonts import FONTS, FontFile, font_file, font_path
from label_templates.drawing.scripts import Script
from label_templates.drawing.text import FontFaces
from label_templates.layout.direction import Reading
from label_templates.layout.errors import FontError, GlyphError

FILES: set[FontFile] = {
    cut.file for cuts in FONTS.values() for found in cuts.values() for cut in found
}
ROBOTO = FONTS["bold"][Script.COMMON][0].file


def _without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a font package be missing."""
    found = fonts._place

    def place(file: FontFile) -> Path | None:
        return None if file.package.startswith(package) else found(file)

    monkeypatch.setattr(fonts, "_place", place)
    fonts.font_path.cache_clear()
    stack._glyphs.cache_clear()


@pytest.mark.parametrize("file", sorted(FILES, key=str))
def test_every_font_file_is_the_pinned_one(file: FontFile) -> None:
    assert font_path(file).name == Path(file.path).name


def test_a_font_file_that_is_not_the_pinned_one_is_refused() -> None:
    with pytest.raises(FontError, match="is not the pinned one: sha256 36f3709d"):
        font_path(replace(ROBOTO, sha256="0" * 64))


def test_a_missing_font_says_what_to_install() -> None:
    with pytest.raises(FontError, match=r"Roboto-Bold.ttf is missing: pip install font-roboto=="):
        font_path(replace(ROBOTO, package="font_that_nobody_installed"))


@pytest.mark.parametrize(
    ("package", "letter", "message"),
    [
        (
            "fontpkg_noto_sans_thai",
            "ไ",
            r"'ไ' \(U\+0E44\) is Thai: pip install 'edge-shelf\[thai\]'",
        ),
        ("cvttf", "特", r"is Chinese, Japanese or Korean: pip install 'edge-shelf\[cjk\]'"),
        ("fontpkg_heebo", "א", r"is Hebrew: pip install fontpkg-heebo==3.100"),
        ("fontpkg_noto_sans_arabic", "ق", r"is Arabic: pip install fontpkg-noto-sans-arabic=="),
    ],
)
def test_a_letter_whose_font_is_missing_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, package: str, letter: str, message: str
) -> None:
    _without(package, monkeypatch)
    with pytest.raises(FontError, match=message):
        FontFaces().face("bold", 14).length(f"a {letter}")


def test_a_symbol_that_only_a_missing_font_may_have_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _without("cvttf", monkeypatch)
    with pytest.raises(GlyphError, match=r"has no '★' \(U\+2605\); more symbols: .*cjk"):
        FontFaces().face("bold", 14).length("★")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("قهوة", Reading()),
        ("ที่", Reading()),
        ("שָׁ", Reading()),
        ("x\u0304", Reading()),
        ("骨", Reading(han="ja")),
    ],
)
def test_text_that_needs_fribidi_is_refused_without_it(
    monkeypatch: pytest.MonkeyPatch, text: str, reading: Reading
) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    with pytest.raises(FontError, match="install the system package libfribidi0"):
        FontFaces(reading).face("bold", 14).length(text)


def test_text_that_does_not_need_fribidi_is_drawn_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {text: FontFaces().run(text, "bold", 14)[1:] for text in ("Žao", "קפה (חדש)", "骨")}
    monkeypatch.setattr(features, "check", lambda name: name != "fribidi")
    for text, place in before.items():
        assert FontFaces().run(text, "bold", 14)[1:] == place


def test_a_font_of_a_script_is_opened_only_for_its_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[FontFile] = []

    def path(file: FontFile) -> Path:
        opened.append(file)
        return font_path(file)

    stack._glyphs.cache_clear()
    monkeypatch.setattr("label_templates.drawing.glyphs.font_path", path)
    face = FontFaces().face("bold", 14)
    face.line("Čaj 1,99 €")
    assert opened == [ROBOTO]
    face.line("Čaj קפה")
    assert [file.package for file in opened] == ["font_roboto", "fontpkg_heebo"]


def test_a_font_has_the_letters_that_its_table_says() -> None:
    roboto = coverage(font_file("regular"))
    assert all(letter in roboto for letter in "AŽẾЖΩ€₪")
    assert not any(letter in roboto for letter in "אق中\u0378\uffff𠮷")
    cjk = coverage(font_path(FONTS["regular"][Script.CJK][0].file))
    assert all(letter in cjk for letter in "中かカ한𠮷①")
    assert "א" not in cjk


def test_a_character_table_of_an_unknown_format_is_refused() -> None:
    with pytest.raises(FontError, match="of format 6, not 4 or 12"):
        Coverage(b"\0\6" + bytes(20))


def test_a_font_file_that_changes_is_noticed_by_its_hash(tmp_path: Path) -> None:
    copy = tmp_path / "copied" / ROBOTO.path
    copy.parent.mkdir(parents=True)
    shutil.copy(font_path(ROBOTO), copy)
    with copy.open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"\0\1\2\3")
    changed = replace(ROBOTO, package="copied")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        with pytest.raises(FontError, match="is not the pinned one"):
            font_path(changed)
