"""Seals: one Ed25519 signature over all that a device must show, so no mixture of states verifies.

Signed are the canonical bytes of device, schema, epoch, rev, until, bundle, store and tiles. Key
lists are signed by an offline root, whose public key is what a device is given at its birth.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from label_templates.contract import wire
from label_templates.contract.errors import SealError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import SCHEMA, Desired, KeyList, Seal, StoreWords


def sign(  # noqa: PLR0913  the signature binds every one of them
    key: Ed25519PrivateKey,
    kid: str,
    device: str,
    *,
    order: tuple[int, int],
    until: int,
    bundle: str,
    store: StoreWords,
    tiles: Mapping[str, Tile],
) -> Seal:
    """Seal a desired state for one device at (epoch, rev)."""
    unsigned = Seal(epoch=order[0], rev=order[1], until=until, kid=kid, sig="AA==")
    message = _message(device, unsigned, bundle, store, tiles)
    return unsigned.model_copy(update={"sig": _text(key.sign(message))})


def verify(desired: Desired, device: str, keys: KeyList) -> None:
    """Check that a desired state is sealed for this device by a listed key; raise SealError."""
    public = keys.keys.get(desired.seal.kid)
    if public is None:
        raise SealError(f"seal {desired.seal.rev}: key {desired.seal.kid!r} is not in the key list")
    message = _message(device, desired.seal, desired.bundle, desired.store, desired.tiles)
    if not _verifies(public, desired.seal.sig, message):
        raise SealError(f"seal {desired.seal.rev}: the signature does not fit what was sent")


def sign_keys(
    root: Ed25519PrivateKey, version: int, keys: Mapping[str, Ed25519PublicKey]
) -> KeyList:
    """Sign a key list with the offline root."""
    listed = {kid: public_text(key) for kid, key in keys.items()}
    sig = _text(root.sign(_key_message(version, listed)))
    return KeyList(version=version, keys=listed, sig=sig)


def verify_keys(keys: KeyList, root: str) -> None:
    """Check that the root, a public key in base64, signed the key list; raise SealError."""
    if not _verifies(root, keys.sig, _key_message(keys.version, keys.keys)):
        raise SealError(f"key list {keys.version} is not signed by this device's root")


def public_text(key: Ed25519PublicKey) -> str:
    """Return a public key as it stands in a key list: 32 raw bytes in base64."""
    return _text(key.public_bytes_raw())


def _message(
    device: str, seal: Seal, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
) -> bytes:
    return wire.canonical(
        {
            "device": device,
            "schema": SCHEMA,
            "epoch": seal.epoch,
            "rev": seal.rev,
            "until": seal.until,
            "kid": seal.kid,
            "bundle": bundle,
            "store": wire.words(store),
            "tiles": {position: wire.words(tile) for position, tile in tiles.items()},
        }
    )


def _key_message(version: int, keys: Mapping[str, str]) -> bytes:
    listed: dict[str, Any] = {"keys": dict(keys), "version": version}
    return b"edge-shelf key list\n" + wire.canonical(listed)


def _verifies(public: str, sig: str, message: bytes) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(sig, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
