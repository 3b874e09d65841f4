"""Which panels a template is made for, as it says at its head, and the four sizes of panels.

A template is no good everywhere: a page of product facts cannot be read on a label of five
centimetres. `{# needs: 250x122 #}` claims every panel of that many pixels or more but strips; words
after it keep the claim to sizes and kinds: `needs: 1280x120 strip`, `needs: 400x300 e-ink lcd`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from typing_extensions import override

from label_templates.contract.panel import PanelSpec
from label_templates.layout.errors import MarkupError, Place, TemplateError

PanelSize = Literal["small", "medium", "large", "strip"]
SIZES: tuple[PanelSize, ...] = get_args(PanelSize)
KINDS: tuple[str, ...] = get_args(PanelSpec.model_fields["kind"].annotation)
BASE = "base/"
"""Templates of this group are there for others to extend, and are not drawn themselves."""
_HEAD = re.compile(r"\s*\{#.*?#\}", re.DOTALL)
_NEEDS = re.compile(r"\bneeds:[ \t]*(?P<all>[^\n.;#]*)")
_WORDS = re.compile(r"(?P<width>[0-9]+)x(?P<height>[0-9]+)(?P<words>(?: [a-z-]+)*)")
_STRIP = 8
"""How many times as wide as high a panel of many positions is."""


def drawable(templates: Iterable[str]) -> tuple[str, ...]:
    """Return those templates that are drawn themselves, sorted."""
    return tuple(sorted(name for name in templates if not name.startswith(BASE)))


def panel_size(panel: PanelSpec) -> PanelSize:
    """Return a panel's size, by which a template chooses its arrangement.

    small: labels such as 296 x 128; medium: from 300 x 200; large: from 600 x 400; strip: at least
    eight times as wide as high.
    """
    if panel.width >= _STRIP * panel.height:
        return "strip"
    if panel.width >= 600 and panel.height >= 400:
        return "large"
    return "medium" if panel.width >= 300 and panel.height >= 200 else "small"


@dataclass(frozen=True, slots=True)
class Claim:
    """The panels that a template is made for."""

    width: int = 0
    height: int = 0
    sizes: tuple[str, ...] = SIZES
    kinds: tuple[str, ...] = KINDS

    def holds(self, panel: PanelSpec) -> bool:
        """Tell whether a panel is one of them."""
        room = panel.width >= self.width and panel.height >= self.height
        return room and panel_size(panel) in self.sizes and panel.kind in self.kinds

    def check(self, template: str, panel: PanelSpec) -> None:
        """Raise TemplateError where a panel is not one of them."""
        if not self.holds(panel):
            here = f"{panel.name} is a {panel_size(panel)} {panel.kind} panel of"
            raise TemplateError(
                f"is made for {self}; {here} {panel.width} x {panel.height} px", template=template
            )

    @override
    def __str__(self) -> str:
        """Write it as messages do."""
        sizes = "" if self.sizes == SIZES else f"{' or '.join(self.sizes)} "
        kinds = "" if self.kinds == KINDS else f"{' or '.join(self.kinds)} "
        return f"{sizes}{kinds}panels of {self.width} x {self.height} px or more"


def claim_of(template: str, source: str) -> Claim:
    """Read a template's claim from its first comment; one that says nothing claims every panel.

    Raises MarkupError for a claim that cannot be read.
    """
    head = _HEAD.match(source)
    needs = _NEEDS.search(head[0]) if head else None
    if needs is None:
        return Claim()
    found = _WORDS.fullmatch(needs["all"].strip())
    words = found["words"].split() if found else []
    if found is None or not set(words) <= {*SIZES, *KINDS}:
        line = source.count("\n", 0, needs.start()) + 1
        raise MarkupError(
            f"{needs[0].strip()!r} is not a claim such as 'needs: 250x122' or"
            f" 'needs: 400x300 medium large e-ink'; words are {', '.join((*SIZES, *KINDS))}",
            Place(line, ""),
            template,
        )
    sizes = tuple(word for word in SIZES if word in words)
    kinds = tuple(word for word in KINDS if word in words)
    return Claim(int(found["width"]), int(found["height"]), sizes or SIZES[:3], kinds or KINDS)
