"""Packed bundles: the same bytes every time, and nothing that was tampered with is read."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import MAX_FILE_BYTES, sha256_of
from label_templates.bundles.packing import (
    check_blobs,
    open_archive,
    open_bundle,
    read_folder,
    write_archive,
    write_folder,
)
from label_templates.bundles.specimens import FACTS, photo

BUNDLE = Bundle(
    {"price/standard": "<tile/>", "base/name": "{{ name }}"},
    {"images/4711.png": photo(), "facts/4711.json": FACTS},
)


def packed(bundle: Bundle = BUNDLE) -> bytes:
    out = io.BytesIO()
    write_archive(bundle, out)
    return out.getvalue()


PACKED = packed()


def parts_of(data: bytes) -> tuple[str, dict[str, bytes]]:
    with open_archive(io.BytesIO(data)) as bundle:
        return bundle.digest, {part: bundle.blob(part) for part in bundle.manifest.parts}


def repacked(**entries: bytes | None) -> bytes:
    """Write the packed bundle anew, with other entries or without some."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PACKED)) as old, zipfile.ZipFile(out, "w") as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, data in {**kept, **entries}.items():
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


def test_a_folder_packs_to_the_same_bytes_whenever_and_wherever(tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert write_folder(BUNDLE, tmp_path / name) == 4
    (tmp_path / "two" / ".git").mkdir()
    (tmp_path / "two" / ".git" / "config").write_text("hidden")
    (tmp_path / "two" / "price" / "standard.xml.j2").touch()
    one, two = (packed(read_folder(tmp_path / name)) for name in ("one", "two"))
    assert one == two == PACKED


def test_what_was_packed_is_read_back() -> None:
    digest, parts = parts_of(PACKED)
    assert digest == BUNDLE.digest
    assert parts[sha256_of(photo())] == photo()


@given(st.integers(0, len(PACKED) - 1), st.integers(1, 255))
def test_a_packed_bundle_with_any_byte_changed_is_the_same_bundle_or_refused(
    place: int, change: int
) -> None:
    broken = bytearray(PACKED)
    broken[place] ^= change
    try:
        found = parts_of(bytes(broken))
    except BundleError:
        return
    assert found[1] == {part: BUNDLE.blob(part) for part in BUNDLE.manifest.parts}
    assert found[0] == BUNDLE.digest


@given(st.integers(0, len(PACKED) - 1))
def test_a_packed_bundle_that_was_cut_short_is_refused(length: int) -> None:
    with pytest.raises(BundleError):
        parts_of(PACKED[:length])


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_packed_bundle(data: bytes) -> None:
    with pytest.raises(BundleError):
        parts_of(data)


FIRST_BLOB = f"blobs/{sha256_of(photo())}"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (repacked(**{FIRST_BLOB: b"x" * len(photo())}), "not those it is named after"),
        (repacked(**{FIRST_BLOB: photo() + b"x"}), "more than"),
        (repacked(**{FIRST_BLOB: None}), "not as the manifest lists it"),
        (repacked(**{"blobs/" + "0" * 64: b"more"}), "not as the manifest lists it"),
        (repacked(**{"../../etc/cron.d/shelf": b"more"}), "not as the manifest lists it"),
        (repacked(**{"manifest.json": None}), "manifest.json"),
        (repacked(**{"manifest.json": b"{}"}), "manifest"),
    ],
    ids=["other bytes", "longer", "missing", "more", "outside", "no manifest", "other manifest"],
)
def test_a_packed_bundle_that_was_tampered_with_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        parts_of(data)


def test_a_compressed_zip_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(PACKED)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(BundleError, match="compressed"):
        parts_of(out.getvalue())


def test_a_folder_says_which_file_cannot_be_in_a_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="there is no template in it"):
        read_folder(tmp_path)
    write_folder(BUNDLE, tmp_path)
    (tmp_path / "readme.txt").write_text("hello")
    with pytest.raises(BundleError, match=r"readme\.txt: neither a PNG"):
        read_folder(tmp_path)
    (tmp_path / "readme.txt").unlink()
    (tmp_path / "images" / "huge.png").write_bytes(photo() + b"\0" * MAX_FILE_BYTES)
    with pytest.raises(BundleError, match=r"images/huge\.png: \d+ bytes"):
        read_folder(tmp_path)
    (tmp_path / "images" / "huge.png").unlink()
    (tmp_path / "price" / "latin.xml.j2").write_bytes(b"<tile>\xe8</tile>")
    with pytest.raises(BundleError, match=r"price/latin\.xml\.j2: not UTF-8 at byte 6"):
        read_folder(tmp_path)


def test_a_folder_that_holds_files_already_is_left_alone(tmp_path: Path) -> None:
    write_folder(BUNDLE, tmp_path)
    edited = tmp_path / "price" / "standard.xml.j2"
    edited.write_text("<tile pad='1'/>")
    with pytest.raises(BundleError, match="is there already; nothing was written"):
        write_folder(BUNDLE, tmp_path)
    assert edited.read_text() == "<tile pad='1'/>"


def test_a_folder_and_its_packed_file_open_alike(tmp_path: Path) -> None:
    write_folder(BUNDLE, tmp_path / "folder")
    (tmp_path / "packed.zip").write_bytes(PACKED)
    for name in ("folder", "packed.zip"):
        with open_bundle(tmp_path / name) as bundle:
            check_blobs(bundle)
            assert bundle.digest == BUNDLE.digest
    with pytest.raises(BundleError, match="No such file"), open_bundle(tmp_path / "none.zip"):
        pass


def test_the_installed_templates_can_be_taken_out_and_packed_unchanged(tmp_path: Path) -> None:
    write_folder(installed_bundle(), tmp_path)
    assert read_folder(tmp_path).digest == installed_bundle().digest
