"""Tiles and desired states for the tests of the contract, and strategies that draw them."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from label_templates.contract import seal
from label_templates.contract.identifiers import position_id
from label_templates.contract.tile import Showing, Tile, TileContent
from label_templates.contract.twin import Desired, KeyList, StoreWords

ROOT = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
KEYS: KeyList = seal.sign_keys(ROOT, 1, {"2026-11": KEY.public_key()})
STORE = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
BUNDLE = "sha256:" + "0" * 64
DEVICE = "pi-0204-01"


def contents() -> st.SearchStrategy[TileContent]:
    """Draw what a tile may say."""
    price = st.integers(1, 9_999_999)
    plain = st.builds(
        TileContent,
        sku=st.integers(1, 10**8).map(str),
        name=st.text("Aa ČčßΩж☕'&<\"", min_size=1, max_size=60),
        size=st.none() | st.sampled_from(["500 g", "24 oz"]),
        price=price,
        weighed=st.booleans(),
    )
    return st.builds(_with_prior, plain, st.none() | st.integers(1, 1000))


def _with_prior(content: TileContent, above: int | None) -> TileContent:
    prior = None if above is None else content.price + above
    return content.model_copy(update={"prior_price": prior})


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    """Draw a tile with up to four flips."""
    instants = sorted(draw(st.sets(st.integers(1, 2_000_000_000), max_size=4)))
    names = st.sampled_from(["price/standard", "price/promotion"])
    showings = [
        Showing(since=since, tpl=draw(names), content=draw(contents()))
        for since in (None, *instants)
    ]
    return Tile.of(draw(st.integers(0, 3)), draw(st.integers(1, 99)), showings)


def sealed(tiles: dict[str, Tile], rev: int = 1, device: str = DEVICE) -> Desired:
    """Seal tiles for a device."""
    signed = seal.sign(
        KEY, "2026-11", device, order=(0, rev), until=1_795_690_800,
        bundle=BUNDLE, store=STORE, tiles=tiles,
    )  # fmt: skip
    return Desired(store=STORE, bundle=BUNDLE, keys=KEYS, tiles=tiles, seal=signed)


def desireds() -> st.SearchStrategy[Desired]:
    """Draw a whole sealed desired state."""
    places = st.integers(1, 48).map(lambda place: position_id(1, 1, place))
    return st.builds(sealed, st.dictionaries(places, tiles(), max_size=4), rev=st.integers(1, 99))
