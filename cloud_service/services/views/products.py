"""Views of products."""

from dataclasses import dataclass

from cloud_service.services.views.prices import PriceView


@dataclass(frozen=True)
class DepositView:
    """The deposit on a product in a jurisdiction, minor units."""

    jurisdiction: str
    amount: int
    currency: str


@dataclass(frozen=True)
class ProductView:
    """A product, with its price where a store is given."""

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    category: str | None
    weighed: bool
    price: PriceView | None
    positions: tuple[str, ...]
    """Where it stands in that store."""
    gtins: tuple[str, ...] = ()
    """Those that name it beside the printed one."""
    net_milli: int | None = None
    """Net content in thousandths of `net_measure`."""
    net_measure: str | None = None
    plu: str | None = None
    deposits: tuple[DepositView, ...] = ()
    cost: int | None = None
    cost_currency: str | None = None
    perishable: bool = False
    on_sale_since: str | None = None
    origin: str | None = None
    image: str | None = None
    facts: str | None = None
    revision: int = 0
    """The one that last changed it: an editor hands it back so that two edits conflict."""


@dataclass(frozen=True)
class ProductPage:
    """One page of a product search; `next` continues it, None at the end."""

    products: tuple[ProductView, ...]
    total: int
    next: str | None
