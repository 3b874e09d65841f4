"""Template bundles on a device's disk: whole or not there, believed by their bytes alone."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from label_templates.bundles import Bundle, installed_bundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import sha256_of
from label_templates.bundles.specimens import FACTS, photo
from shelf_agent.bundles.room import to_drop
from shelf_agent.bundles.store import BundleStore
from shelf_agent.errors import BundleFault

MIB = 2**20
BUNDLE = Bundle({"price/standard": "<tile/>"}, {"a.png": photo(), "facts/1.json": FACTS})


def bundle_of(size: int, name: str, shared: bytes = b"") -> Bundle:
    """A bundle with one document of about a size, and perhaps one that others have too."""
    own = b'"' + name.encode() * (size // len(name)) + b'"'
    files = {"own.json": own} | ({"shared.json": shared} if shared else {})
    return Bundle({"price/standard": "<tile/>"}, files)


def keep(store: BundleStore, bundle: Bundle, at: int = 0) -> None:
    """Keep a whole bundle, as of an instant."""
    for part in store.missing(bundle.manifest):
        store.keep_blob(part, bundle.blob(part.sha256))
    store.keep_manifest(bundle.manifest)
    for path in store._manifests.glob(f"{bundle.digest.removeprefix('sha256:')}.json"):
        os.utime(path, (at, at))


@pytest.fixture
def store(tmp_path: Path) -> BundleStore:
    store = BundleStore(tmp_path / "bundles", MIB)
    store.prepare(installed_bundle())
    return store


def blobs(folder: Path) -> list[Path]:
    return sorted((folder / "bundles" / "blobs").glob("*/*"))


def test_a_bundle_is_drawn_with_from_the_disk(store: BundleStore) -> None:
    keep(store, BUNDLE)
    found = store.open(BUNDLE.digest)
    assert found.template("price/standard") == "<tile/>"
    assert found.asset(sha256_of(photo())) == photo()
    assert store.whole() == {BUNDLE.digest, installed_bundle().digest}


def test_what_came_with_the_agent_is_kept_so_that_an_update_does_not_take_it(
    store: BundleStore,
) -> None:
    found = store.open(installed_bundle().digest)
    assert found.template("price/standard") == installed_bundle().template("price/standard")


def test_a_bundle_that_is_not_here_is_named(store: BundleStore) -> None:
    with pytest.raises(BundleFault, match=r"bundle sha256:0000.* is not on this device") as raised:
        store.open("sha256:" + "0" * 64)
    assert raised.value.digest == "sha256:" + "0" * 64


def test_a_bundle_without_its_manifest_is_not_here_and_its_blobs_need_not_come_again(
    store: BundleStore,
) -> None:
    parts = store.missing(BUNDLE.manifest)
    store.keep_blob(parts[0], BUNDLE.blob(parts[0].sha256))
    assert not store.is_whole(BUNDLE.digest)
    assert store.missing(BUNDLE.manifest) == parts[1:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), change=st.integers(1, 255))
def test_a_flipped_byte_is_found_when_it_is_read_and_the_blob_must_come_anew(
    store: BundleStore, tmp_path: Path, data: st.DataObject, change: int
) -> None:
    keep(store, BUNDLE)
    part = data.draw(st.sampled_from(sorted(BUNDLE.manifest.parts)))
    path = store._blob_path(part)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= change
    path.write_bytes(content)
    with pytest.raises(BundleFault, match=f"broken on this device: file {part[:12]}") as raised:
        store.open(BUNDLE.digest).blob(part)
    assert raised.value.digest == BUNDLE.digest
    assert [missing.sha256 for missing in store.missing(BUNDLE.manifest)] == [part]
    assert BUNDLE.digest not in store.whole()


def test_a_torn_manifest_is_no_bundle(store: BundleStore) -> None:
    keep(store, BUNDLE)
    path = store._manifest_path(BUNDLE.digest)
    path.write_bytes(path.read_bytes()[:-5])
    assert BUNDLE.digest not in store.whole()
    with pytest.raises(BundleFault, match="not on this device"):
        store.open(BUNDLE.digest)


def test_other_bytes_than_a_blob_is_named_after_are_never_written(
    store: BundleStore, tmp_path: Path
) -> None:
    before = blobs(tmp_path)
    with pytest.raises(BundleError, match="not those it is named after"):
        store.keep_blob(BUNDLE.manifest.files["a.png"], b"\0" * len(photo()))
    assert blobs(tmp_path) == before


def test_what_a_power_cut_left_half_written_is_cleared_away(
    store: BundleStore, tmp_path: Path
) -> None:
    torn = tmp_path / "bundles" / "blobs" / "ab" / ("ab" * 32 + ".new")
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"half")
    store.prepare(installed_bundle())
    assert not torn.exists()


def test_a_disk_that_takes_nothing_is_named(store: BundleStore, tmp_path: Path) -> None:
    part = BUNDLE.manifest.files["a.png"]
    (tmp_path / "bundles" / "blobs" / part.sha256[:2]).write_text("in the way")
    with pytest.raises(BundleFault, match=f"blobs/{part.sha256[:2]}"):
        store.keep_blob(part, photo())


def test_what_was_used_longest_ago_goes_first_and_never_what_is_in_use(
    store: BundleStore, tmp_path: Path
) -> None:
    shared = b'"' + b"s" * (MIB // 4) + b'"'
    old, older, new = (bundle_of(MIB // 2, name, shared) for name in ("old", "older", "new"))
    keep(store, older, at=1)
    keep(store, old, at=2)
    keep(store, new, at=3)
    store.trim({installed_bundle().digest, older.digest, new.digest})
    assert store.whole() >= {older.digest, new.digest}
    assert old.digest not in store.whole()
    named = {part for kept in (older, new, installed_bundle()) for part in kept.manifest.parts}
    assert {path.name for path in blobs(tmp_path)} == named, "shared blobs stay, others go"
    keep(store, old, at=4)
    store.trim({old.digest})
    assert new.digest not in store.whole()


def test_opening_a_bundle_counts_as_using_it(store: BundleStore) -> None:
    first, second = bundle_of(MIB // 2, "first"), bundle_of(MIB // 2, "second")
    keep(store, first, at=1)
    keep(store, second, at=2)
    store.open(first.digest)
    keep(store, bundle_of(MIB // 4, "third"), at=3)
    store.trim(())
    assert first.digest in store.whole()
    assert second.digest not in store.whole()


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=8), st.integers(0, 200))
def test_what_is_left_fits_unless_it_must_be_kept(
    wishes: list[tuple[int, bool]], budget: int
) -> None:
    bundles = [bundle_of(size, f"{number}") for number, (size, _) in enumerate(wishes)]
    listed = [(bundle.digest, bundle.manifest) for bundle in bundles]
    kept = {bundle.digest for bundle, (_, must) in zip(bundles, wishes, strict=True) if must}
    dropped = to_drop(listed, kept, budget)
    assert not kept & set(dropped)
    left = [manifest for digest, manifest in listed if digest not in dropped]
    size = sum({name: part.size for m in left for name, part in m.parts.items()}.values())
    assert size <= budget or {manifest.digest for manifest in left} <= kept
