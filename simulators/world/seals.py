"""Seals of a world: Ed25519 as in the shops, or keyed hashes, which are fifty times cheaper.

Bulk seeds use the hashes; what they prove does not depend on the mathematics of a signature.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud_service.delivery.reconcile import Order, Sealer
from label_templates.contract import seal, wire
from label_templates.contract.errors import SealError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired, KeyList, Seal, StoreWords

KID = "world"


class Seals(Protocol):
    """Both ends of sealing."""

    @property
    def root(self) -> str:
        """The root's public key, as devices are given it."""
        ...

    def sealer(self, device: str) -> Sealer:
        """Return what seals for a device."""
        ...

    def check_seal(self, desired: Desired, device: str, keys: KeyList) -> None:
        """Raise SealError unless a state is sealed for a device."""
        ...

    def check_keys(self, keys: KeyList, root: str) -> None:
        """Raise SealError unless the root signed a key list."""
        ...


@dataclass(frozen=True)
class HashedSeals:
    """Keyed hashes over the same words that a signature covers."""

    secret: bytes
    root: str = "hashed"

    def sealer(self, device: str) -> Sealer:
        """Return what seals for a device."""

        def sealed(
            order: Order, until: int, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
        ) -> Seal:
            bare = Seal(epoch=order[0], rev=order[1], until=until, kid=KID, sig="AA==")
            return bare.model_copy(update={"sig": self._sig(device, bare, bundle, store, tiles)})

        return Sealer(KeyList(version=1, keys={KID: "AA=="}, sig=self._mac(b"keys")), sealed)

    def check_seal(self, desired: Desired, device: str, keys: KeyList) -> None:
        """Raise SealError unless a state is sealed for a device."""
        parts = (desired.bundle, desired.store, desired.tiles)
        if desired.seal.sig != self._sig(device, desired.seal, *parts):
            raise SealError(f"seal {desired.seal.rev}: the signature does not fit what was sent")

    def check_keys(self, keys: KeyList, root: str) -> None:
        """Raise SealError unless the root signed a key list."""
        if keys.sig != self._mac(b"keys"):
            raise SealError(f"key list {keys.version} is not signed by this device's root")

    def _sig(
        self, device: str, bare: Seal, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
    ) -> str:
        words = {
            "device": device, "epoch": bare.epoch, "rev": bare.rev, "until": bare.until,
            "bundle": bundle, "store": wire.words(store),
            "tiles": {position: wire.words(tile) for position, tile in tiles.items()},
        }  # fmt: skip
        return self._mac(wire.canonical(words))

    def _mac(self, message: bytes) -> str:
        mac = hashlib.blake2b(message, key=self.secret, digest_size=16).digest()
        return base64.b64encode(mac).decode()


@dataclass(frozen=True)
class SignedSeals:
    """The real thing, with keys made from the world's secret."""

    secret: bytes

    @property
    def root(self) -> str:
        """The root's public key, as devices are given it."""
        return seal.public_text(self._key(b"root").public_key())

    def sealer(self, device: str) -> Sealer:
        """Return what seals for a device."""
        key = self._key(b"sealing")
        keys = seal.sign_keys(self._key(b"root"), 1, {KID: key.public_key()})

        def sealed(
            order: Order, until: int, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
        ) -> Seal:
            return seal.sign(
                key, KID, device,
                order=order, until=until, bundle=bundle, store=store, tiles=tiles,
            )  # fmt: skip

        return Sealer(keys, sealed)

    def check_seal(self, desired: Desired, device: str, keys: KeyList) -> None:
        """Raise SealError unless a state is sealed for a device."""
        seal.verify(desired, device, keys)

    def check_keys(self, keys: KeyList, root: str) -> None:
        """Raise SealError unless the root signed a key list."""
        seal.verify_keys(keys, root)

    def _key(self, use: bytes) -> Ed25519PrivateKey:
        digest = hashlib.blake2b(use, key=self.secret, digest_size=32).digest()
        return Ed25519PrivateKey.from_private_bytes(digest)
