"""Samples of the templates that show prices."""

from typing import Any

from label_templates.contract.twin import StoreWords
from label_templates.samples.sample import Sample
from label_templates.samples.stores import (
    AMERICA,
    BRITAIN,
    CROATIA,
    FRANCE,
    GERMANY,
    GREECE,
    ISRAEL,
    ITALY,
    JAPAN,
    KUWAIT,
    SWITZERLAND,
    THAILAND,
    UKRAINE,
)

_UNTIL = {"promotion_until": 1_751_752_800}
"""6 July 2025, 00:00 in Zagreb: the last day of a promotion is 5 July."""
_ANCHOR = {"reference_date": "2025-05-02"}
_PENNE = {
    "name": "TIJESTO PŠENIČNO PENNE RIGATE PREMIUM 500g",
    "size": "500 g",
    "brand": "ĐĆŽ",
    "gtin": "3850334352507",
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
_MUESLI = {
    "name": "Knuspermüsli Schoko & Haselnuss",
    "size": "750 g",
    "brand": "Mühlental",
    "gtin": "4006381333931",
    "unit_measure": "kg",
}
_TEA = {
    "name": "English Breakfast Tea Bags 80 Pack",
    "size": "250 g",
    "brand": "Harrow & Sons",
    "gtin": "5012345678900",
    "unit_measure": "kg",
}
_YOGURT = {
    "name": "Greek Style Yogurt with Honey",
    "size": "4 x 110 g",
    "brand": "Dairy Lane",
    "gtin": "5010000123451",
    "unit_measure": "kg",
}
_JUICE = {
    "name": "SOK NARANČA 100% 1l",
    "size": "1 l",
    "brand": "Vočko",
    "gtin": "3850123456782",
    "unit_measure": "l",
}
_WATER = {
    "name": "Mineralwasser Classic",
    "size": "6 x 1,5 l",
    "brand": "Felsquelle",
    "gtin": "4001234567891",
    "unit_measure": "l",
}
_CHEESE = {
    "name": "Comté AOP affiné 12 mois",
    "size": "200 g",
    "brand": "Monts & Terroirs",
    "gtin": "3012345678902",
    "unit_measure": "kg",
}
_APPLES = {
    "name": "Honeycrisp Apples",
    "weighed": True,
    "unit_measure": "lb",
    "plu": "3283",
    "origin": "Washington, USA",
}
_BANANAS = {"name": "BANANA RINFUZA", "weighed": True, "unit_measure": "kg", "plu": "4011",
            "origin": "Ekvador"}  # fmt: skip
_HAM = {"name": "Prosciutto di Parma DOP 24 mesi", "weighed": True, "unit_measure": "kg",
        "origin": "Italia"}  # fmt: skip
_OIL = {
    "name": "Εξαιρετικό Παρθένο Ελαιόλαδο",
    "size": "1 l",
    "brand": "Ελαιώνας",
    "gtin": "5201234567894",
    "unit_measure": "l",
}
_COFFEE = {
    "name": "Кава мелена «Львівська» смажена",
    "size": "225 г",
    "brand": "Світанок",
    "gtin": "4820123456784",
    "unit_measure": "kg",
}
_HUMMUS = {
    "name": "חומוס עם טחינה וגרגרים",
    "size": "400 גרם",
    "brand": "השדה",
    "gtin": "7290001234563",
    "unit_measure": "kg",
}
_DATES = {
    "name": "تمر سكري فاخر",
    "size": "500 جم",
    "brand": "واحة النخيل",
    "gtin": "6281234567895",
    "unit_measure": "kg",
}
_SENCHA = {
    "name": "静岡産 深蒸し煎茶 ティーバッグ",
    "size": "20袋",
    "brand": "みどり園",
    "gtin": "4901234567894",
    "unit_measure": "ea",
}
_RICE = {
    "name": "ข้าวหอมมะลิ 100% คัดพิเศษ",
    "size": "5 กก.",
    "brand": "ทุ่งทอง",
    "gtin": "8851234567898",
    "unit_measure": "kg",
}
_CHOCOLATE = {
    "name": "Milchschokolade mit Mandeln",
    "size": "100 g",
    "brand": "Alpenglück",
    "gtin": "7612345678900",
    "unit_measure": "kg",
}
_SHAMPOO = "ŠAMPON ZA KOSU ĆĐŽ NJEGA I SJAJ S ARGANOVIM ULJEM 250 ML"


def _sample(template: str, name: str, store: StoreWords, /, *parts: Any, **more: Any) -> Sample:
    return Sample.of(f"price/{template}", name, store, *parts, **more)


_EVERYDAY = (
    _sample("standard", "penne-hr", CROATIA, _PENNE, _ANCHOR,
            price=155, unit_price=31_000, reference_price=149),
    _sample("standard", "granola-us", AMERICA, _GRANOLA, price=349, unit_price=1450),
    _sample("standard", "muesli-de", GERMANY, _MUESLI, price=399, unit_price=53_200),
    _sample("standard", "cheese-fr", FRANCE, _CHEESE, price=549, unit_price=274_500),
    _sample("standard", "shampoo-hr", CROATIA, name=_SHAMPOO, price=1299, gtin="12345670"),
    _sample("standard", "oil-gr", GREECE, _OIL, price=1049, unit_price=104_900),
    _sample("standard", "coffee-ua", UKRAINE, _COFFEE, price=18_950, unit_price=8_422_200),
    _sample("standard", "hummus-il", ISRAEL, _HUMMUS, price=1490, unit_price=372_500),
    _sample("standard", "dates-kw", KUWAIT, _DATES, price=1750, unit_price=350_000),
    _sample("standard", "sencha-jp", JAPAN, _SENCHA, price=1280, unit_price=6_400),
    _sample("standard", "rice-th", THAILAND, _RICE, price=18_900, unit_price=378_000),
    _sample("unit", "granola-us", AMERICA, _GRANOLA, price=349, unit_price=1450),
    _sample("unit", "tea-gb", BRITAIN, _TEA, price=325, unit_price=130_000),
    _sample("unit", "penne-hr", CROATIA, _PENNE, _ANCHOR,
            price=155, unit_price=31_000, reference_price=149),
    _sample("new", "granola-us", AMERICA, _GRANOLA, price=349, unit_price=1450, new=True),
    _sample("new", "penne-hr", CROATIA, _PENNE, _ANCHOR,
            price=155, unit_price=31_000, reference_price=149, new=True),
    _sample("weighed", "apples-us", AMERICA, _APPLES, price=299, unit_price=29_900),
    _sample("weighed", "bananas-hr", CROATIA, _BANANAS, _ANCHOR,
            price=149, unit_price=14_900, reference_price=139),
    _sample("weighed", "ham-it", ITALY, _HAM, price=3490, unit_price=349_000),
    _sample("promotion", "apples-us", AMERICA, _APPLES, _UNTIL,
            price=199, unit_price=19_900, promotion="percent", prior_price=299, percent_off=33),
    _sample("deposit", "water-de", GERMANY, _WATER, price=474, unit_price=5_300, deposit=150),
    _sample("deposit", "juice-hr", CROATIA, _JUICE, _ANCHOR,
            price=189, unit_price=18_900, deposit=10, reference_price=179),
    _sample("reference", "penne-hr", CROATIA, _PENNE, _ANCHOR,
            price=155, unit_price=31_000, reference_price=149),
    _sample("reference", "juice-hr", CROATIA, _JUICE, _ANCHOR,
            price=189, unit_price=18_900, reference_price=179),
)  # fmt: skip
_REDUCED = (
    _sample("promotion", "penne-hr", CROATIA, _PENNE, _ANCHOR, _UNTIL,
            price=129, unit_price=25_800, promotion="percent", prior_price=159, percent_off=18,
            reference_price=149),
    _sample("promotion", "granola-us", AMERICA, _GRANOLA, _UNTIL,
            price=299, unit_price=1250, promotion="percent", prior_price=399, percent_off=25),
    _sample("promotion", "special-hr", CROATIA, _PENNE, _ANCHOR, _UNTIL,
            price=1099, unit_price=219_800, promotion="special", reference_price=1149),
    _sample("promotion", "muesli-de", GERMANY, _MUESLI, _UNTIL,
            price=299, unit_price=39_900, promotion="percent", prior_price=399, percent_off=25,
            limit=4),
    _sample("promotion", "water-de", GERMANY, _WATER, _UNTIL,
            price=399, unit_price=4_400, promotion="percent", prior_price=474, percent_off=15,
            deposit=150),
    _sample("promotion", "juice-hr", CROATIA, _JUICE, _ANCHOR, _UNTIL,
            price=159, unit_price=15_900, promotion="percent", prior_price=189, percent_off=15,
            reference_price=179, deposit=10),
    _sample("promotion", "chocolate-ch", SWITZERLAND, _CHOCOLATE, _UNTIL,
            price=195, unit_price=195_000, promotion="percent", prior_price=260, percent_off=25),
    _sample("promotion", "hummus-il", ISRAEL, _HUMMUS, _UNTIL,
            price=1190, unit_price=297_500, promotion="percent", prior_price=1490, percent_off=20),
    _sample("promotion", "dates-kw", KUWAIT, _DATES, _UNTIL,
            price=1250, unit_price=250_000, promotion="percent", prior_price=1750, percent_off=28),
    _sample("promotion", "sencha-jp", JAPAN, _SENCHA, _UNTIL,
            price=980, unit_price=4_900, promotion="special"),
    _sample("clearance", "granola-us", AMERICA, _GRANOLA,
            price=174, unit_price=730, promotion="clearance", prior_price=349, percent_off=50),
    _sample("clearance", "muesli-de", GERMANY, _MUESLI,
            price=199, unit_price=26_500, promotion="clearance", prior_price=399, percent_off=50),
    _sample("clearance", "penne-hr", CROATIA, _PENNE, _ANCHOR,
            price=99, unit_price=19_800, promotion="clearance", reference_price=149),
    _sample("clearance", "juice-hr", CROATIA, _JUICE, _ANCHOR,
            price=99, unit_price=9_900, promotion="clearance", prior_price=189, percent_off=47,
            reference_price=179, deposit=10),
    _sample("loyalty", "tea-gb", BRITAIN, _TEA, _UNTIL,
            price=325, unit_price=130_000, promotion="loyalty", loyalty_price=250,
            loyalty_unit_price=100_000, loyalty_program="with Harrow Card"),
    _sample("loyalty", "granola-us", AMERICA, _GRANOLA, _UNTIL,
            price=349, unit_price=1450, promotion="loyalty", loyalty_price=279,
            loyalty_unit_price=1160, loyalty_program="with Family Card"),
    _sample("loyalty", "penne-hr", CROATIA, _PENNE, _ANCHOR, _UNTIL,
            price=155, unit_price=31_000, promotion="loyalty", loyalty_price=129,
            loyalty_unit_price=25_800, loyalty_program="uz karticu Moja kuća",
            reference_price=149),
    _sample("loyalty", "juice-hr", CROATIA, _JUICE, _ANCHOR, _UNTIL,
            price=189, unit_price=18_900, promotion="loyalty", loyalty_price=149,
            loyalty_unit_price=14_900, loyalty_program="uz karticu Moja kuća",
            reference_price=179, deposit=10),
)  # fmt: skip
_SEVERAL = (
    _sample("multi-buy", "granola-us", AMERICA, _GRANOLA, _UNTIL,
            price=279, unit_price=1040, promotion="multi-buy", bundle_quantity=2,
            bundle_price=500, must_buy=True),
    _sample("multi-buy", "juice-hr", CROATIA, _JUICE, _ANCHOR, _UNTIL,
            price=189, unit_price=17_450, promotion="multi-buy", bundle_quantity=2,
            bundle_price=349, reference_price=179, deposit=10),
    _sample("bogo", "yogurt-gb", BRITAIN, _YOGURT, _UNTIL,
            price=275, unit_price=41_700, promotion="buy-get", bundle_quantity=3,
            pay_quantity=2, bundle_price=550, must_buy=True),
    _sample("bogo", "granola-us", AMERICA, _GRANOLA, _UNTIL,
            price=399, unit_price=830, promotion="buy-get", bundle_quantity=2, pay_quantity=1,
            bundle_price=399, must_buy=True, limit=2),
    _sample("bogo", "muesli-de", GERMANY, _MUESLI, _UNTIL,
            price=399, unit_price=35_500, promotion="buy-get", bundle_quantity=3, pay_quantity=2,
            bundle_price=798, must_buy=True),
    _sample("bogo", "juice-hr", CROATIA, _JUICE, _ANCHOR, _UNTIL,
            price=189, unit_price=12_600, promotion="buy-get", bundle_quantity=3, pay_quantity=2,
            bundle_price=378, must_buy=True, reference_price=179, deposit=10),
)  # fmt: skip
PRICES: tuple[Sample, ...] = (*_EVERYDAY, *_REDUCED, *_SEVERAL)
