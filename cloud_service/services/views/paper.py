"""Views of paper tags."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TagView:
    """What the paper tag of one position says. Price in minor units."""

    position: str
    sku: str
    name: str
    price: int
    holds_until: int | None
    """When it will no longer be true, as the book stands; None: not within the coming year."""


@dataclass(frozen=True)
class TagsView:
    """Paper tags in the order in which shelves are walked, and the sheets they take."""

    store_id: str
    currency: str
    format: str
    pages: int
    tags: tuple[TagView, ...]
    left_out: int = 0
    """How many cannot be drawn."""

    @property
    def holds_until(self) -> int | None:
        """When the first of them will no longer be true."""
        return min((tag.holds_until for tag in self.tags if tag.holds_until), default=None)
