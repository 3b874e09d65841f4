"""Bundles come in by those who may write, go out to anybody who names a hash, and are used."""

import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cloud_service.services import Services
from cloud_service.shelves.composition import TEMPLATES
from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.manifest import sha256_of
from label_templates.bundles.specimens import FACTS, photo
from tests.bundles import OTHER, PLAIN, packed
from tests.unit.api.conftest import Caller

BUNDLE = "/stores/0204/bundle"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def added(writer: Caller, tmp_path: Path) -> Any:
    return add(writer, tmp_path).json()


def add(caller: Caller, folder: Path, bundle: Bundle = OTHER) -> Any:
    return caller("POST", "/bundles", content=packed(folder, bundle).read_bytes())


def kinds(services: Services) -> list[str]:
    return [event.kind for event in services.events_after(after=0)]


def test_a_bundle_is_taken_in_once(writer: Caller, tmp_path: Path, uploads: Path) -> None:
    first, again = add(writer, tmp_path), add(writer, tmp_path)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["new"], again.json()["new"]) == (True, False)
    assert first.json()["digest"] == OTHER.digest
    assert first.json()["templates"] == sorted(TEMPLATES)
    assert (first.json()["files"], first.json()["added_by"]) == (2, "writeer")
    assert list(uploads.iterdir()) == []


def test_bundles_are_listed_with_the_stores_that_use_them(reader: Caller, added: Any) -> None:
    listed = {item["digest"]: item for item in reader("GET", "/bundles").json()["data"]}
    assert listed[OTHER.digest]["stores"] == []
    ours = listed[installed_bundle().digest]
    assert (ours["stores"], ours["installed"], ours["added_by"]) == (["0204"], True, "edge-shelf")
    assert reader("GET", "/stores/0204").json()["bundle"] == installed_bundle().digest


def test_bringing_in_and_using_need_a_token_that_may_write(
    anybody: Caller, reader: Caller, tmp_path: Path
) -> None:
    assert [add(caller, tmp_path).status_code for caller in (anybody, reader)] == [401, 403]
    wish = {"bundle": OTHER.digest}
    assert [c("PUT", BUNDLE, json=wish).status_code for c in (anybody, reader)] == [401, 403]
    assert anybody("GET", "/bundles").status_code == 401


def test_whoever_names_a_hash_gets_what_it_names_for_ever(anybody: Caller, added: Any) -> None:
    manifest = anybody("GET", f"/bundles/{OTHER.digest}")
    assert manifest.content == OTHER.manifest.canonical
    assert f"sha256:{hashlib.sha256(manifest.content).hexdigest()}" == OTHER.digest
    assert manifest.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for data, kind in ((photo(), "image/png"), (FACTS, "application/json"),
                       (PLAIN.encode(), "text/plain; charset=utf-8")):  # fmt: skip
        blob = anybody("GET", f"/blobs/{sha256_of(data)}")
        assert (blob.content, blob.headers["Content-Type"]) == (data, kind)
        assert "immutable" in blob.headers["Cache-Control"]


def test_the_installed_bundle_is_served_like_any_other(anybody: Caller) -> None:
    ours = installed_bundle().manifest
    assert anybody("GET", f"/bundles/{ours.digest}").content == ours.canonical
    part = ours.templates["price/standard"]
    blob = anybody("GET", f"/blobs/{part.sha256}").content
    assert blob.decode() == installed_bundle().template("price/standard")


@pytest.mark.parametrize(
    "path",
    [
        "/blobs/" + "0" * 64,
        "/blobs/" + "0" * 63,
        "/blobs/..%2f..%2fetc%2fpasswd",
        "/blobs/%2e%2e/%2e%2e/stores",
        "/bundles/sha256:" + "0" * 64,
        "/bundles/sha256:..%2f" + "0" * 58,
        "/bundles/installed",
    ],
)
def test_nothing_but_a_known_hash_is_answered(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1{path}")
    assert answer.status_code in {401, 404, 422}
    assert "immutable" not in answer.headers.get("Cache-Control", "")


BROKEN = Bundle({"price/standard": "<tile><hologram/></tile>", "price/promotion": PLAIN})


def test_a_bundle_with_a_broken_template_is_refused_by_line(writer: Caller, tmp_path: Path) -> None:
    answer = add(writer, tmp_path, BROKEN)
    assert answer.status_code == 422
    assert "template price/standard, line 1" in answer.json()["detail"]
    assert len(writer("GET", "/bundles").json()["data"]) == 1


@pytest.mark.parametrize("body", [b"PK\3\4 no zip", b"", b"\0" * 100])
def test_what_is_no_packed_bundle_is_refused(writer: Caller, body: bytes, uploads: Path) -> None:
    assert writer("POST", "/bundles", content=body).status_code == 422
    assert list(uploads.iterdir()) == []


def test_a_file_with_a_flipped_byte_is_refused(writer: Caller, tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path).read_bytes())
    data[data.index(FACTS) + 20] ^= 1
    answer = writer("POST", "/bundles", content=bytes(data))
    assert answer.status_code == 422
    assert sha256_of(FACTS)[:12] in answer.json()["detail"]


def test_a_store_uses_a_bundle_and_all_its_tiles_must_follow(
    writer: Caller, services: Services, added: Any
) -> None:
    done = writer("PUT", BUNDLE, json={"bundle": OTHER.digest, "note": "autumn"}).json()
    assert (done["bundle"], done["tiles"]) == (OTHER.digest, 4)
    assert writer("GET", "/stores/0204").json()["bundle"] == OTHER.digest
    assert "bundle.added" in kinds(services)
    assert "bundle.changed" in kinds(services)
    change = services.changes()[0]
    assert (change.kind, change.actor, change.note, change.tiles) == (
        "bundle", "writeer", "autumn", 4,
    )  # fmt: skip
    again = writer("PUT", BUNDLE, json={"bundle": OTHER.digest[7:20]}).json()
    assert (again["change_id"], again["tiles"]) == (None, 0)
    back = writer("PUT", BUNDLE, json={"bundle": "installed"}).json()
    assert (back["bundle"], back["tiles"]) == (installed_bundle().digest, 4)


def test_previews_are_drawn_with_the_bundle_that_the_store_uses(writer: Caller, added: Any) -> None:
    preview = "/stores/0204/products/4711/preview?panel=epd-2.9-bwr"
    wanted = "/stores/0204/tiles/b01-s1-p01/wanted-image"
    before = [writer("GET", path).content for path in (preview, wanted)]
    writer("PUT", BUNDLE, json={"bundle": OTHER.digest})
    after = [writer("GET", path).content for path in (preview, wanted)]
    assert before[0] == before[1] != after[0] == after[1]
    writer("PUT", BUNDLE, json={"bundle": "installed"})
    assert [writer("GET", path).content for path in (preview, wanted)] == before


def refused(writer: Caller, folder: Path, bundle: Bundle) -> str:
    """Bring in a bundle that the store cannot use; return why."""
    assert add(writer, folder, bundle).status_code == 201
    answer = writer("PUT", BUNDLE, json={"bundle": bundle.digest})
    assert answer.status_code == 422
    assert writer("GET", "/stores/0204").json()["bundle"] == installed_bundle().digest
    detail: str = answer.json()["detail"]
    return detail


def test_a_bundle_without_a_template_that_tiles_need_is_not_used(
    writer: Caller, tmp_path: Path
) -> None:
    why = refused(writer, tmp_path, Bundle({"price/standard": PLAIN}))
    assert "has no template price/bogo" in why


def test_a_bundle_that_cannot_draw_what_hangs_is_not_used_and_names_the_positions(
    writer: Caller, tmp_path: Path
) -> None:
    narrow = PLAIN.replace('ellipsis="yes"', 'width="60"')
    why = refused(writer, tmp_path, Bundle({**OTHER.sources, "price/standard": narrow}))
    assert why.startswith("bundle: ")
    assert "tiles of store 0204 could not hang with it: b01-s1-p01: template" in why


def test_a_bundle_that_leaves_out_what_the_law_asks_for_is_not_used(
    writer: Caller, tmp_path: Path
) -> None:
    lawless = re.sub(r"{% if unit_price %}.*{% endif %}", "", PLAIN)
    why = refused(writer, tmp_path, Bundle({**OTHER.sources, "price/standard": lawless}))
    assert "3 of 4 tiles of store 0204 could not hang with it" in why
    assert "unit price" in why


@pytest.mark.parametrize(
    ("name", "status"),
    [("sha256:" + "0" * 64, 404), ("abc", 422), ("../x", 422), ("000000", 404)],
)
def test_a_bundle_that_nobody_brought_in_cannot_be_used(
    writer: Caller, name: str, status: int
) -> None:
    assert writer("PUT", BUNDLE, json={"bundle": name}).status_code == status
