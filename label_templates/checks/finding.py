"""What a check found on a tile, in words that a merchandiser understands."""

from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

from label_templates.layout.errors import Place

Level = Literal["error", "warning"]

UNDRAWABLE = frozenset({"overflow", "missing-glyph", "code", "template"})
"""Codes of findings that leave no picture at all."""


@dataclass(frozen=True)
class Finding:
    """Something on a tile that must not hang (error), or that somebody should look at (warning).

    `code` is for scripts, `reason` for people; a rule that asks for it is cited.
    """

    level: Level
    code: str
    reason: str
    place: Place | None = None
    """The node and its line in the template; None: the tile as a whole."""
    citation: str | None = None

    @property
    def undrawable(self) -> bool:
        """Tell whether the tile cannot be drawn."""
        return self.code in UNDRAWABLE

    def words(self) -> dict[str, str | int | None]:
        """Return it for scripts, in JSON's words."""
        place = self.place
        return {
            "level": self.level,
            "code": self.code,
            "detail": self.reason,
            "node": place.node or None if place else None,
            "line": place.line if place else None,
            "source": place.source or None if place else None,
            "citation": self.citation,
        }

    @override
    def __str__(self) -> str:
        """Write it in a line: place, reason and citation."""
        where = f"{self.place}: " if self.place else ""
        law = f" ({self.citation})" if self.citation else ""
        return f"{where}{self.reason}{law}"


def has_errors(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a tile with these findings must not hang."""
    return any(finding.level == "error" for finding in findings)
