"""Sealing keys: what makes a shelf believe a price.

A directory holds `root.key`, `root.pub`, one `KID.key` for each sealing key and `ring.json`: the
key list as devices get it, signed by the root, and the list version at which each key came in. The
root is needed only to change the list: once all is running, `root.key` can be moved to a safe
place; devices keep trusting through `root.pub`, which they were given at their birth.

A device is sealed only with a key that it holds, as far as it has said what it holds. A device that
has said nothing yet takes whatever list its root signed, so it gets the newest key.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, ValidationError

from cloud_service.delivery.errors import KeysError
from cloud_service.delivery.private_file import write_private
from cloud_service.delivery.reconcile import Order, Sealer
from label_templates.contract import seal, wire
from label_templates.contract.errors import SealError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import KeyList, Seal, StoreWords

_RING = "ring.json"


class _Ring(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    list: KeyList
    since: dict[str, int]
    """The list version at which each key came in."""


@dataclass(frozen=True)
class Keyring:
    """The keys in force."""

    root: str
    """The root's public key in base64, a device's `root_key` setting."""
    list: KeyList
    since: Mapping[str, int]
    private: Mapping[str, Ed25519PrivateKey]

    def kid_for(self, held: int) -> str:
        """Return the newest key that a device with this version of the list holds; 0: no list."""
        newest_first = sorted(self.list.keys, key=lambda kid: (-self.since[kid], kid))
        if held == 0:
            return newest_first[0]
        usable = [kid for kid in newest_first if self.since[kid] <= held]
        return usable[0] if usable else newest_first[-1]

    def sealer(self, device: str, held: int) -> Sealer:
        """Return what seals for a device that has reported this version of the key list."""
        kid = self.kid_for(held)

        def sealed(
            order: Order, until: int, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
        ) -> Seal:
            return seal.sign(
                self.private[kid], kid, device,
                order=order, until=until, bundle=bundle, store=store, tiles=tiles,
            )  # fmt: skip

        return Sealer(self.list, sealed)


def create_keys(directory: Path, kid: str) -> Keyring:
    """Make a root and a first sealing key in a directory that has none; raise KeysError if it has.

    All of it appears at once or not at all.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".keys-", dir=directory.parent))
    try:
        _fill(made, kid)
        made.rename(directory)
    except OSError as error:
        shutil.rmtree(made)
        raise KeysError(
            f"{directory}: there is something already; keys are not replaced"
        ) from error
    return load_keys(directory)


def ensure_keys(directory: Path, kid: str) -> Keyring:
    """Return the keys of a directory; make them first where there are none."""
    if not (directory / _RING).exists():
        try:
            return create_keys(directory, kid)
        except KeysError:
            if not (directory / _RING).exists():
                raise
    return load_keys(directory)


def load_keys(directory: Path) -> Keyring:
    """Read the keys; raise KeysError naming the file that is missing or wrong."""
    root = _read(directory / "root.pub").decode().strip()
    ring = _read_ring(directory / _RING)
    try:
        seal.verify_keys(ring.list, root)
    except SealError as error:
        raise KeysError(f"{directory / _RING}: {error}") from error
    private = {kid: _private(directory / f"{kid}.key", kid, ring.list) for kid in ring.list.keys}
    return Keyring(root, ring.list, ring.since, private)


def add_sealing_key(directory: Path, kid: str) -> Keyring:
    """Bring in one more sealing key, by a new list that the root signs.

    Devices get the list with their next write and are sealed with the new key once they report it.
    """
    ring = load_keys(directory)
    if kid in ring.list.keys:
        raise KeysError(f"key {kid!r} is in the key list already")
    root = _load_private(directory / "root.key")
    fresh = Ed25519PrivateKey.generate()
    write_private(directory / f"{kid}.key", _pem(fresh))
    version = ring.list.version + 1
    publics = {name: key.public_key() for name, key in ring.private.items()}
    listed = seal.sign_keys(root, version, {**publics, kid: fresh.public_key()})
    _write_ring(directory, _Ring(list=listed, since={**ring.since, kid: version}))
    return load_keys(directory)


def _fill(directory: Path, kid: str) -> None:
    root, key = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    write_private(directory / "root.key", _pem(root))
    write_private(directory / "root.pub", seal.public_text(root.public_key()).encode() + b"\n")
    write_private(directory / f"{kid}.key", _pem(key))
    listed = seal.sign_keys(root, 1, {kid: key.public_key()})
    _write_ring(directory, _Ring(list=listed, since={kid: 1}))


def _write_ring(directory: Path, ring: _Ring) -> None:
    document: dict[str, Any] = {"list": wire.words(ring.list), "since": ring.since}
    write_private(directory / _RING, json.dumps(document, indent=1).encode() + b"\n")


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeysError(f"{path}: {error.strerror}; `edge-shelf keys init` makes keys") from error


def _read_ring(path: Path) -> _Ring:
    try:
        return _Ring.model_validate_json(_read(path))
    except ValidationError as error:
        raise KeysError(f"{path}: this is no key ring") from error


def _private(path: Path, kid: str, listed: KeyList) -> Ed25519PrivateKey:
    key = _load_private(path)
    if seal.public_text(key.public_key()) != listed.keys[kid]:
        raise KeysError(f"{path}: not the key that the list names {kid!r}")
    return key


def _load_private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError) as error:
        raise KeysError(f"{path}: this is no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeysError(f"{path}: not an Ed25519 key")
    return key
