"""The tiles whose pixels are kept: each template on each panel, with what a shop really prints."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import CATALOGUE, PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer

FRAMES = Path(__file__).parent / "frames"
CROATIA = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
AMERICA = StoreWords(id="0001", tz="America/New_York", currency="USD", locale="en-US")
JAPAN = StoreWords(id="0081", tz="Asia/Tokyo", currency="JPY", locale="en-US")
KUWAIT = StoreWords(id="0965", tz="Asia/Kuwait", currency="KWD", locale="en-US")
UNTIL = 1_751_752_800
_ANCHOR = {"reference_date": "2025-05-02"}
_PASTA = {
    "name": "TIJESTO PŠENIČNO PENNE RIGATE PREMIUM 500g",
    "size": "500 g",
    "brand": "ĐĆŽ",
    "gtin": "4006381333931",
    "unit_measure": "kg",
}
_GRANOLA = {
    "name": "Crunchy Oat Granola Honey",
    "size": "24 oz",
    "brand": "Meadowlark",
    "gtin": "012345678905",
    "unit_measure": "oz",
    "unit_in_cents": True,
}
_APPLES = {"name": "Honeycrisp Apples", "weighed": True, "unit_measure": "lb"}
_LONG = "ŠAMPON ZA KOSU ĆĐŽ NJEGA I SJAJ S ARGANOVIM ULJEM 250 ML"
_TEA = {"name": "Green Tea Sencha Loose Leaf", "gtin": "4901777018686", "unit_measure": "kg"}

CONTENTS: dict[str, tuple[str, StoreWords, dict[str, Any]]] = {
    "regular-hr": (
        "price/standard",
        CROATIA,
        {**_PASTA, "price": 155, "unit_price": 31_000, "reference_price": 149, **_ANCHOR},
    ),
    "regular-us": ("price/standard", AMERICA, {**_GRANOLA, "price": 349, "unit_price": 1450}),
    "weighed-us": ("price/standard", AMERICA, {**_APPLES, "price": 299, "unit_price": 29_900}),
    "long-name": ("price/standard", CROATIA, {"name": _LONG, "price": 1299, "gtin": "12345670"}),
    "case-code": (
        "price/standard",
        AMERICA,
        {"name": "Cola", "price": 99, "gtin": "10012345678902"},
    ),
    "yen": ("price/standard", JAPAN, {**_TEA, "price": 1280, "unit_price": 128_000}),
    "dinar": ("price/standard", KUWAIT, {**_TEA, "price": 4250, "unit_price": 425_000}),
    "percent-hr": (
        "price/promotion",
        CROATIA,
        {**_PASTA, "price": 129, "unit_price": 25_800, "promotion": "percent", "prior_price": 159,
         "percent_off": 18, "promotion_until": UNTIL, "reference_price": 149, **_ANCHOR},
    ),
    "special-hr": (
        "price/promotion",
        CROATIA,
        {**_PASTA, "price": 1099, "unit_price": 219_800, "promotion": "special",
         "promotion_until": UNTIL, "reference_price": 1149, **_ANCHOR},
    ),
    "percent-us": (
        "price/promotion",
        AMERICA,
        {**_GRANOLA, "price": 299, "unit_price": 1250, "promotion": "percent",
         "prior_price": 399, "percent_off": 25, "promotion_until": UNTIL},
    ),
    "multi-buy-us": (
        "price/promotion",
        AMERICA,
        {**_GRANOLA, "price": 279, "unit_price": 1040, "promotion": "multi-buy",
         "bundle_quantity": 2, "bundle_price": 500, "must_buy": True, "promotion_until": UNTIL},
    ),
    "weighed-cut-us": (
        "price/promotion",
        AMERICA,
        {**_APPLES, "price": 199, "unit_price": 19_900, "promotion": "percent",
         "prior_price": 299, "percent_off": 33, "promotion_until": UNTIL},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One tile on one panel."""

    name: str
    panel: PanelSpec

    @property
    def file(self) -> Path:
        """Return where its pixels are kept."""
        return FRAMES / self.panel.name / f"{self.name}.png"

    @property
    def content(self) -> TileContent:
        """Return what it says."""
        return TileContent.model_validate({"sku": "90312379", **CONTENTS[self.name][2]})

    def draw(self) -> Frame:
        """Draw it anew."""
        template, store, _ = CONTENTS[self.name]
        renderer = Renderer(installed_bundle())
        return renderer.render(template, self.content, self.panel, store)


CASES = [Case(name, panel) for name in CONTENTS for panel in CATALOGUE.values()]
