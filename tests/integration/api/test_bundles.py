"""`edge-shelf bundles` against the real API on a real socket, and what docs/bundles.md says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.packing import write_folder
from tests.book import add_store, take
from tests.bundles import OTHER, PLAIN, packed
from tests.integration.api.conftest import CommandLine, Running

pytestmark = pytest.mark.integration

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "bundles.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")


def test_the_guides_commands_work_in_order(running: Running, tmp_path: Path) -> None:
    env = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "EDGE_SHELF_URL": running.url,
        "EDGE_SHELF_TOKEN": running.token,
    }
    said = []
    for block in BLOCK.findall(GUIDE.read_text("utf-8")):
        ran = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-ec", block],
            cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
        said.append(ran.stdout)
    assert installed_bundle().digest in said[2]
    assert "was here already" in said[3], "nothing was edited: it is the installed bundle"


def test_every_file_the_guide_links_to_is_there() -> None:
    links = LINK.findall(GUIDE.read_text("utf-8"))
    assert links
    assert [link for link in links if not (GUIDE.parent / link).exists()] == []


def test_a_bundle_is_packed_added_and_used_by_all_stores_or_one(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    add_store(running.services, "0205")
    folder = tmp_path / "autumn"
    write_folder(OTHER, folder)
    ran = edge_shelf("bundles", "pack", str(folder), "--json")
    file = Path(json.loads(ran.out)["file"])
    assert file == tmp_path / "autumn.bundle.zip"
    assert json.loads(ran.out)["digest"] == OTHER.digest
    assert f"{OTHER.digest} is added" in edge_shelf("bundles", "add", str(file)).out
    shown = json.loads(edge_shelf("bundles", "show", OTHER.digest[7:15], "--json").out)
    assert shown["digest"] == OTHER.digest
    assert set(shown["templates"]) == set(OTHER.sources)
    ran = edge_shelf("bundles", "use", OTHER.digest)
    assert ran.code == 0
    assert re.search(r"store 0204 uses sha256:\w{12} in change \w+; 48 tiles follow", ran.out)
    assert "store 0205 uses" in ran.out
    ran = edge_shelf("bundles", "use", "installed", "--store", "0205", "--json")
    assert json.loads(ran.out)[0]["bundle"] == installed_bundle().digest
    listed = json.loads(edge_shelf("bundles", "list", "--json").out)
    using = {bundle["digest"]: bundle["stores"] for bundle in listed}
    assert using == {OTHER.digest: ["0204"], installed_bundle().digest: ["0205"]}
    assert "0204" in edge_shelf("bundles", "list").out


def test_a_store_whose_tiles_it_cannot_draw_keeps_what_it_had_and_is_named(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    add_store(running.services, "0205")
    narrow = PLAIN.replace('ellipsis="yes"', 'width="40"')
    bundle = Bundle({**OTHER.sources, "price/standard": narrow})
    edge_shelf("bundles", "add", str(packed(tmp_path, bundle)))
    ran = edge_shelf("bundles", "use", bundle.digest)
    assert ran.code == 1
    assert "store 0205 uses" in ran.out
    assert "1 store keeps what it had" in ran.err
    assert "0204: bundle: 48 of 48 tiles of store 0204 could not hang with it" in ran.err
    alone = edge_shelf("bundles", "use", bundle.digest, "--store", "0204")
    assert alone.code == 1
    assert running.services.store(store="0204").bundle == installed_bundle().digest


def test_a_broken_bundle_is_refused_by_the_service_as_on_this_machine(
    edge_shelf: CommandLine, tmp_path: Path
) -> None:
    file = packed(tmp_path, Bundle({"price/standard": "<tile><hologram/></tile>"}))
    checked, added = (
        edge_shelf("bundles", "check", str(file)),
        edge_shelf("bundles", "add", str(file)),
    )
    assert (checked.code, added.code) == (1, 1)
    assert "template price/standard, line 1" in checked.err
    assert "template price/standard, line 1" in added.err
    assert "template price/promotion is missing" in checked.err


def test_a_bundle_that_was_not_added_cannot_be_used(
    edge_shelf: CommandLine, running: Running, tmp_path: Path
) -> None:
    take(running.services, "0204", [{"sku": "1", "name": "Tea", "price": "1.00"}])
    ran = edge_shelf("bundles", "use", str(packed(tmp_path)), "--store", "0204")
    assert ran.code == 1
    assert f"There is no bundle {OTHER.digest}" in ran.err
