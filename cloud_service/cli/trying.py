"""Trying a bundle on this machine, as the service and every shelf do before they draw with it."""

from collections.abc import Sequence

from cloud_service.shelves.composition import TEMPLATES
from label_templates.bundles import Bundle, StoredBundle
from label_templates.bundles.checking import broken_files, try_template
from label_templates.bundles.specimens import WithSpecimens
from label_templates.contract.panel import panel_spec
from label_templates.render import Renderer


def faults_of(bundle: Bundle | StoredBundle, panels: Sequence[str]) -> list[str]:
    """Return all that is wrong with a bundle; a template must draw on each panel it claims."""
    specs = [panel_spec(name) for name in panels]
    renderer = Renderer(WithSpecimens(bundle))
    missing = sorted(set(TEMPLATES) - set(bundle.names()))
    faults = [f"template {name} is missing; every store needs it" for name in missing]
    faults += broken_files(bundle)
    for name in bundle.names():
        trial = try_template(renderer, name, specs)
        faults += [trial.broken] if trial.broken else []
        faults += [f"{panel}: {why}" for panel, why in trial.undrawn.items()]
    return faults
