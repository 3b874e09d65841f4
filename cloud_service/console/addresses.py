"""Where everything on the console is: the one place that writes its addresses. Pure.

A picture's address holds its tag, so a browser may keep it for ever.
"""

from urllib.parse import quote, urlencode

from label_templates.contract.panel import panel_spec

LIST_PIXELS = 296
"""A picture in a list is this wide at most, and shown at half of it: sharp on screens of 2x."""


def store_page(store: str) -> str:
    """Return a store's page."""
    return f"/stores/{_part(store)}"


def bay_page(store: str, bay: int, tile: str | None = None) -> str:
    """Return a bay's page, with one of its tiles open if it is named."""
    address = f"{store_page(store)}/bays/{bay}"
    return f"{address}?{urlencode({'tile': tile})}" if tile else address


def paper_tags(store: str, bay: int, tile: str | None = None) -> str:
    """Return the sheets of a bay's paper tags, or of the tag of one tile."""
    address = f"{store_page(store)}/bays/{bay}/tags.pdf"
    return f"{address}?{urlencode({'position': tile})}" if tile else address


def product_page(sku: str, store: str | None = None) -> str:
    """Return a product's page, with its price in one store."""
    address = f"/products/{_part(sku)}"
    return f"{address}?{urlencode({'store': store})}" if store else address


def change_page(change: str) -> str:
    """Return a change's page."""
    return f"/changes/{_part(change)}"


def price_form(sku: str, store: str) -> str:
    """Return where a new price is sent."""
    return f"{store_page(store)}/products/{_part(sku)}/price"


def price_preview(sku: str, store: str, panel: str, amount_minor: int) -> str:
    """Return the picture of a price that is not saved."""
    query = urlencode({"panel": panel, "amount": amount_minor})
    return f"{store_page(store)}/products/{_part(sku)}/preview.png?{query}"


def picture(store: str, position: str, tag: str) -> str:
    """Return the picture of what hangs at a position, whole."""
    return f"{store_page(store)}/tiles/{_part(position)}/{_part(tag)}.png"


def thumbnail(store: str, position: str, panel: str, tag: str) -> str:
    """Return the same picture for lists: made smaller where the panel is large."""
    whole = picture(store, position, tag)
    return f"{whole}?small=1" if panel_spec(panel).width > LIST_PIXELS else whole


def wanted_picture(store: str, position: str, tag: str) -> str:
    """Return the picture of what should hang at a position."""
    return f"{store_page(store)}/tiles/{_part(position)}/wanted/{_part(tag)}.png"


def _part(text: str) -> str:
    return quote(text, safe="")
