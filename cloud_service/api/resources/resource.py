"""What all resources are: values that are shown, one by one or in pages of a list."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict

Item = TypeVar("Item", bound=BaseModel)


def instant(seconds: int | None) -> datetime | None:
    """Return UTC seconds as an instant; None stays None."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def seconds(moment: datetime | None) -> int | None:
    """Return an instant as UTC seconds; None stays None."""
    return None if moment is None else int(moment.timestamp())


class Resource(BaseModel):
    """A value that is shown, never edited."""

    model_config = ConfigDict(frozen=True)


class ListOf(Resource, Generic[Item]):
    """One page of a list; `next` is handed back as `after`, None at the end."""

    data: tuple[Item, ...]
    has_more: bool
    next: str | None = None

    @classmethod
    def cut(
        cls, items: Iterable[Item], key: Callable[[Item], str], after: str | None, limit: int
    ) -> Self:
        """Cut one page out of all items, ordered by a key that is unique."""
        rest = sorted((item for item in items if after is None or key(item) > after), key=key)
        data = tuple(rest[:limit])
        has_more = len(rest) > limit
        return cls(data=data, has_more=has_more, next=key(data[-1]) if has_more else None)
