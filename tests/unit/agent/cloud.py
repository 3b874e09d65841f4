"""The cloud's side for tests of the agent: sealed desired states and the twin that holds them."""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from label_templates.contract import seal, wire
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing, Tile, TileContent
from label_templates.contract.twin import Desired, KeyList, StoreWords
from shelf_agent.machine.values import Device

ROOT = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
KEYS = seal.sign_keys(ROOT, 1, {"k1": KEY.public_key()})
STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
BUNDLE = "sha256:" + "0" * 64
DEVICE = "pi-0204-01"
MORNING = 1_795_400_000
"""When tests begin, UTC seconds."""
LEASE_S = 72 * 3600
FIRST, SECOND, THIRD = "b01-s1-p01", "b01-s1-p02", "b01-s1-p03"


def device(panels: Mapping[str, str] | Iterable[str] = (FIRST, SECOND)) -> Device:
    """A device with a panel at each position, quick black and white ones unless named."""
    named = panels if isinstance(panels, Mapping) else dict.fromkeys(panels, "epd-2.9-bw")
    return Device(
        id=DEVICE, root_key=seal.public_text(ROOT.public_key()), bundle=BUNDLE,
        renderer="f" * 32, version="0.1.0",
        panels={position: panel_spec(name) for position, name in named.items()},
    )  # fmt: skip


def content(price: int, name: str = "Kava") -> TileContent:
    """What a tile says at a price."""
    return TileContent(sku="1001", name=name, price=price)


def tile(
    price: int, rev: int = 1, flips: Mapping[int, int] | None = None, name: str = "Kava"
) -> Tile:
    """A tile at a price, with later prices by their instants."""
    showings = [Showing(since=None, tpl="price/standard", content=content(price, name))]
    for at, later in sorted((flips or {}).items()):
        showings.append(Showing(since=at, tpl="price/standard", content=content(later, name)))
    return Tile.of(0, rev, showings)


def sealed(
    tiles: Mapping[str, Tile],
    rev: int = 1,
    *,
    epoch: int = 0,
    until: int = MORNING + LEASE_S,
    key: Ed25519PrivateKey = KEY,
    keys: KeyList = KEYS,
    kid: str = "k1",
    bundle: str = BUNDLE,
    store: StoreWords = STORE,
    to: str = DEVICE,
) -> Desired:
    """Seal tiles for the device."""
    signed = seal.sign(
        key, kid, to, order=(epoch, rev), until=until, bundle=bundle, store=store, tiles=tiles
    )
    return Desired(store=store, bundle=bundle, keys=keys, tiles=dict(tiles), seal=signed)


class Twin:
    """A device twin as IoT Hub keeps it: sections, versions, and the patches that lead there."""

    def __init__(self, desired: Desired | None = None) -> None:
        self.version = 1
        self.desired: wire.Document = wire.write_desired(desired) if desired else {}
        self.reported: wire.Document = {}

    def whole(self) -> wire.Document:
        """The desired section as a read of the twin gives it."""
        return {**self.desired, "$version": self.version}

    def push(self, desired: Desired) -> wire.Document:
        """Bring the twin to a desired state; return the patch that a device hears."""
        return self.patch(wire.difference(self.desired, wire.write_desired(desired)))

    def patch(self, patch: Mapping[str, Any]) -> wire.Document:
        """Merge a patch; return what a device hears of it."""
        self.version += 1
        self.desired = wire.merged(self.desired, patch)
        return {**patch, "$version": self.version}

    def report(self, patch: wire.Document) -> None:
        """Take a reported patch."""
        self.reported = wire.merged(self.reported, patch)
        wire.check_limits(self.reported)
