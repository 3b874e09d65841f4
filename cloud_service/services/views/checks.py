"""Views of tiles that were checked."""

from dataclasses import dataclass

from label_templates.checks.finding import Finding


@dataclass(frozen=True)
class CheckedTile:
    """What is found on what a position shows, errors first, from an instant on (None: now)."""

    store_id: str
    position: str
    panel: str
    sku: str | None
    template: str
    since: int | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class CheckPage:
    """Some tiles of a store, checked: those on which something is found."""

    tiles: tuple[CheckedTile, ...]
    checked: int
    """How many positions were looked at."""
    next: str | None
    """The position after which to go on; None at the end."""
