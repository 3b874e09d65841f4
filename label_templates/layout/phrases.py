"""The few fixed words of a label, by language: `languages/*.json`.

A file holds a language, or, as `sr-Cyrl` or `es-ES`, only what differs in a script or territory. A
language that has no file reads English. Each `{}` takes one value, in order.

`unit-price` heads the unit price, as Connecticut Regs. 21a-75-4 and 98/6/EC ask. `prior` stands
before the lowest price of the 30 days before a reduction (98/6/EC art. 6a; in Croatia it has its
own wording), outside the EU before the price that held before. `reference` heads the price that
Croatian law has stand beside the current one (NN 75/2025). `pays` is `3 for 2`. `sponsored` is the
word an advertisement must carry.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_FOLDER = files("label_templates.layout") / "languages"
_READ_AS = {"no": "nb", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class Wording:
    """The phrases of a language, and the measures that are not printed as the contract has them."""

    phrases: Mapping[str, str]
    measures: Mapping[str, str]


@cache
def wording(language: str, script: str, territory: str) -> Wording:
    """Return a language's words as a script and a territory have them."""
    language = _READ_AS.get(language, language)
    base = _read(language) or _read("en")
    phrases, measures = dict(base["phrases"]), dict(base["measures"])
    for variant in (script, territory):
        differs = _read(f"{language}-{variant}")
        phrases |= differs.get("phrases", {})
        measures |= differs.get("measures", {})
    return Wording(phrases, measures)


def languages() -> list[str]:
    """Return the tags of all files: `hr`, `sr-Cyrl`, `es-ES`."""
    names = [entry.name for entry in _FOLDER.iterdir()]
    return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))


def _read(tag: str) -> dict[str, Any]:
    try:
        words: dict[str, Any] = json.loads((_FOLDER / f"{tag}.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return words
