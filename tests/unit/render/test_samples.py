"""Samples show what shops really print, on every panel that a template claims."""

import pytest

from label_templates.bundles import installed_bundle
from label_templates.contract.facts import ProductFacts
from label_templates.contract.panel import SURFACES
from label_templates.render import Renderer
from label_templates.samples import SAMPLES, Sample, sample_bundle, samples_of

RENDERER = Renderer(sample_bundle())


def named(sample: Sample) -> str:
    return sample.slug


@pytest.mark.parametrize("sample", SAMPLES, ids=named)
def test_a_sample_is_drawn_on_every_panel_its_template_claims(sample: Sample) -> None:
    panels = [spec for spec in SURFACES if RENDERER.claims(sample.template, spec)]
    assert panels
    for panel in panels:
        frame = RENDERER.render(sample.template, sample.content, panel, sample.store)
        assert len(set(frame.indices)) > 1


def test_every_template_has_samples() -> None:
    assert [name for name in installed_bundle().names() if not samples_of(name)] == []


def test_samples_have_names_of_their_own() -> None:
    assert len({sample.slug for sample in SAMPLES}) == len(SAMPLES)


def test_what_samples_name_by_hash_is_there() -> None:
    bundle = sample_bundle()
    for sample in SAMPLES:
        for digest in {sample.content.image, sample.content.facts} - {None}:
            assert bundle.asset(digest or "")


def test_sample_facts_read_as_product_facts() -> None:
    documents = [data for path, data in sample_bundle().files.items() if path.endswith(".json")]
    assert len(documents) == 3
    assert all(ProductFacts.read(data).nutrition for data in documents)
