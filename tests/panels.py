"""The panels that templates are tried on, by name, and those on which a single price is shown."""

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import SURFACES
from label_templates.render import Renderer

SPECS = {panel.name: panel for panel in SURFACES}
_RENDERER = Renderer(installed_bundle())
PANELS = tuple(name for name in SPECS if _RENDERER.claims("price/standard", SPECS[name]))
