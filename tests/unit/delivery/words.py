"""Wanted tiles, keys and a shelf that believes nothing, for the tests of delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from cloud_service.delivery.reconcile import (
    HOUR,
    Heard,
    Order,
    Pushed,
    Sealer,
    Situation,
    Wanted,
    Write,
    reconcile,
)
from label_templates.contract import seal
from label_templates.contract.tile import Showing, Tile, TileContent
from label_templates.contract.twin import Seal, StoreWords

DEVICE = "pi-0204-01"
STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
BUNDLE = "sha256:" + "0" * 64
NOW = 1_795_000_000
POSITIONS = ("b01-s1-p01", "b01-s1-p02", "b01-s1-p03")
KEYS = seal.sign_keys(
    Ed25519PrivateKey.from_private_bytes(b"r" * 32),
    1,
    {"2026-11": Ed25519PrivateKey.from_private_bytes(b"k" * 32).public_key()},
)


def content(price: int, sku: str = "90704273") -> TileContent:
    return TileContent(sku=sku, name="Kava mljevena", size="500 g", price=price)


def showing(price: int, since: int | None = None) -> Showing:
    return Showing(since=since, tpl="price/standard", content=content(price))


def tile(rev: int, *prices: int, epoch: int = 0) -> Tile:
    later = [showing(price, NOW + hour * HOUR) for hour, price in enumerate(prices[1:], 1)]
    return Tile.of(epoch, rev, [showing(prices[0]), *later])


def unsigned(
    order: Order, until: int, bundle: str, store: StoreWords, tiles: Mapping[str, Tile]
) -> Seal:
    """Stand in for a signature where none is checked: it names what it would sign."""
    assert (bundle, store, tiles) is not None
    return Seal(epoch=order[0], rev=order[1], until=until, kid="2026-11", sig="AAAA")


SEALER = Sealer(KEYS, unsigned)


def wanted(**prices: int | Sequence[Showing]) -> Wanted:
    """Say what stands at each place: `p1=119`, or a list of showings."""
    return Wanted(
        STORE,
        BUNDLE,
        {
            POSITIONS[int(place[1:]) - 1]: [showing(what)] if isinstance(what, int) else what
            for place, what in prices.items()
        },
    )


@dataclass
class Delivery:
    """One device's delivery as the dispatcher drives it, all writes succeeding unless told."""

    now: int = NOW
    epoch: int = 0
    pushed: Pushed | None = None
    heard: Heard = field(default_factory=Heard)
    sealer: Sealer = SEALER

    def plan(self, wish: Wanted) -> Write | None:
        return reconcile(
            Situation(DEVICE, wish, self.pushed, self.heard, self.epoch, self.now, self.sealer)
        )

    def take(self, write: Write, *, believed: bool = True) -> Write:
        self.pushed = Pushed(write.desired, write.covers_until, write.due_at, believed)
        return write

    def push(self, wish: Wanted) -> Write:
        write = self.plan(wish)
        assert write is not None
        return self.take(write)

    def doubt(self) -> None:
        assert self.pushed is not None
        self.pushed = replace(self.pushed, believed=False)


def timelines(now: int) -> st.SearchStrategy[list[Showing]]:
    """Draw what a position shows from `now` on: few prices, so that equal ones meet."""
    prices = st.integers(1, 3)
    instants = st.lists(st.integers(1, 130).map(lambda hour: now + hour * HOUR), unique=True)
    return st.builds(
        lambda first, rest, order: [
            showing(first),
            *(showing(price, at) for price, at in zip(rest, sorted(order), strict=False)),
        ],
        prices,
        st.lists(prices, max_size=11),
        instants,
    )


def wishes(now: int) -> st.SearchStrategy[Wanted]:
    """Draw what a device must show."""
    return st.dictionaries(st.sampled_from(POSITIONS), timelines(now), max_size=3).map(
        lambda showings: Wanted(STORE, BUNDLE, showings)
    )
