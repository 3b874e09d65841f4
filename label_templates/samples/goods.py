"""The goods that samples of more than one group sell, with their photos.

Their GTINs begin with 952, which GS1 keeps for examples.
"""

from typing import Any

from label_templates.bundles.manifest import sha256_of
from label_templates.samples import packshots

ANCHOR = {"reference_date": "2025-05-02"}
UNTIL = {"promotion_until": 1_751_752_800}
"""6 July 2025, 00:00 in Zagreb: the last day of a promotion is 5 July."""
_CENTS = {"unit_measure": "oz", "unit_in_cents": True}

ORANGES: dict[str, Any] = {
    "name": "Navel Oranges",
    "weighed": True,
    "unit_measure": "lb",
    "price": 149,
    "unit_price": 14_900,
    "origin": "California",
    "image": sha256_of(packshots.oranges()),
}
COFFEE: dict[str, Any] = {
    "name": "Caffè Tostato Intenso Ground Coffee",
    "size": "8.8 oz",
    "brand": "Torre",
    "gtin": "9521234000013",
    "price": 799,
    "unit_price": 9080,
    "image": sha256_of(packshots.coffee()),
    **_CENTS,
}
COFFEE_CUT = {
    **COFFEE,
    "price": 599,
    "unit_price": 6810,
    "promotion": "percent",
    "prior_price": 799,
    "percent_off": 25,
    **UNTIL,
}
MILK: dict[str, Any] = {
    "name": "2% Reduced Fat Milk",
    "size": "1 gal",
    "brand": "Fairfield Farms",
    "gtin": "9521234000020",
    "price": 329,
    "unit_price": 8230,
    "unit_measure": "qt",
    "unit_in_cents": True,
    "image": sha256_of(packshots.milk()),
}
GRANOLA: dict[str, Any] = {
    "name": "Crunchy Oat Granola Honey",
    "size": "24 oz",
    "brand": "Meadowlark",
    "gtin": "012345678905",
    "price": 349,
    "unit_price": 1450,
    "image": sha256_of(packshots.granola()),
    **_CENTS,
}
GRANOLA_TWO = {
    **GRANOLA,
    "price": 279,
    "unit_price": 1040,
    "promotion": "multi-buy",
    "bundle_quantity": 2,
    "bundle_price": 500,
    **UNTIL,
}
COLA: dict[str, Any] = {
    "name": "Cola Can",
    "size": "12 fl oz",
    "brand": "Red Wave",
    "gtin": "9521234000044",
    "price": 149,
    "unit_price": 1240,
    "unit_measure": "fl oz",
    "unit_in_cents": True,
    "deposit": 5,
    "image": sha256_of(packshots.cola()),
}
COLA_MEMBERS = {
    **COLA,
    "promotion": "loyalty",
    "loyalty_price": 99,
    "loyalty_unit_price": 830,
    "loyalty_program": "with Family Card",
}
PENNE: dict[str, Any] = {
    "name": "TIJESTO PŠENIČNO PENNE RIGATE PREMIUM 500g",
    "size": "500 g",
    "brand": "ĐĆŽ",
    "gtin": "3850334352507",
    "price": 155,
    "unit_price": 31_000,
    "unit_measure": "kg",
    "reference_price": 149,
    "image": sha256_of(packshots.penne()),
    **ANCHOR,
}
PENNE_CUT = {
    **PENNE,
    "price": 129,
    "unit_price": 25_800,
    "promotion": "percent",
    "prior_price": 159,
    "percent_off": 18,
    **UNTIL,
}
MUESLI: dict[str, Any] = {
    "name": "Knuspermüsli Schoko & Haselnuss",
    "size": "750 g",
    "brand": "Mühlental",
    "gtin": "4006381333931",
    "price": 399,
    "unit_price": 53_200,
    "unit_measure": "kg",
}
