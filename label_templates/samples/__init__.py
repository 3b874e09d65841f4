"""What shops really print: sample contents for every template, with the store they hang in.

Golden frames, contact sheets, checks and editors draw these. A template's samples stand in the file
of its group; pictures and facts go by hash, as in a
shelf's bundle: `sample_bundle` has them.
"""

from functools import cache

from label_templates.bundles import Bundle, installed_bundle
from label_templates.samples import facts, packshots, pictures
from label_templates.samples.info import INFO
from label_templates.samples.prices import PRICES
from label_templates.samples.sample import Sample
from label_templates.samples.staff import STAFF
from label_templates.samples.stage import ENDCAP, SPONSOR, STRIP

SAMPLES: tuple[Sample, ...] = (*PRICES, *INFO, *STAFF, *SPONSOR, *ENDCAP, *STRIP)
"""All samples, those of one template together; the first is the one to show where one is enough."""


def samples_of(template: str) -> tuple[Sample, ...]:
    """Return a template's samples; empty where it has none."""
    return tuple(sample for sample in SAMPLES if sample.template == template)


@cache
def sample_bundle() -> Bundle:
    """Return the installed templates with the files that samples name by hash."""
    files = {
        "photos/apple.png": pictures.apple(),
        "photos/bottle.png": pictures.bottle(),
        "photos/coffee.png": packshots.coffee(),
        "photos/cola.png": packshots.cola(),
        "photos/granola.png": packshots.granola(),
        "photos/milk.png": packshots.milk(),
        "photos/oranges.png": packshots.oranges(),
        "photos/penne.png": packshots.penne(),
        "facts/granola.json": facts.document(facts.GRANOLA),
        "facts/muesli.json": facts.document(facts.MUESLI),
        "facts/penne.json": facts.document(facts.PENNE),
    }
    return Bundle(installed_bundle().sources, files)


__all__ = ["SAMPLES", "Sample", "sample_bundle", "samples_of"]
