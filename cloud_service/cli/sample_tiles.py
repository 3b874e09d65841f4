"""Samples as `tiles check --all` and `tiles sheet` draw them, with the installed or any bundle."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cloud_service.cli.bundle_file import opened_bundle
from label_templates.layout.errors import AssetError
from label_templates.render import Renderer, Templating
from label_templates.samples import SAMPLES, Sample, sample_bundle, samples_of

BORROWED = ("price/promotion", "price/standard")
"""Templates whose samples are lent to a template that has none of its own."""


@dataclass(frozen=True)
class SampleTiles:
    """Samples, and the renderer that draws them."""

    renderer: Renderer
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class _WithSampleFiles:
    """A bundle that also has the photos and facts that samples name."""

    bundle: Templating

    def template(self, name: str) -> str:
        return self.bundle.template(name)

    def asset(self, digest: str) -> bytes:
        try:
            return self.bundle.asset(digest)
        except AssetError:
            return sample_bundle().asset(digest)


@contextmanager
def opened_samples(bundle: Path | None) -> Iterator[SampleTiles]:
    """Open the samples of a bundle's templates; None: those of the installed one."""
    if bundle is None:
        yield SampleTiles(Renderer(sample_bundle()), SAMPLES)
        return
    with opened_bundle(bundle) as opened:
        samples = tuple(_samples(opened.names()))
        yield SampleTiles(Renderer(_WithSampleFiles(opened)), samples)


def _samples(templates: Iterable[str]) -> Iterator[Sample]:
    """Yield the samples of templates; one that has none is shown with those of price tiles."""
    for template in templates:
        yield from samples_of(template) or (_lent(other, template) for other in BORROWED)


def _lent(owner: str, template: str) -> Sample:
    sample = samples_of(owner)[0]
    name = f"{owner.rpartition('/')[2]}-{sample.name}"
    return replace(sample, template=template, name=name)
