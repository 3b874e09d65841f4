"""`edge-shelf tiles sheet` draws a contact sheet without a server, or lists what would be on it."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Run

ONE = ("--template", "price/standard", "--panel", "epd-2.9-bw")


def test_a_sheet_is_written_the_same_each_time(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "one.png", tmp_path / "two.png"
    assert run("tiles", "sheet", *ONE, "-o", str(first)).out == f"{first}: 1 tile\n"
    assert run("tiles", "sheet", *ONE, "-o", str(second)).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().startswith(b"\x89PNG")


def test_a_list_tells_what_is_on_it(run: Run) -> None:
    ran = run("tiles", "sheet", *ONE, "--json")
    (one,) = json.loads(ran.out)
    assert (one["template"], one["panel"], one["width"], one["height"], one["why"]) == (
        "price/standard", "epd-2.9-bw", 296, 128, None
    )  # fmt: skip
    assert len(one["frame"]) == 32


def test_every_sample_or_those_of_a_locale_are_chosen(run: Run) -> None:
    every = json.loads(run("tiles", "sheet", *ONE, "--every", "--json").out)
    german = json.loads(run("tiles", "sheet", *ONE, "--locale", "de-DE", "--json").out)
    assert len(every) > 1
    assert {one["locale"] for one in german} == {"de-DE"}


def test_templates_of_ones_own_are_drawn_with_samples(run: Run, tmp_path: Path) -> None:
    for name in ("price/standard", "price/mine"):
        file = tmp_path / f"{name}.xml.j2"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('<tile><price name="price">{{ price | money }}</price></tile>')
    ran = run("tiles", "sheet", "--bundle", str(tmp_path), "--panel", "epd-2.9-bw", "--json")
    assert [one["template"] for one in json.loads(ran.out)] == ["price/mine", "price/standard"]
    assert run("tiles", "sheet", "--bundle", str(tmp_path), "--template", "price/new").code == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "say where the sheet goes: --output FILE"),
        (("--json", "--template", "price/free"), "no sample of such a template and locale"),
        (("--json", "--panel", "epd-99"), "unknown panel 'epd-99'"),
        ((*ONE, "-o", "/nowhere/sheet.png"), "/nowhere/sheet.png: No such file"),
    ],
)
def test_what_cannot_be_drawn_is_wrong_usage(
    run: Run, arguments: tuple[str, ...], reason: str
) -> None:
    ran = run("tiles", "sheet", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err
