"""The few fixed words of a label, by language. A language that is not here reads English.

`unit-price` heads the unit price, as Connecticut Regs. 21a-75-4 and 98/6/EC ask. `prior` stands
before the lowest price of the 30 days before a reduction (98/6/EC art. 6a; in Croatia it has its
own wording), outside the EU before the price that held before.
"""

from types import MappingProxyType

_ENGLISH = {
    "unit-price": "Unit price",
    "prior": "was",
    "special": "SPECIAL",
    "sale": "SALE",
    "until": "until {}",
    "off": "{} off",
    "for": "{} for",
    "each": "{} each",
    "must-buy": "Must buy {}",
    "weighed": "Sold by weight",
}

PHRASES = MappingProxyType(
    {
        "en": _ENGLISH,
        "hr": {
            "unit-price": "Jedinična cijena",
            "prior": "Najniža u 30 dana",
            "special": "AKCIJA",
            "sale": "SNIŽENO",
            "until": "do {}",
            "off": "−{}",
            "for": "{} za",
            "each": "1 kom {}",
            "must-buy": "Kupite {}",
            "weighed": "Prodaje se na vagu",
        },
        "de": {
            "unit-price": "Grundpreis",
            "prior": "30-Tage-Tiefstpreis",
            "special": "AKTION",
            "sale": "REDUZIERT",
            "until": "bis {}",
            "off": "−{}",
            "for": "{} für",
            "each": "einzeln {}",
            "must-buy": "Nur im {}er-Pack",
            "weighed": "Nach Gewicht",
        },
        "fr": {
            "unit-price": "Prix à l’unité",
            "prior": "Prix le plus bas 30 j",
            "special": "PROMO",
            "sale": "PROMO",
            "until": "jusqu’au {}",
            "off": "−{}",
            "for": "{} pour",
            "each": "{} l’unité",
            "must-buy": "Par {}",
            "weighed": "Vendu au poids",
        },
        "es": {
            "unit-price": "Precio por unidad",
            "prior": "Mínimo 30 días",
            "special": "OFERTA",
            "sale": "REBAJA",
            "until": "hasta {}",
            "off": "−{}",
            "for": "{} por",
            "each": "{} la unidad",
            "must-buy": "Al llevar {}",
            "weighed": "A peso",
        },
        "it": {
            "unit-price": "Prezzo unitario",
            "prior": "Minimo 30 giorni",
            "special": "OFFERTA",
            "sale": "SCONTO",
            "until": "fino al {}",
            "off": "−{}",
            "for": "{} per",
            "each": "{} cad.",
            "must-buy": "Acquistandone {}",
            "weighed": "A peso",
        },
    }
)

MEASURES = MappingProxyType(
    {
        "en": {"m2": "m²", "m3": "m³", "ea": "each", "ct": "ct"},
        "hr": {"m2": "m²", "m3": "m³", "ea": "kom", "ct": "kom"},
        "de": {"m2": "m²", "m3": "m³", "ea": "Stück", "ct": "Stück"},
        "fr": {"m2": "m²", "m3": "m³", "ea": "pièce", "ct": "pièce"},
        "es": {"m2": "m²", "m3": "m³", "ea": "ud.", "ct": "ud."},
        "it": {"m2": "m²", "m3": "m³", "ea": "pz", "ct": "pz"},
    }
)
"""Measures that are not printed as the contract writes them."""


def of_language(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the phrases and the measures of a language, English where it is not known."""
    known = language if language in PHRASES else "en"
    return PHRASES[known], MEASURES[known]
