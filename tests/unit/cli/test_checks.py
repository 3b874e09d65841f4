"""`edge-shelf tiles check` without a server: one tile, or the samples of all templates."""

import json
from collections import Counter
from pathlib import Path

import pytest

from cloud_service.api.checks import FindingResource
from label_templates.checks.finding import Finding
from label_templates.samples import SAMPLES
from tests.unit.cli.conftest import Run

TILE = {"sku": "1", "name": "Kava", "price": 199, "reference_price": 189,
        "reference_date": "2025-05-02"}  # fmt: skip


@pytest.fixture
def tile(tmp_path: Path) -> Path:
    file = tmp_path / "tile.json"
    file.write_text(json.dumps(TILE))
    return file


def test_a_tile_without_a_finding_is_said_to_be_checked(run: Run, tile: Path) -> None:
    ran = run("tiles", "check", "--content", str(tile))
    assert (ran.code, ran.out, ran.err) == (0, "1 tile checked: 0 errors, 0 warnings\n", "")


def test_a_warning_is_shown_and_is_no_failure(run: Run, tile: Path) -> None:
    tile.write_text(json.dumps({"sku": "1", "name": "Kava", "price": 199}))
    ran = run("tiles", "check", "--content", str(tile))
    assert ran.code == 0
    assert "no reference price is known, so the tile shows none (NN 75/2025 VI)" in ran.out
    assert "1 tile checked: 0 errors, 1 warning" in ran.out


def test_a_tile_that_must_not_hang_fails_with_its_node_and_reason(run: Run, tile: Path) -> None:
    tile.write_text(json.dumps({**TILE, "name": "Tea \U00013000"}))
    ran = run("tiles", "check", "--content", str(tile), "--panel", "epd-2.13-bw")
    assert ran.code == 1
    assert 'text "name"' in ran.out
    assert "font bold has no '\U00013000'" in ran.out
    assert ran.err == "edge-shelf: 1 of 1 tile must not hang\n"


def test_json_tells_all_and_fails_alike(run: Run, tile: Path) -> None:
    tile.write_text(json.dumps({**TILE, "name": "Tea \U00013000"}))
    ran = run("tiles", "check", "--content", str(tile), "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["checked"], told["errors"], told["warnings"]) == (1, 1, 1, 0)
    (found,) = told["tiles"][0]["findings"]
    assert (found["level"], found["code"], found["node"]) == (
        "error", "missing-glyph", 'text "name"'
    )  # fmt: skip
    assert (told["tiles"][0]["panel"], told["tiles"][0]["jurisdiction"]) == ("epd-2.9-bwr", "HR")


def test_the_law_is_the_locales_unless_another_is_named(run: Run, tile: Path) -> None:
    tile.write_text(json.dumps({"sku": "1", "name": "Kava", "price": 199}))
    arguments = ("tiles", "check", "--content", str(tile))
    assert "NN 75/2025" in run(*arguments).out
    assert "NN 75/2025" not in run(*arguments, "--on", "2025-05-14").out
    assert "NN 75/2025" not in run(*arguments, "--jurisdiction", "DE").out
    assert "NN 75/2025" not in run(*arguments, "--locale", "de-DE").out
    american = run(*arguments, "--jurisdiction", "US-MA", "--panel", "epd-2.13-bw")
    assert american.code == 1
    assert "25.4 mm are asked for (202 CMR 7.06(3))" in american.out


@pytest.mark.parametrize(
    "option", [("--locale", "xx-YY"), ("--tz", "Mars/Base"), ("--currency", "euro")]
)
def test_how_a_store_prints_is_said_for_one_tile_only_and_must_be_known(
    run: Run, tile: Path, option: tuple[str, str]
) -> None:
    everything = run("tiles", "check", "--all", *option)
    assert everything.code == 2
    assert "--currency, --locale and --tz are for --content" in everything.err
    one = run("tiles", "check", "--content", str(tile), *option)
    assert one.code in {1, 2}
    assert option[0].strip("-") in one.err or option[1] in one.out


def test_templates_of_ones_own_are_checked(run: Run, tile: Path) -> None:
    folder = tile.parent / "mine"
    template = folder / "price" / "mine.xml.j2"
    template.parent.mkdir(parents=True)
    template.write_text('<tile><text name="price" size="9">{{ (price + 1) | money }}</text></tile>')
    own = ("--bundle", str(folder), "--template", "price/mine", "--panel", "epd-2.9-bw")
    one = run("tiles", "check", "--content", str(tile), *own)
    assert one.code == 1
    assert "shows the digits 200; the price is 1,99" in one.out
    lent = run("tiles", "check", "--all", *own)
    assert lent.code == 1
    assert "2 of 2 tiles must not hang" in lent.err


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "say what to check: --content FILE, --all, or --store ID"),
        (("--all", "--store", "0204"), "say what to check"),
        (("--all", "--bay", "1"), "--bay is a bay of a --store"),
        (("--store", "0204", "--bundle", "."), "is checked with the bundle that it uses"),
        (("--all", "--jurisdiction", "XX"), "no rules of 'XX' are known; there are those of US"),
        (("--all", "--panel", "epd-99"), "unknown panel 'epd-99'"),
        (("--all", "--template", "price/free"), "no sample of such a template"),
        (("--content", "missing.json"), "missing.json: No such file"),
        (("--all", "--on", "yesterday"), "yesterday"),
    ],
)
def test_what_cannot_be_checked_is_wrong_usage(
    run: Run, arguments: tuple[str, ...], reason: str
) -> None:
    ran = run("tiles", "check", *arguments)
    assert ran.code == 2
    assert reason in " ".join(ran.err.split())


@pytest.mark.slow
def test_no_sample_of_any_template_must_not_hang_on_a_panel_that_it_is_made_for(run: Run) -> None:
    ran = run("tiles", "check", "--all", "--json")
    told = json.loads(ran.out)
    errors = Counter(
        (tile["template"], tile["panel"], tile["sample"], found["detail"])
        for tile in told["tiles"]
        for found in tile["findings"]
        if found["level"] == "error"
    )
    assert errors == {}
    assert ran.code == 0
    assert told["checked"] >= len(SAMPLES)


def test_samples_of_one_template_on_one_panel_are_checked(run: Run) -> None:
    ran = run("tiles", "check", "--all", "--template", "price/standard", "--panel", "epd-2.9-bw")
    samples = sum(sample.template == "price/standard" for sample in SAMPLES)
    assert f"{samples} tiles checked: 0 errors" in ran.out


def test_the_guides_commands_check_what_it_says(
    run: Run, tile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tile.parent)
    commands = guide_commands("Check it")
    assert len(commands) == 2
    for arguments in commands:
        ran = run(*arguments)
        assert (ran.code, "0 errors" in ran.out) == (0, True), ran


def test_the_guides_contact_sheet_is_drawn(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (arguments,) = guide_commands("Look at it")
    assert run(*arguments).code == 0
    assert (tmp_path / "sheet.png").stat().st_size > 1000


def guide_commands(section: str) -> list[list[str]]:
    """Return the arguments of the commands with which a section of the guide begins."""
    guide = (Path(__file__).parents[3] / "docs" / "tile-templates.md").read_text("utf-8")
    block = guide.partition(f"## {section}\n```sh\n")[2].partition("```")[0]
    lines = [line.split() for line in block.splitlines()]
    assert {line[0] for line in lines} == {"edge-shelf"}
    return [line[1:] for line in lines]


def test_findings_for_scripts_have_the_keys_that_the_api_has() -> None:
    assert Finding("error", "x", "y").words().keys() == FindingResource.model_fields.keys()
