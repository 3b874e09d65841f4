"""Trying a bundle before anything is drawn with it: templates on made-up tiles, files by opening.

A template is broken where none of the made-up tiles can be filled in and read as markup on any
panel that it claims; one that merely has no room for them is made for less to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from label_templates.bundles import specimens
from label_templates.bundles.bundle import Bundle, StoredBundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import FilePart
from label_templates.bundles.media import media_type
from label_templates.contract.errors import ContractError
from label_templates.contract.facts import ProductFacts
from label_templates.contract.panel import SURFACES, PanelSpec
from label_templates.drawing.photo import opened
from label_templates.layout.errors import MarkupError, RenderError, UnknownTemplateError
from label_templates.render import Renderer


@dataclass
class Trial:
    """How a template did on made-up tiles."""

    template: str
    drawn: set[str] = field(default_factory=set)
    """Panels on which at least one could be drawn."""
    undrawn: dict[str, str] = field(default_factory=dict)
    """Panels that it claims and on which none could be drawn, and why the last could not."""
    broken: str | None = None
    """Why it cannot be used at all."""


def try_template(renderer: Renderer, template: str, panels: Sequence[PanelSpec]) -> Trial:
    """Draw the made-up tiles on those panels that a template claims.

    `renderer` draws with `specimens.WithSpecimens`.
    """
    trial = Trial(template, broken=broken_template(renderer, template, panels))
    if trial.broken is None:
        for panel in panels:
            if renderer.claims(template, panel):
                _try_on(renderer, trial, panel)
    return trial


def broken_template(renderer: Renderer, template: str, near: Sequence[PanelSpec]) -> str | None:
    """Say why a template cannot be used at all, or None; quick where it can be on near panels.

    `renderer` draws with `specimens.WithSpecimens`.
    """
    why = None
    try:
        claimed = [panel for panel in (*near, *SURFACES)
                   if renderer.claims(template, panel)]  # fmt: skip
    except RenderError as error:
        return str(error)
    for panel in claimed:
        for content in specimens.contents():
            try:
                renderer.render(template, content, panel, specimens.STORE)
            except RenderError as error:
                if not _is_broken(error):
                    return None
                why = why or str(error)
            else:
                return None
    return why or (None if claimed else f"template {template}: claims no panel of the catalogue")


def _try_on(renderer: Renderer, trial: Trial, panel: PanelSpec) -> None:
    for content in specimens.contents():
        try:
            renderer.render(trial.template, content, panel, specimens.STORE)
        except RenderError as error:
            trial.undrawn[panel.name] = str(error)
        else:
            trial.drawn.add(panel.name)
            trial.undrawn.pop(panel.name, None)
            return


def broken_files(bundle: Bundle | StoredBundle) -> Iterator[str]:
    """Yield, for each file that is not what it must be, its path and the reason."""
    for path, part in bundle.manifest.files.items():
        try:
            _check_file(path, part, bundle.asset(part.sha256))
        except ContractError as error:
            yield f"{path}: {error}"


def broken_parts(bundle: Bundle | StoredBundle) -> Iterator[str]:
    """Yield whatever makes a bundle one that nobody should draw with."""
    yield from broken_files(bundle)
    renderer = Renderer(specimens.WithSpecimens(bundle))
    for template in bundle.names():
        why = broken_template(renderer, template, ())
        if why is not None:
            yield why


def _is_broken(error: RenderError) -> bool:
    return isinstance(error, MarkupError | UnknownTemplateError)


def _check_file(path: str, part: FilePart, data: bytes) -> None:
    kind = media_type(path, data)
    if kind != part.type:
        raise BundleError(f"is {kind}, and listed as {part.type}")
    if kind == "application/json":
        ProductFacts.read(data)
    else:
        opened(data)
