"""Products and their prices."""

from datetime import datetime
from typing import Self

from cloud_service.api.money import Money, money
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.services.views.prices import PriceView
from cloud_service.services.views.products import ProductView


class DemandResource(Resource):
    """One thing that a law asks of a tile, with the text that does."""

    asks: str
    citation: str


class PriceResource(Resource):
    """What a product costs in a store now, why, and what its tile must print by law.

    Its ETag is the version. `citations` are the texts behind its unit price and its prior price.
    """

    store_id: str
    sku: str
    effective: Money | None
    regular: Money | None
    prior: Money | None
    reference: Money | None
    unit_price: str | None
    deposit: Money | None
    reason: str
    promotion_until: datetime | None
    must_print: tuple[DemandResource, ...]
    citations: tuple[str, ...]
    revision: int
    version: int

    @classmethod
    def of(cls, sku: str, view: PriceView) -> Self:
        """Show the price of a SKU."""
        return cls(
            store_id=view.store_id,
            sku=sku,
            effective=money(view.effective, view.currency),
            regular=money(view.regular, view.currency),
            prior=money(view.prior, view.currency),
            reference=money(view.reference, view.currency),
            unit_price=view.unit_price,
            deposit=money(view.deposit, view.currency),
            must_print=tuple(
                DemandResource(asks=one.asks, citation=one.citation) for one in view.must_print
            ),
            citations=view.citations,
            reason=view.reason,
            promotion_until=instant(view.promotion_until),
            revision=view.revision,
            version=view.version,
        )


class DepositResource(Resource):
    """The deposit on a product in a jurisdiction."""

    jurisdiction: str
    deposit: Money


class NetContent(Resource):
    """Net content in thousandths of a measure: 500 g is 500000 thousandths of `g`."""

    thousandths: int
    measure: str


class ProductResource(Resource):
    """A product, with its price and its positions where a store was named.

    Its ETag is the revision. `gtin` is the one that is printed, `gtins` are others that name it.
    """

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    gtins: tuple[str, ...]
    plu: str | None
    category: str | None
    net_content: NetContent | None
    weighed: bool
    perishable: bool
    deposits: tuple[DepositResource, ...]
    cost: Money | None
    on_sale_since: str | None
    origin: str | None
    image: str | None
    facts: str | None
    revision: int
    price: PriceResource | None
    positions: tuple[str, ...]

    @classmethod
    def of(cls, view: ProductView) -> Self:
        """Show a product."""
        same = {name: getattr(view, name) for name in cls.model_fields.keys() - _MADE}
        content = None
        if view.net_milli is not None and view.net_measure is not None:
            content = NetContent(thousandths=view.net_milli, measure=view.net_measure)
        return cls(
            **same,
            net_content=content,
            deposits=tuple(
                DepositResource(
                    jurisdiction=one.jurisdiction,
                    deposit=Money(amount_minor=one.amount, currency=one.currency),
                )
                for one in view.deposits
            ),
            cost=money(view.cost, view.cost_currency) if view.cost_currency else None,
            price=view.price and PriceResource.of(view.sku, view.price),
        )


_MADE = {"price", "net_content", "deposits", "cost"}
