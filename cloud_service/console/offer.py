"""A product as one store offers it: its price there, and the tiles that show it."""

from dataclasses import dataclass

from cloud_service.console.manner import Manner
from cloud_service.console.room import Console, manner
from cloud_service.console.tiles import Words, tile_words
from cloud_service.services.views.prices import PriceView
from cloud_service.services.views.products import ProductView
from cloud_service.services.views.shelves import TileView
from cloud_service.services.views.stores import StoreView


@dataclass(frozen=True)
class Offer:
    """A product in a store."""

    console: Console
    product: ProductView
    store: StoreView
    tiles: list[TileView]

    @property
    def price(self) -> PriceView | None:
        """What it costs, if it has a price."""
        return self.product.price

    @property
    def present(self) -> int | None:
        """What customers pay now, minor units."""
        return self.product.price.effective if self.product.price else None

    @property
    def version(self) -> str:
        """The version of the price, to be handed back with a new one."""
        return str(self.product.price.version) if self.product.price else ""

    @property
    def writes(self) -> Manner:
        """How the store writes money and time."""
        return manner(self.store)

    def tile_words(self) -> dict[str, Words]:
        """Return the words of its tiles by the place on the page they belong to."""
        now = self.console.now()
        return {f"tile:{tile.position}": tile_words(tile, self.writes, now) for tile in self.tiles}


def find_offer(console: Console, sku: str, store: str) -> Offer:
    """Return a product as a store offers it; raise NotFound."""
    product = console.services.product(sku=sku, store=store)
    tiles = [console.services.tile(store=store, position=place) for place in product.positions]
    return Offer(console, product, console.services.store(store=store), tiles)
