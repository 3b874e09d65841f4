"""The tiles whose pixels are kept: every sample on every panel that its template is made for."""

from dataclasses import dataclass
from pathlib import Path

from label_templates.contract.panel import PanelSpec
from label_templates.contract.tile import TileContent
from label_templates.drawing.frame import Frame
from label_templates.layout.node import Bars
from label_templates.render import Renderer
from label_templates.samples import SAMPLES, Sample, sample_bundle
from tests.panels import SPECS

FRAMES = Path(__file__).parent / "frames"
RENDERER = Renderer(sample_bundle())


@dataclass(frozen=True)
class Case:
    """One tile on one panel."""

    sample: Sample
    panel: PanelSpec

    @property
    def file(self) -> Path:
        """Return where its pixels are kept."""
        return FRAMES / self.panel.name / f"{self.sample.slug}.png"

    @property
    def content(self) -> TileContent:
        """Return what it says."""
        return self.sample.content

    def draw(self) -> Frame:
        """Draw it anew."""
        sample = self.sample
        return RENDERER.render(sample.template, sample.content, self.panel, sample.store)

    def bars(self) -> bool:
        """Tell whether it has a barcode."""
        sample = self.sample
        marks = RENDERER.marks(sample.template, sample.content, self.panel, sample.store)
        return any(type(mark) is Bars for mark in marks)


CASES = [
    Case(sample, panel)
    for sample in SAMPLES
    for panel in SPECS.values()
    if RENDERER.claims(sample.template, panel)
]
