"""Samples of the templates that tell what is not a price: out of stock, facts."""

from typing import Any

from label_templates.bundles.manifest import sha256_of
from label_templates.contract.facts import ProductFacts
from label_templates.samples import facts
from label_templates.samples.goods import GRANOLA, MUESLI, ORANGES, PENNE, PENNE_CUT
from label_templates.samples.sample import Sample
from label_templates.samples.stores import AMERICA, CROATIA, GERMANY

_GONE = {"out_of_stock": True}
_BACK = {**_GONE, "back_on": "2026-11-30"}


def _of(document: ProductFacts) -> dict[str, Any]:
    return {"facts": sha256_of(facts.document(document))}


INFO: tuple[Sample, ...] = (
    Sample.of("info/out-of-stock", "penne-hr", CROATIA, PENNE, _BACK),
    Sample.of("info/out-of-stock", "granola-us", AMERICA, GRANOLA, _BACK),
    Sample.of("info/out-of-stock", "muesli-de", GERMANY, MUESLI, _BACK),
    Sample.of("info/out-of-stock", "oranges-us", AMERICA, ORANGES, _GONE),
    Sample.of("info/out-of-stock", "penne-cut-hr", CROATIA, PENNE_CUT, _BACK),
    Sample.of("info/facts", "granola-us", AMERICA, GRANOLA, _of(facts.GRANOLA)),
    Sample.of("info/facts", "penne-hr", CROATIA, PENNE, _of(facts.PENNE)),
    Sample.of("info/facts", "muesli-de", GERMANY, MUESLI, _of(facts.MUESLI)),
)
