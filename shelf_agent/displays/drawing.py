"""Drawing pictures with the renderer of their bundle. Renderers are shared by the whole process."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from label_templates.bundles import StoredBundle
from label_templates.bundles.checking import broken_template
from label_templates.bundles.specimens import WithSpecimens
from label_templates.contract.errors import ContractError
from label_templates.contract.panel import Ink, PanelSpec
from label_templates.contract.tile import Showing
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer, Templating
from shelf_agent.errors import BundleFault, BundleMissing, DrawingError
from shelf_agent.machine.values import Picture

log = logging.getLogger(__name__)

OpenBundle = Callable[[str], Templating]
"""Return the bundle of a digest; BundleFault where it is not here."""

MOST_RENDERERS = 3
"""The bundle in use, the one before, and the one that came with the agent."""

_drawing = threading.Lock()
"""The renderers' caches are not made for two threads at once."""
_renderers: OrderedDict[str, Renderer] = OrderedDict()
_good: set[tuple[str, str]] = set()
"""Templates that were tried, by their bundle: of many agents in a process one tries them."""


def draw(picture: Picture, panel: PanelSpec, bundles: OpenBundle) -> Frame:
    """Draw a picture for a panel; raise DrawingError with the reason, BundleMissing among them."""
    if picture.showing is None:
        white = bytes([panel.inks.index(Ink.WHITE)])
        return Frame(panel.width, panel.height, panel.inks, white * (panel.width * panel.height))
    try:
        with _drawing:
            return _drawn(picture, picture.showing, panel, bundles)
    except BundleFault as fault:
        raise BundleMissing(fault) from fault
    except ContractError as error:
        raise DrawingError(str(error)) from error
    except Exception as error:
        # One tile must not take down the shelf, whatever is wrong with the renderer.
        log.exception("the renderer failed at %s", picture.position)
        raise DrawingError(f"the renderer failed: {error!r}") from error


def check(bundle: StoredBundle, template: str, near: Sequence[PanelSpec]) -> None:
    """Try one template of a bundle; raise DrawingError where this agent cannot draw with it."""
    if (bundle.digest, template) in _good:
        return
    try:
        with _drawing:
            why = broken_template(Renderer(WithSpecimens(bundle)), template, near)
    except BundleFault as fault:
        raise BundleMissing(fault) from fault
    except Exception as error:
        log.exception("the renderer failed at %s of %s", template, bundle.digest)
        why = f"template {template}: the renderer failed: {error!r}"
    if why is not None:
        raise DrawingError(why)
    _good.add((bundle.digest, template))


def _drawn(picture: Picture, shown: Showing, panel: PanelSpec, bundles: OpenBundle) -> Frame:
    known = _renderers.get(picture.bundle)
    if known is not None:
        try:
            return known.render(shown.tpl, shown.content, panel, picture.store)
        except BundleFault:
            del _renderers[picture.bundle]  # it may read from where another agent keeps its files
    renderer = Renderer(bundles(picture.bundle))
    _renderers[picture.bundle] = renderer
    while len(_renderers) > MOST_RENDERERS:
        _renderers.popitem(last=False)
    return renderer.render(shown.tpl, shown.content, panel, picture.store)
