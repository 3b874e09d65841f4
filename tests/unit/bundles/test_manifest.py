"""Manifests and bundles in memory: named by what they contain, and nothing else is read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.bundles import Bundle, StoredBundle, installed_bundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import (
    MAX_FILE_BYTES,
    Manifest,
    checked_blob,
    checked_manifest,
    digest_of,
    sha256_of,
)
from label_templates.contract.panel import CATALOGUE
from label_templates.contract.tile import TileContent
from label_templates.layout.errors import AssetError, UnknownTemplateError
from label_templates.render import Renderer
from tests.unit.agent.cloud import STORE

FACTS = json.dumps({"origin": "Brazil", "allergens": ["Milk"]}).encode()
SOURCES = {"price/standard": "<tile/>", "base/name": "{{ name }}"}
BUNDLE = Bundle(SOURCES, {"facts/4711.json": FACTS})


def content(**more: Any) -> TileContent:
    return TileContent.model_validate({"sku": "1", "name": "Kava", "price": 199, **more})


def test_a_manifest_is_read_back_from_its_own_bytes() -> None:
    manifest = BUNDLE.manifest
    assert Manifest.read(manifest.canonical) == manifest
    assert digest_of(manifest.canonical) == BUNDLE.digest
    assert manifest.size == len(FACTS) + len("<tile/>") + len("{{ name }}")


def test_changing_one_file_changes_the_digest_and_moves_that_blob_alone() -> None:
    other = Bundle(SOURCES, {"facts/4711.json": FACTS + b" "})
    assert other.digest != BUNDLE.digest
    assert len(other.manifest.parts.keys() - BUNDLE.manifest.parts.keys()) == 1


def test_the_installed_templates_are_a_bundle() -> None:
    manifest = installed_bundle().manifest
    assert Manifest.read(manifest.canonical).digest == installed_bundle().digest
    assert "price/standard" in manifest.templates


@given(st.integers(0, len(BUNDLE.manifest.canonical) - 1), st.integers(1, 255))
def test_a_manifest_with_any_byte_changed_is_refused(place: int, change: int) -> None:
    broken = bytearray(BUNDLE.manifest.canonical)
    broken[place] ^= change
    with pytest.raises(BundleError, match="its bytes are those of"):
        checked_manifest(BUNDLE.digest, bytes(broken))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_no_manifest(data: bytes) -> None:
    with pytest.raises(BundleError, match="manifest"):
        Manifest.read(data)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"templates": {}}, "templates"),
        ({"templates": {"../etc/passwd": {"sha256": "0" * 64, "size": 1}}}, "templates"),
        ({"files": {"a/../b.png": {"sha256": "0" * 64, "size": 1, "type": "image/png"}}}, "files"),
        ({"files": {"a.svg": {"sha256": "0" * 64, "size": 1, "type": "image/svg+xml"}}}, "type"),
        ({"files": {"a.png": {"sha256": "0" * 63, "size": 1, "type": "image/png"}}}, "sha256"),
        (
            {"files": {"a.png": {"sha256": "0" * 64, "size": MAX_FILE_BYTES + 1,
                                 "type": "image/png"}}},
            "size",
        ),
        ({"schema": 2}, "schema"),
        ({"more": 1}, "more"),
    ],
)  # fmt: skip
def test_a_manifest_that_says_what_it_may_not_is_refused_by_place(
    change: dict[str, Any], reason: str
) -> None:
    document = {**json.loads(BUNDLE.manifest.canonical), **change}
    with pytest.raises(BundleError, match=reason):
        Manifest.read(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())


def test_the_same_words_written_otherwise_are_no_manifest() -> None:
    with pytest.raises(BundleError, match="canonical"):
        Manifest.read(json.dumps(json.loads(BUNDLE.manifest.canonical), indent=1).encode())


@given(st.binary(max_size=50))
def test_a_blob_is_taken_only_with_the_bytes_it_is_named_after(data: bytes) -> None:
    part = BUNDLE.manifest.files["facts/4711.json"]
    assert checked_blob(part, FACTS) == FACTS
    with pytest.raises(BundleError, match=part.sha256[:12]):
        checked_blob(part, data)


def test_files_that_a_shelf_cannot_use_are_refused_by_name() -> None:
    with pytest.raises(BundleError, match=r"images/logo\.svg: neither a PNG"):
        _ = Bundle(SOURCES, {"images/logo.svg": b"<svg/>"}).manifest
    with pytest.raises(BundleError, match="Straße"):
        _ = Bundle(SOURCES, {"facts/Straße.json": b"{}"}).manifest


@pytest.mark.parametrize(
    "bundle", [BUNDLE, StoredBundle(BUNDLE.manifest, BUNDLE.blob)], ids=["memory", "stored"]
)
def test_templates_go_by_name_and_files_by_hash(bundle: Bundle | StoredBundle) -> None:
    assert bundle.digest == BUNDLE.digest
    assert bundle.names() == ("price/standard",)
    assert bundle.template("price/standard") == "<tile/>"
    assert bundle.asset(sha256_of(FACTS)) == FACTS
    with pytest.raises(UnknownTemplateError, match=r"'price/free'.*price/standard"):
        bundle.template("price/free")
    with pytest.raises(AssetError, match="the bundle has no file 000000000000"):
        bundle.asset("0" * 64)
    with pytest.raises(AssetError):
        bundle.asset(BUNDLE.manifest.templates["price/standard"].sha256)


def drawn_names(source: str, **more: Any) -> list[str]:
    bundle = Bundle({"facts/panel": source}, BUNDLE.files)
    panel = CATALOGUE["epd-2.9-bw"]
    return [
        box.node for box in Renderer(bundle).boxes("facts/panel", content(**more), panel, STORE)
    ]


PANEL = """<tile>{% if facts %}<text name="origin" size="12">{{ facts.origin }}</text>
{% for one in facts.allergens %}<text name="allergen" size="12">{{ one }}</text>{% endfor %}
{% endif %}</tile>"""


def test_a_template_prints_the_facts_that_a_tile_names_by_hash() -> None:
    assert {'text "origin"', 'text "allergen"'} <= set(drawn_names(PANEL, facts=sha256_of(FACTS)))
    assert 'text "origin"' not in drawn_names(PANEL)


def test_facts_that_the_bundle_lacks_fail_the_tile_by_name() -> None:
    with pytest.raises(AssetError, match="template facts/panel: the bundle has no file 0000"):
        drawn_names(PANEL, facts="0" * 64)


def test_a_file_that_is_no_product_facts_fails_the_tile_by_name() -> None:
    wrong = Bundle({"facts/panel": PANEL}, {"facts/1.json": b'{"taste": "good"}'})
    with pytest.raises(
        AssetError, match=r"template facts/panel: file \w{12}: product facts: taste"
    ):
        Renderer(wrong).render(
            "facts/panel", content(facts=sha256_of(b'{"taste": "good"}')),
            CATALOGUE["epd-2.9-bw"], STORE,
        )  # fmt: skip
