"""Views to draw pages from, each with only what a test says."""

from typing import Any

from cloud_service.services.views.shelves import TileView

NOW = 1_795_000_000
"""18 November 2026, 12:06:40 in Zagreb."""


def tile(**facts: Any) -> TileView:
    """Return a tile that shows what it should, but for the facts given."""
    return TileView(
        **{
            "store_id": "0204",
            "position": "b01-s2-p03",
            "bay": 1,
            "shelf": 2,
            "place": 3,
            "device_id": "shelf-1",
            "panel": "epd-2.9-bwr",
            "sku": "4711",
            "name": "Filter Coffee",
            "state": "shown",
            "why": None,
            "connected": True,
            "wanted_price": 599,
            "shown_price": 599,
            "wanted_rev": 4,
            "shown_rev": 4,
            "shown_at": NOW - 60,
            "proved": True,
            "image": "a" * 32,
            "wanted_image": "a" * 32,
            **facts,
        }
    )
