"""`edge-shelf tiles render` draws without a server and says what is wrong."""

import json
from pathlib import Path

import pytest

from cloud_service.cli import main
from label_templates.contract.panel import CATALOGUE
from label_templates.drawing.frame import Frame
from label_templates.layout.schema import relax_ng

TILE = ["--sku", "90312379", "--name", "Čaj od kamilice", "--price", "1.99"]


def code(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(["tiles", "render", *arguments])
    return ended.value.code or 0


def test_a_tile_is_written_as_its_panel_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "tile.png"
    assert code(*TILE, "--panel", "epd-2.13-bw", "--output", str(file)) == 0
    panel = CATALOGUE["epd-2.13-bw"]
    frame = Frame.read_png(file.read_bytes(), panel.inks)
    assert (frame.width, frame.height) == (250, 122)


def test_a_file_says_what_options_cannot(tmp_path: Path) -> None:
    content = {"sku": "1", "name": "Tea", "price": 500, "promotion": "percent",
               "prior_price": 700, "percent_off": 28}  # fmt: skip
    source, file = tmp_path / "tile.json", tmp_path / "tile.png"
    source.write_text(json.dumps(content))
    words = ["--currency", "USD", "--locale", "en-US", "--template", "price/promotion"]
    assert code("--content", str(source), *words, "--output", str(file)) == 0
    red = CATALOGUE["epd-2.9-bwr"].inks.index("red")
    assert red in Frame.read_png(file.read_bytes(), CATALOGUE["epd-2.9-bwr"].inks).indices


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([*TILE, "--template", "price/free"], "unknown template 'price/free'"),
        ([*TILE, "--panel", "epd-99"], "unknown panel 'epd-99'"),
        ([*TILE, "--gtin", "4006381333932"], "gtin: Value error, GTIN 4006381333932 ends with 2"),
        ([*TILE, "--price", "-1"], "'-1' is negative"),
        ([*TILE, "--currency", "EURO"], "expected three capital letters"),
        ([*TILE, "--content", "missing.json"], "missing.json: No such file"),
        (["--name", "Tea"], "sku: Field required"),
    ],
)
def test_a_tile_that_cannot_be_drawn_leaves_the_file_alone(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tile.png"
    file.write_bytes(b"before")
    assert code(*arguments, "--output", str(file)) == 2
    assert reason in capsys.readouterr().err
    assert file.read_bytes() == b"before"


def test_the_schema_is_printed_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["tiles", "schema"])
    assert (ended.value.code or 0) == 0
    assert capsys.readouterr().out == relax_ng()


def test_a_folder_of_templates_is_drawn_while_it_is_edited(tmp_path: Path) -> None:
    template, file = tmp_path / "price" / "standard.xml.j2", tmp_path / "tile.png"
    template.parent.mkdir()
    template.write_text('<tile><price size="20-70" grow="1">{{ price | money }}</price></tile>')
    assert code(*TILE, "--bundle", str(tmp_path), "--output", str(file)) == 0
    plain = file.read_bytes()
    file.unlink()
    assert code(*TILE, "--output", str(file)) == 0
    assert file.read_bytes() != plain
