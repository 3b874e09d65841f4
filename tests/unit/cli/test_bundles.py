"""`edge-shelf bundles` without a server: unpack, pack, check and show."""

import json
from pathlib import Path

from label_templates.bundles import installed_bundle
from label_templates.bundles.packing import read_folder
from tests.bundles import OTHER, packed
from tests.unit.cli.conftest import Run


def test_the_installed_templates_are_unpacked_checked_and_packed(run: Run, tmp_path: Path) -> None:
    folder, file = tmp_path / "ours", tmp_path / "ours.bundle.zip"
    assert run("bundles", "unpack", str(folder)).code == 0
    assert read_folder(folder).digest == installed_bundle().digest
    assert run("bundles", "pack", str(folder)).out.endswith(f"{installed_bundle().digest}\n")
    assert run("bundles", "check", str(file), "--panel", "epd-2.9-bwr").code == 0
    again = run("bundles", "unpack", str(folder))
    assert (again.code, again.out) == (2, "")
    assert "is there already; nothing was written" in again.err


def test_a_packed_bundle_is_shown_and_unpacked_again(run: Run, tmp_path: Path) -> None:
    file = packed(tmp_path)
    shown = run("bundles", "show", str(file))
    assert OTHER.digest in shown.out
    assert OTHER.manifest.files["images/4711.png"].sha256 in shown.out
    assert json.loads(run("bundles", "show", str(file), "--json").out)["digest"] == OTHER.digest
    ran = run("bundles", "unpack", str(tmp_path / "again"), "--bundle", str(file))
    assert ran.code == 0
    assert read_folder(tmp_path / "again").digest == OTHER.digest


def test_a_template_with_no_room_on_a_panel_is_a_fault_only_where_that_panel_is_named(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "wide"
    run("bundles", "unpack", str(folder))
    tile = folder / "price" / "standard.xml.j2"
    tile.write_text('<tile><space width="700"/><price size="20">{{ price | money }}</price></tile>')
    assert run("bundles", "check", str(folder), "--panel", "epd-7.3-e6").code == 0
    ran = run("bundles", "check", str(folder), "--panel", "epd-2.9-bw", "--json")
    assert ran.code == 1
    assert "epd-2.9-bw: template price/standard" in json.loads(ran.out)["faults"][0]


def test_what_is_no_bundle_is_named_with_the_reason(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    ran = run("bundles", "pack", str(folder))
    assert (ran.code, ran.out) == (2, "")
    assert "there is no template in it" in ran.err
    (tmp_path / "note.txt").write_text("hello")
    for command in ("check", "show"):
        ran = run("bundles", command, str(tmp_path / "note.txt"))
        assert ran.code == 2
        assert "not a packed bundle" in ran.err
    assert not list(tmp_path.glob("*.zip"))


def test_a_flipped_byte_is_found_by_check(run: Run, tmp_path: Path) -> None:
    file = packed(tmp_path)
    data = bytearray(file.read_bytes())
    data[data.index(b"IHDR") + 20] ^= 1
    file.write_bytes(data)
    ran = run("bundles", "check", str(file))
    assert ran.code in {1, 2}
    assert OTHER.manifest.files["images/4711.png"].sha256[:12] in ran.err
