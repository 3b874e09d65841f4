"""Answers a query page by page, each page from where the last one ended."""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from simulators.iothub.core.document import JsonObject, compact
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.hub import Device, Hub
from simulators.iothub.core.query.aggregation import summed_up
from simulators.iothub.core.query.evaluation import meets
from simulators.iothub.core.query.lookup import MISSING, Instant, look_up
from simulators.iothub.core.query.parser import parse_query
from simulators.iothub.core.query.syntax import Column, Path, Query
from simulators.iothub.core.views import twin_view

DEFAULT_PAGE: Final = 100
LARGEST_PAGE: Final = 1000
MOST_LOOKED_AT: Final = 5000
"""A page ends, perhaps short or empty, after so many devices, so that no query holds up the hub.

Azure's pages may be short as well: only a missing continuation token means the end.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: JSON items, what they are (`Twin` or `Raw`), and where to go on."""

    items: tuple[bytes, ...]
    kind: str
    continuation: str | None


@dataclass(frozen=True, slots=True)
class _Bookmark:
    """Where a query stands: behind which device or group, and how many of TOP are left."""

    query: str
    after: str = ""
    left: int | None = None

    def token(self) -> str:
        fields = [self.query, self.after, self.left]
        return base64.urlsafe_b64encode(json.dumps(fields).encode()).decode()

    @classmethod
    def parse(cls, token: str, query: str) -> Self:
        try:
            found = cls(*json.loads(base64.urlsafe_b64decode(token)))
        except (binascii.Error, ValueError, TypeError) as error:
            raise BadRequestError("The continuation token is not one of this hub's.") from error
        if found.query != query or not isinstance(found.after, str):
            raise BadRequestError("The continuation token belongs to another query.")
        return found


def run_query(hub: Hub, text: str, page_size: int | None, continuation: str | None) -> Page:
    """Give the next page of a query."""
    query = parse_query(text)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    if continuation:
        mark = _Bookmark.parse(continuation, digest)
    else:
        mark = _Bookmark(digest, left=query.top)
    size = min(page_size or DEFAULT_PAGE, LARGEST_PAGE)
    if query.source == "devices.jobs":
        return Page((), "DeviceJob", None)
    if query.aggregates:
        return _groups_page(hub, query, mark, size)
    return _items_page(hub, query, mark, size)


def _walk(hub: Hub, query: Query, after: str = "") -> Iterator[Device]:
    return hub.modules(after) if query.source == "devices.modules" else hub.devices(after)


def _items_page(hub: Hub, query: Query, mark: _Bookmark, size: int) -> Page:
    wanted = size if mark.left is None else min(size, mark.left)
    items: list[bytes] = []
    after = mark.after
    for looked_at, device in enumerate(_walk(hub, query, mark.after)):
        if len(items) == wanted or looked_at == MOST_LOOKED_AT:
            break
        after = device.identity.name
        if _is_found(device, query):
            items.append(_item(device, query.columns))
    else:
        return Page(tuple(items), _kind(query), None)
    left = None if mark.left is None else mark.left - len(items)
    token = None if left == 0 else _Bookmark(mark.query, after, left).token()
    return Page(tuple(items), _kind(query), token)


def _groups_page(hub: Hub, query: Query, mark: _Bookmark, size: int) -> Page:
    """Sum up all devices for every page: groups are few, and what they say is of one moment."""
    found = (device for device in _walk(hub, query) if _is_found(device, query))
    groups = [group for group in summed_up(found, query) if group[0] > mark.after]
    left = len(groups) if mark.left is None else min(mark.left, len(groups))
    shown = groups[: min(size, left)]
    token = None
    if left > len(shown):
        remaining = None if mark.left is None else mark.left - len(shown)
        token = _Bookmark(mark.query, shown[-1][0], remaining).token()
    return Page(tuple(compact(item) for _, item in shown), "Raw", token)


def _is_found(device: Device, query: Query) -> bool:
    return query.condition is None or meets(device, query.condition) is True


def _kind(query: Query) -> str:
    return "Raw" if query.columns else "Twin"


def _item(device: Device, columns: tuple[Column, ...]) -> bytes:
    if not columns:
        return twin_view(device)
    shown: JsonObject = {}
    for column in columns:
        value = look_up(device, column.what.names) if isinstance(column.what, Path) else MISSING
        if value is not MISSING:
            shown[column.name] = value.text if isinstance(value, Instant) else value
    return compact(shown)
