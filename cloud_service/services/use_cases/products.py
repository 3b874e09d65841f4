"""Products, and what they cost, did and will."""

from cloud_service.errors import Invalid
from cloud_service.services import products
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.prices import PriceChange, PriceStep, PriceView
from cloud_service.services.views.products import ProductPage, ProductView


class Products(Ground):
    """Products, and what they cost, did and will."""

    def search(
        self,
        *,
        store: str | None = None,
        text: str = "",
        after: str | None = None,
        limit: int = 50,
    ) -> ProductPage:
        """Return products by words of their name or brand, SKU or GTIN; `after` pages on."""
        if not 1 <= limit <= 500:
            raise Invalid("limit", f"{limit} products a page; 1 to 500 are possible")
        with self.storage.read() as unit:
            page = (after, limit)
            return products.search_page(unit, store, text, page, self.clock.now())

    def product(self, *, sku: str, store: str | None = None) -> ProductView:
        """Return a product, with its price and places where a store is given."""
        with self.storage.read() as unit:
            return products.product_view(unit, sku, store, self.clock.now())

    def prices(self, *, sku: str) -> list[PriceView]:
        """Return what a product costs in each store that sells it."""
        with self.storage.read() as unit:
            return products.price_views(unit, sku, self.clock.now())

    def history(self, *, store: str, sku: str, limit: int = 50) -> list[PriceChange]:
        """Return how a product's price in a store came to be, newest first."""
        with self.storage.read() as unit:
            return products.price_history(unit, store, sku, limit)

    def upcoming(self, *, store: str, sku: str) -> list[PriceStep]:
        """Return what a product will cost in the coming year, as the book stands."""
        with self.storage.read() as unit:
            return products.upcoming_prices(unit, store, sku, self.clock.now())
