"""The price lists that Konzum publishes in Croatia, one store a file.

A product with a special price has no regular price in these lists; it is then unknown. Beside each
price stands the one of 2 May 2025, which Croatian law (NN 75/2025) has shops show.
"""

from collections.abc import Sequence

from cloud_service.catalog.products import folded_facts
from cloud_service.pricing.imports.amounts import amount_reader
from cloud_service.pricing.imports.cells import read_sku, read_text
from cloud_service.pricing.imports.gtins import gtin_reader
from cloud_service.pricing.imports.quantity import Quantity, konzum_quantity, named_quantity
from cloud_service.pricing.imports.rows import (
    ALWAYS,
    FACTS,
    Kind,
    Manner,
    Notes,
    Place,
    Profile,
    RowRefused,
    StagedRow,
)

COLUMNS = (
    "Product", "ProductId", "Brand", "Quantity", "Unit", "Barcode", "Category", "Price",
    "UnitPrice", "SpecialPrice", "BestPrice30", "AnchorPrice",
)  # fmt: skip
REFERENCE_DATE = "2025-05-02"
_PRICES = ("regular", "special", "low_30", "reference", "reference_date")
_FILLED = frozenset((*ALWAYS, *FACTS, *_PRICES))
_ONE_KILO = Quantity(1000, "kg", None)


def profile(header: Sequence[str], place: Place, manner: Manner) -> Profile:
    """Return the profile for a header that has all columns, in any order."""
    notes = Notes()
    return Profile(_Konzum(header, place, manner, notes).read, len(header), _FILLED, notes)


def net_content(name: str, quantity: str, unit: str) -> Quantity | None:
    """Return what one of a product is: a kilogram where it is weighed; None where nobody knows."""
    if unit == "kg":
        return _ONE_KILO
    return named_quantity(name, quantity) or konzum_quantity(quantity)


class _Konzum:
    """Reads rows of one file."""

    def __init__(self, header: Sequence[str], place: Place, manner: Manner, notes: Notes) -> None:
        self._at = [header.index(name) for name in COLUMNS]
        self._gtin = gtin_reader("Barcode", notes, repair=manner.repair)
        self._amount = amount_reader(place.currency, manner.decimals, minor=manner.minor)
        self._notes = notes

    def read(self, row: int, cells: Sequence[str]) -> StagedRow:
        (name, sku, brand, quantity, unit, gtin, category, price, _, special, low, anchor) = (
            cells[at].strip() for at in self._at
        )
        net = self._net(row, name, quantity, unit)
        regular, promoted, low_30 = self._prices(row, price, special, low)
        reference = self._amount("AnchorPrice", anchor) if anchor else None
        if not gtin:
            self._notes.add("no barcode, taken without one", row, "")
        name = read_text("Product", name)
        return StagedRow(
            row=row,
            sku=read_sku("ProductId", sku),
            gtin=self._gtin(row, gtin),
            name=name,
            brand=read_text("Brand", brand) if brand else None,
            size=net.text if net else None,
            net_milli=net.milli if net else None,
            net_measure=net.measure if net else None,
            category=read_text("Category", category) if category else None,
            weighed=unit == "kg",
            folded=folded_facts(name, brand),
            regular=regular,
            special=promoted,
            special_from=None,
            special_until=None,
            low_30=low_30,
            reference=reference,
            reference_date=REFERENCE_DATE if reference else None,
            multi_quantity=None,
            multi_price=None,
            multi_must_buy=False,
            multi_from=None,
            multi_until=None,
        )

    def _net(self, row: int, name: str, quantity: str, unit: str) -> Quantity | None:
        if unit not in {"kg", "ko"}:
            raise RowRefused("Unit", unit, "ko (by the piece) or kg (by weight) is expected")
        net = net_content(name, quantity, unit)
        if net is None:
            self._notes.add("quantity gives no unit price", row, quantity)
        elif unit == "ko" and net != konzum_quantity(quantity):
            self._notes.add("quantity is rounded, taken from the name", row, quantity)
        return net

    def _prices(
        self, row: int, price: str, special: str, low: str
    ) -> tuple[int | None, int | None, int | None]:
        if not special:
            return self._amount("Price", price), None, None
        regular = self._amount("Price", price) if price else None
        promoted = self._amount("SpecialPrice", special)
        low_30 = self._amount("BestPrice30", low) if low else None
        if regular is not None and promoted > regular:
            raise RowRefused("SpecialPrice", special, f"it is above the regular price {price}")
        if regular is None:
            self._notes.add("no regular price beside the special price", row, "")
        if low_30 is None or promoted >= low_30:
            self._notes.add("special price not below the 30-day low: no cut announced", row, "")
        return regular, promoted, low_30


KONZUM = Kind(COLUMNS, COLUMNS, profile, sku="ProductId", currency="EUR")
