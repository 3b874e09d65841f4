"""The sealing keys: what a device is sealed with, and what the directory withstands."""

from pathlib import Path

import pytest

from cloud_service.delivery.errors import KeysError
from cloud_service.delivery.keys import add_sealing_key, create_keys, ensure_keys, load_keys
from label_templates.contract import seal
from label_templates.contract.twin import Desired
from tests.unit.delivery.words import BUNDLE, STORE, tile


def test_new_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys", "2026-11")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == dict.fromkeys(("root.key", "root.pub", "2026-11.key", "ring.json"), 0o600)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_keys_that_are_there_are_never_replaced(tmp_path: Path) -> None:
    first = create_keys(tmp_path / "keys", "2026-11")
    with pytest.raises(KeysError, match="not replaced"):
        create_keys(tmp_path / "keys", "2026-12")
    assert ensure_keys(tmp_path / "keys", "2026-12").root == first.root
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_device_verifies_what_the_ring_seals(tmp_path: Path) -> None:
    ring = create_keys(tmp_path / "keys", "2026-11")
    tiles = {"b01-s1-p01": tile(1, 119)}
    sealed = ring.sealer("shelf-1", 0).seal((0, 1), 1000, BUNDLE, STORE, tiles)
    desired = Desired(store=STORE, bundle=BUNDLE, keys=ring.list, tiles=tiles, seal=sealed)
    seal.verify_keys(ring.list, ring.root)
    seal.verify(desired, "shelf-1", ring.list)


def test_a_device_is_sealed_with_a_new_key_only_when_it_has_reported_it(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys", "2026-11")
    ring = add_sealing_key(tmp_path / "keys", "2026-12")
    assert ring.list.version == 2
    assert ring.kid_for(1) == "2026-11"
    assert ring.kid_for(2) == "2026-12"
    assert ring.kid_for(0) == "2026-12"  # it takes any list of its root


def test_without_the_root_key_prices_are_sealed_but_the_list_stands(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys", "2026-11")
    (tmp_path / "keys" / "root.key").unlink()
    assert load_keys(tmp_path / "keys").kid_for(1) == "2026-11"
    with pytest.raises(KeysError, match=r"root\.key"):
        add_sealing_key(tmp_path / "keys", "2026-12")
    assert load_keys(tmp_path / "keys").list.version == 1


@pytest.mark.parametrize("name", ["root.pub", "ring.json", "2026-11.key"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str) -> None:
    create_keys(tmp_path / "keys", "2026-11")
    (tmp_path / "keys" / name).write_bytes(b"AAAA")
    with pytest.raises(KeysError, match=r"ring\.json|2026-11\.key"):
        load_keys(tmp_path / "keys")


def test_a_key_list_of_another_root_is_refused(tmp_path: Path) -> None:
    create_keys(tmp_path / "ours", "2026-11")
    create_keys(tmp_path / "theirs", "2026-11")
    (tmp_path / "theirs" / "ring.json").replace(tmp_path / "ours" / "ring.json")
    with pytest.raises(KeysError, match="not signed by this device's root"):
        load_keys(tmp_path / "ours")
