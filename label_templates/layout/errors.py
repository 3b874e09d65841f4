"""Why a tile could not be drawn, in words that name the template, the line and the node."""

from dataclasses import dataclass
from typing import Self

from typing_extensions import override

from label_templates.contract.errors import ContractError


class RenderError(ContractError):
    """A tile cannot be drawn."""


class FontError(RenderError):
    """A font, or FriBiDi for right-to-left text, is missing or not the one that is pinned."""


class CodeError(RenderError):
    """A number cannot be written as a barcode."""


class FrameError(RenderError):
    """A picture is not a frame of the inks it was said to be of."""


class FormatError(RenderError):
    """An amount, date or word cannot be printed for a locale."""


class GlyphError(RenderError):
    """No pinned font has a character: an empty box on a shelf would tell nobody what is wrong."""


@dataclass(frozen=True)
class Place:
    """Where in a template something stands: its line and the node as the markup calls it."""

    line: int
    node: str
    source: str = ""
    """The template whose line it is, where that is not the drawn one but one that it extends."""

    @override
    def __str__(self) -> str:
        """Write the place as messages do: `line 12, text "name"`, `line 12 of base/small`."""
        line = f"line {self.line} of {self.source}" if self.source else f"line {self.line}"
        return f"{line}, {self.node}" if self.node else line

    def within(self, template: str) -> "Place":
        """Return the place as seen from a template, whose own lines need no name."""
        return Place(self.line, self.node) if self.source == template else self


class TemplateError(RenderError):
    """A template cannot be drawn with a content; says where and why."""

    def __init__(self, reason: str, place: Place | None = None, template: str = "") -> None:
        self.reason = reason
        self.place = place = place.within(template) if place and template else place
        self.template = template
        where = [f"template {template}"] if template else []
        where += [str(place)] if place else []
        super().__init__(f"{', '.join(where)}: {reason}" if where else reason)

    def named(self, template: str) -> Self:
        """Return the same error with the template's name in it."""
        return type(self)(self.reason, self.place, template)


class UnknownTemplateError(TemplateError):
    """The bundle has no template of this name."""


class AssetError(TemplateError):
    """A file that a tile names is not in the bundle, or is not what it must be."""


class MarkupError(TemplateError):
    """The template itself is wrong, whatever the content."""


class FitError(TemplateError):
    """The content does not fit the node: never squeezed, never cut without a sign."""
