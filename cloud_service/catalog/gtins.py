"""GTINs: several may name one product, and each names one product only.

Two GTINs are the same where they are equal with leading zeros to 14 digits (GS1 General
Specifications, section 3.2). Price lists bring only the one that is printed, which stands in the
product itself; all that people give stand in product_gtins.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, insert, or_, select

from cloud_service.catalog.tables import GtinRow, ProductRow
from cloud_service.errors import Conflict
from cloud_service.storage.engine import Unit
from label_templates.contract.identifiers import GTIN_LENGTHS


def gtins_of(unit: Unit, skus: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the GTINs that people gave to some products, by SKU."""
    query = select(GtinRow.sku, GtinRow.gtin).where(GtinRow.sku.in_(skus)).order_by(GtinRow.gtin14)
    found: dict[str, tuple[str, ...]] = {}
    for sku, gtin in unit.execute(query) if skus else ():
        found[sku] = (*found.get(sku, ()), gtin)
    return found


def sku_of_gtin(unit: Unit, gtin: str) -> str | None:
    """Return the SKU of the product that a GTIN names, or None.

    What people gave goes before what lists brought, which may name several products alike.
    """
    given = unit.scalar(select(GtinRow.sku).where(GtinRow.gtin14 == gtin.zfill(14)))
    if given is not None:
        return given
    query = select(ProductRow.sku).where(_printed_as(gtin)).order_by(ProductRow.sku).limit(1)
    return unit.scalar(query)


def named_by(digits: str) -> ColumnElement[bool]:
    """Return the condition that digits, perhaps with zeros lost or gained, name a product."""
    other = select(GtinRow.sku).where(GtinRow.gtin14 == digits.lstrip("0").zfill(14))
    return or_(_printed_as(digits), ProductRow.sku.in_(other))


def check_free(unit: Unit, sku: str, gtins: Collection[str]) -> None:
    """Raise Conflict where one of some GTINs names another product."""
    for gtin in gtins:
        other = _other(unit, sku, gtin)
        if other is not None:
            raise Conflict(f"GTIN {gtin} names the product with SKU {other} already.")


def keep_gtins(unit: Unit, sku: str, gtins: Collection[str]) -> None:
    """Have a product named by some GTINs and by no others; see check_free."""
    unit.execute(delete(GtinRow).where(GtinRow.sku == sku))
    names = {gtin.zfill(14): gtin for gtin in gtins}
    rows = [{"gtin14": key, "gtin": gtin, "sku": sku} for key, gtin in names.items()]
    if rows:
        unit.execute(insert(GtinRow), rows)


def _other(unit: Unit, sku: str, gtin: str) -> str | None:
    given = unit.scalar(
        select(GtinRow.sku).where(GtinRow.gtin14 == gtin.zfill(14), GtinRow.sku != sku)
    )
    if given is not None:
        return given
    return unit.scalar(select(ProductRow.sku).where(_printed_as(gtin), ProductRow.sku != sku))


def _printed_as(digits: str) -> ColumnElement[bool]:
    bare = digits.lstrip("0")
    return ProductRow.gtin.in_([bare.rjust(length, "0") for length in GTIN_LENGTHS])
