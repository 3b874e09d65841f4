"""A tile in words: what its cell, its row in a list and its panel say. Pure.

The page and the live stream take the same words from here, so that they cannot disagree. Every
value is text; an empty one means that there is nothing to show.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from cloud_service.console.addresses import (
    paper_tags,
    picture,
    product_page,
    thumbnail,
    wanted_picture,
)
from cloud_service.console.manner import Manner
from cloud_service.services.views.shelves import BayView, TileView
from label_templates.contract.panel import panel_spec

Words = dict[str, str]

MOODS: Final = {
    "failed": "Failed",
    "pending": "Pending",
    "offline": "Offline",
    "empty": "No product",
    "paper": "Paper",
    "shown": "Shown",
}
"""What a tile can be, worst first, and the word for it."""

PANEL_PIXELS: Final = 320
"""The panel beside the board is so wide: what is larger is shown smaller there."""


def mood(tile: TileView) -> str:
    """Return which of MOODS a tile is in: the worst that holds."""
    if tile.sku is None:
        return "empty"
    if tile.state != "shown":
        return tile.state
    return "shown" if tile.connected else "offline"


def needs_attention(tile: TileView) -> bool:
    """Tell whether somebody should look: not for what is merely on its way."""
    return mood(tile) in {"failed", "offline", "empty"} or (
        mood(tile) == "pending" and not tile.connected
    )


def tile_words(tile: TileView, manner: Manner, now: int) -> Words:
    """Return everything a page says about a tile."""
    return {
        **_identity(tile),
        **_state(tile, manner),
        **_comparison(tile, manner, now),
        **_pictures(tile, manner),
    }


def tally(tiles: Iterable[TileView]) -> Words:
    """Return how many tiles are in each mood, how many there are, and how many need somebody."""
    listed = list(tiles)
    counts = Counter(mood(tile) for tile in listed)
    attention = sum(needs_attention(tile) for tile in listed)
    return {
        "all": str(len(listed)),
        "attention": str(attention),
        "calm": "" if attention else "calm",
        **{name: str(counts[name]) for name in MOODS},
    }


def bay_words(bay: BayView, manner: Manner, now: int) -> dict[str, Words]:
    """Return the words of a bay by the key of the place on the page they belong to."""
    tiles = [tile for shelf in bay.shelves for tile in shelf.tiles]
    words = {f"tile:{tile.position}": tile_words(tile, manner, now) for tile in tiles}
    return {"tally": tally(tiles), **words}


def worst_first(tiles: Iterable[TileView]) -> list[TileView]:
    """Return the tiles that need somebody, the worst first, then by place."""
    order = list(MOODS)
    return sorted(
        (tile for tile in tiles if needs_attention(tile)),
        key=lambda tile: (order.index(mood(tile)), tile.position),
    )


def grain(panel: str) -> str:
    """Tell whether a panel's picture is shown pixel by pixel or, being large, smoothed."""
    return "fine" if panel_spec(panel).width > PANEL_PIXELS else "coarse"


def _identity(tile: TileView) -> Words:
    return {
        "position": tile.position,
        "place": str(tile.place),
        "where": f"Shelf {tile.shelf}, position {tile.place}",
        "name": tile.name or ("Empty position" if tile.sku is None else tile.sku),
        "sku": tile.sku or "",
        "device": tile.device_id or "none: it is printed",
        "panel": tile.panel,
        "product": product_page(tile.sku, tile.store_id) if tile.sku else "",
        "paper": paper_tags(tile.store_id, tile.bay, tile.position) if tile.sku else "",
    }


def _state(tile: TileView, manner: Manner) -> Words:
    name = mood(tile)
    return {
        "mood": name,
        "word": MOODS[name],
        "loud": "" if name == "shown" else "loud",
        "attention": "attention" if needs_attention(tile) else "",
        "why": _why(tile, name),
        "offline": "" if tile.connected else "offline",
        "contact": "connected" if tile.connected else "not connected",
        "arrow": f"→ {manner.plain(tile.wanted_price)}" if _price_moves(tile) else "",
    }


def _why(tile: TileView, name: str) -> str:
    if tile.why:
        return sentence(tile.why)
    return {
        "offline": "The device is not connected; the tile shows what it last reported.",
        "empty": "No product is planned for this position.",
        "paper": "It is printed on paper: print it anew when its price changes.",
        "pending": "The shelf has not confirmed yet.",
        "failed": "The device gave no reason.",
    }.get(name, "")


def sentence(text: str) -> str:
    """Write a reason, which may come from a device, as a sentence."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _comparison(tile: TileView, manner: Manner, now: int) -> Words:
    return {
        "price_on": manner.money(tile.shown_price),
        "price_should": manner.money(tile.wanted_price),
        "price_differs": "differs" if _price_moves(tile) else "",
        "rev_on": _number(tile.shown_rev),
        "rev_should": _number(tile.wanted_rev),
        "rev_differs": "differs" if _moves(tile.shown_rev, tile.wanted_rev) else "",
        "image_on": _short(tile.image),
        "image_should": _short(tile.wanted_image),
        "image_differs": "differs" if _moves(tile.image, tile.wanted_image) else "",
        "since": manner.instant(tile.shown_at, now),
        "proof": _proof(tile),
    }


def _proof(tile: TileView) -> str:
    if tile.image is None:
        return "–"
    return "pixel for pixel" if tile.proved else "not compared"


def _pictures(tile: TileView, manner: Manner) -> Words:
    store, position = tile.store_id, tile.position
    return {
        "image": picture(store, position, tile.image) if tile.image else "",
        "thumb": thumbnail(store, position, tile.panel, tile.image) if tile.image else "",
        "wanted": wanted_picture(store, position, tile.wanted_image)
        if tile.wanted_image and _moves(tile.image, tile.wanted_image)
        else "",
        "blank": "" if tile.image else _blank(tile),
        "alt": _alt(tile, manner),
        "grain": grain(tile.panel),
    }


def _blank(tile: TileView) -> str:
    if tile.sku is None:
        return "No product"
    return "Paper" if tile.state == "paper" else "Nothing yet"


def _alt(tile: TileView, manner: Manner) -> str:
    if tile.image is None:
        return ""
    return f"{tile.name or 'Tile'}, {manner.money(tile.shown_price)}"


def _price_moves(tile: TileView) -> bool:
    return tile.sku is not None and _moves(tile.shown_price, tile.wanted_price)


def _moves(shown: object, wanted: object) -> bool:
    return wanted is not None and shown != wanted


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def _short(tag: str | None) -> str:
    return "–" if tag is None else tag[:8]
