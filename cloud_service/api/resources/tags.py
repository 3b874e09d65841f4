"""Paper tags."""

from datetime import datetime
from typing import Self

from cloud_service.api.money import Money, money
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.services.views.paper import TagsView


class TagResource(Resource):
    """What the paper tag of a position says, and until when that is true."""

    position: str
    sku: str
    name: str
    price: Money | None
    holds_until: datetime | None


class TagsResource(Resource):
    """Paper tags in the order in which shelves are walked, and the sheets they take."""

    store_id: str
    format: str
    pages: int
    holds_until: datetime | None
    """When the first of them will no longer be true."""
    tags: tuple[TagResource, ...]

    @classmethod
    def of(cls, view: TagsView) -> Self:
        """Show tags."""
        tags = tuple(
            TagResource(
                position=tag.position,
                sku=tag.sku,
                name=tag.name,
                price=money(tag.price, view.currency),
                holds_until=instant(tag.holds_until),
            )
            for tag in view.tags
        )
        return cls(
            store_id=view.store_id,
            format=view.format,
            pages=view.pages,
            holds_until=instant(view.holds_until),
            tags=tags,
        )
