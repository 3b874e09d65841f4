"""Products: what the chain sells, the same in all its stores, read and written."""

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import get_args

from sqlalchemy import delete, insert, select, update

from cloud_service.catalog.gtins import check_free, keep_gtins
from cloud_service.catalog.tables import DepositRow, ProductRow
from cloud_service.errors import Conflict, NotFound
from cloud_service.storage.engine import Unit
from label_templates.contract.tile import Measure

MEASURES: dict[str, Measure] = {measure: measure for measure in get_args(Measure)}
"""The measures net content may have, by the word a price list writes."""

_CHUNK = 500
"""SKUs asked for at once; databases bound the number of parameters."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """Paid on top and given back, where a country or one of its parts asks for it; minor units."""

    jurisdiction: str
    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class Product:
    """What a product is. Net content is `net_milli` thousandths of `net_measure`."""

    sku: str
    gtin: str | None = None
    """The one that is printed."""
    name: str
    brand: str | None = None
    size: str | None = None
    """Net content as printed: `500 g`."""
    net_milli: int | None = None
    net_measure: Measure | None = None
    category: str | None = None
    weighed: bool = False
    """Sold by weight: its price is for one unit of its net measure."""
    plu: str | None = None
    """Price look-up code of loose produce."""
    deposits: tuple[Deposit, ...] = ()
    cost: int | None = None
    """What it costs the chain, minor units of `cost_currency`."""
    cost_currency: str | None = None
    perishable: bool = False
    on_sale_since: str | None = None
    """A day, `2026-06-21`."""
    origin: str | None = None
    """Country or region, as printed."""
    image: str | None = None
    facts: str | None = None
    """SHA-256 of a ProductFacts document; `image` likewise of a photo."""
    revision: int = 0
    """The one that last changed it."""

    def deposit_in(self, jurisdiction: str, currency: str) -> int | None:
        """Return the deposit in a jurisdiction, or in its country, in a store's money."""
        country = jurisdiction.partition("-")[0]
        theirs = {one.jurisdiction: one for one in self.deposits}
        found = theirs.get(jurisdiction) or theirs.get(country)
        return found.amount if found is not None and found.currency == currency else None

    def cost_in(self, currency: str) -> int | None:
        """Return what it costs the chain, where that is known in a store's money."""
        return self.cost if self.cost_currency == currency else None


def fold(text: str) -> str:
    """Return a text as search compares it: without case and diacritics."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def folded_facts(name: str, brand: str | None) -> str:
    """Return what a search by words looks through."""
    return fold(f"{name} {brand}" if brand else name)


_COLUMNS = tuple(field.name for field in fields(Product) if field.name != "deposits")


def find_product(unit: Unit, sku: str) -> Product:
    """Return a product; raise NotFound."""
    found = products_by_sku(unit, [sku]).get(sku)
    if found is None:
        raise NotFound(f"There is no product with SKU {sku!r}.")
    return found


def products_by_sku(unit: Unit, skus: Collection[str]) -> dict[str, Product]:
    """Return the products there are among some SKUs."""
    wanted = sorted(skus)
    found: dict[str, Product] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = unit.scalars(select(ProductRow).where(ProductRow.sku.in_(chunk))).all()
        found.update((product.sku, product) for product in products_of(unit, rows))
    return found


def products_of(unit: Unit, rows: Sequence[ProductRow]) -> list[Product]:
    """Return the products of some rows, at most a chunk of them, with their deposits."""
    deposits = _deposits(unit, [row.sku for row in rows])
    return [_product(row, deposits.get(row.sku, ())) for row in rows]


def add_product(unit: Unit, product: Product, gtins: Collection[str], revision: int) -> None:
    """Add a product with GTINs beside the printed one; raise Conflict where something is taken."""
    if unit.get(ProductRow, product.sku) is not None:
        raise Conflict(f"There is a product with SKU {product.sku} already.")
    check_free(unit, product.sku, _all_gtins(product, gtins))
    unit.add(ProductRow(**_values(product, revision)))
    unit.flush()
    _keep_parts(unit, product, gtins)


def replace_product(unit: Unit, product: Product, gtins: Collection[str], revision: int) -> None:
    """Put a product as wanted in place of what its revision says.

    Raises Conflict where a GTIN is taken, or where the product has another revision meanwhile.
    """
    check_free(unit, product.sku, _all_gtins(product, gtins))
    seen = (ProductRow.sku == product.sku, ProductRow.revision == product.revision)
    values = _values(product, revision)
    done = unit.scalar(update(ProductRow).where(*seen).values(**values).returning(ProductRow.sku))
    if done is None:
        raise Conflict(f"Somebody else changed product {product.sku} meanwhile.")
    _keep_parts(unit, product, gtins)


def _keep_parts(unit: Unit, product: Product, gtins: Collection[str]) -> None:
    keep_gtins(unit, product.sku, _all_gtins(product, gtins))
    unit.execute(delete(DepositRow).where(DepositRow.sku == product.sku))
    rows = [
        {"sku": product.sku, "jurisdiction": one.jurisdiction, "amount": one.amount,
         "currency": one.currency}
        for one in product.deposits
    ]  # fmt: skip
    if rows:
        unit.execute(insert(DepositRow), rows)


def _all_gtins(product: Product, gtins: Collection[str]) -> list[str]:
    printed = [product.gtin] if product.gtin is not None else []
    return [*printed, *gtins]


def _values(product: Product, revision: int) -> dict[str, object]:
    values = {name: getattr(product, name) for name in _COLUMNS}
    folded = folded_facts(product.name, product.brand)
    return {**values, "folded": folded, "revision": revision}


def _deposits(unit: Unit, skus: Collection[str]) -> Mapping[str, tuple[Deposit, ...]]:
    found: dict[str, tuple[Deposit, ...]] = {}
    query = select(DepositRow).where(DepositRow.sku.in_(skus)).order_by(DepositRow.jurisdiction)
    for row in unit.scalars(query) if skus else ():
        deposit = Deposit(row.jurisdiction, row.amount, row.currency)
        found[row.sku] = (*found.get(row.sku, ()), deposit)
    return found


def _product(row: ProductRow, deposits: tuple[Deposit, ...]) -> Product:
    values = {name: getattr(row, name) for name in _COLUMNS}
    return Product(**values, deposits=deposits)
