"""Made-up tiles to try any template with: some say all that a tile can say, one the least."""

import io
from functools import cache
from typing import Any

from PIL import Image

from label_templates.bundles.manifest import sha256_of
from label_templates.contract.facts import Nutrient, ProductFacts
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.render import Templating

STORE = StoreWords(id="0001", tz="Europe/London", currency="EUR", locale="en-GB")
FACTS = ProductFacts(
    per="100 g",
    nutrition=(
        Nutrient(name="Energy", amount="1500 kJ / 357 kcal"),
        Nutrient(name="Fat", amount="3.5 g"),
        Nutrient(name="of which saturates", amount="0.5 g", indent=True),
    ),
    allergens=("Milk", "Nuts"),
    dietary=("Vegetarian",),
    origin="Croatia",
    ingredients="Sugar, milk powder, hazelnuts",
).model_dump_json().encode()  # fmt: skip
_LEAST: dict[str, Any] = {"sku": "4711", "name": "Hazelnut spread", "price": 199}
_ALL: dict[str, Any] = {
    **_LEAST, "brand": "Ana", "size": "400 g", "gtin": "4006381333931", "unit_price": 49750,
    "unit_measure": "kg", "promotion": "special", "prior_price": 249, "percent_off": 20,
    "bundle_quantity": 3, "bundle_price": 398, "pay_quantity": 2, "must_buy": True, "limit": 4,
    "loyalty_price": 179, "loyalty_unit_price": 44750, "loyalty_program": "with Family Card",
    "deposit": 10, "reference_price": 229, "reference_date": "2025-05-02",
    "promotion_until": 1_800_000_000, "new": True, "back_on": "2026-11-30", "plu": "4011",
    "origin": "Croatia", "sponsor": "Ana Foods", "slogan": "Spread it", "stock": 12, "facings": 3,
    "position": "b01-s1-p01", "pick_quantity": 2, "pick_ink": "green",
}  # fmt: skip


@cache
def photo() -> bytes:
    """Return a small picture, a grey ramp."""
    picture, out = Image.linear_gradient("L").resize((64, 64)), io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@cache
def contents() -> tuple[TileContent, ...]:
    """Return the made-up tiles, the fullest first; out of stock and weighed ones among them."""
    files = {"image": sha256_of(photo()), "facts": sha256_of(FACTS)}
    variants: list[dict[str, Any]] = [
        {**_ALL, **files},
        {**_ALL, **files, "weighed": True},
        {**_ALL, **files, "out_of_stock": True},
        {**_LEAST, **files},
        _LEAST,
    ]
    return tuple(TileContent.model_validate(fields) for fields in variants)


class WithSpecimens:
    """A bundle, and the files that the made-up tiles name."""

    def __init__(self, bundle: Templating) -> None:
        self._bundle = bundle
        self._files = {sha256_of(data): data for data in (photo(), FACTS)}

    def template(self, name: str) -> str:
        """Return the bundle's template."""
        return self._bundle.template(name)

    def asset(self, digest: str) -> bytes:
        """Return a made-up file, or the bundle's."""
        return self._files.get(digest) or self._bundle.asset(digest)
