"""Pictures of tiles: what would hang, what should hang, and what does."""

from dataclasses import dataclass

from cloud_service.catalog.products import find_product
from cloud_service.catalog.stores import Store, find_store
from cloud_service.errors import Invalid, NotFound
from cloud_service.pricing.book import listings
from cloud_service.pricing.offering import Offering
from cloud_service.services.tiles import hung_at, wanted_tag
from cloud_service.shelves.composition import on_panel, showing_at
from cloud_service.shelves.plan import assets_of, facts_of, terms_of
from cloud_service.shelves.preview import Pictures
from cloud_service.storage import Unit
from label_templates.contract.errors import ContractError, MoneyError
from label_templates.contract.money import check_amount
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing
from label_templates.drawing.frame import Frame

Picture = tuple[Frame, str]
"""A frame with its tag."""


@dataclass(frozen=True)
class Wish:
    """A price tried on, minor units (None: the one that stands), at an instant."""

    amount: int | None
    now: int


@dataclass(frozen=True)
class Look:
    """What to draw, and on what."""

    showing: Showing
    panel: str
    store: Store


def look_of_product(unit: Unit, store_id: str, sku: str, panel: str, wish: Wish) -> Look:
    """Return how a product's tile would look, with a price tried on."""
    store = find_store(unit, store_id)
    try:
        panel_spec(panel)
    except ContractError as error:
        raise Invalid("panel", str(error)) from error
    product = find_product(unit, sku)
    offering = _offering(unit, store, sku, wish)
    facts = facts_of(product, store, assets_of(unit, store, [product]))
    showing = showing_at(facts, offering, terms_of(store, wish.now), wish.now)
    if showing is None:
        raise NotFound(f"Product {sku!r} has no price in store {store.id} now.")
    return Look(on_panel(showing, panel), panel, store)


def look_of_position(unit: Unit, store_id: str, position: str, wish: Wish) -> Look:
    """Return how a position's tile would look; raise NotFound where no product stands there."""
    found = hung_at(unit, store_id, position, wish.now).position
    if found.sku is None:
        raise NotFound(f"No product is planned at {position} in store {store_id}.")
    return look_of_product(unit, store_id, found.sku, found.panel, wish)


def hanging_picture(
    unit: Unit, store_id: str, position: str, pictures: Pictures, now: int
) -> Picture | None:
    """Return what hangs at a position by its last ack; None before the first."""
    hung = hung_at(unit, store_id, position, now)
    shown, frame = hung.standing.shown, hung.standing.frame
    if shown is None or frame is None:
        return None
    store, panel = hung.shelf.stores[store_id], hung.position.panel
    try:
        return pictures.frame_with(hung.standing.bundle, shown, panel, store), frame
    except NotFound:  # drawn with a bundle that came with another version of the agent
        near = pictures.frame(shown, panel, store)
        return near, near.digest()


def wanted_picture(
    unit: Unit, store_id: str, position: str, pictures: Pictures, now: int
) -> Picture | None:
    """Return what should hang at a position now; None where nothing should."""
    hung = hung_at(unit, store_id, position, now)
    tag = wanted_tag(hung, pictures)
    if hung.wanted is None or tag is None:
        return None
    store = hung.shelf.stores[store_id]
    return pictures.frame(hung.wanted, hung.position.panel, store), tag


def _offering(unit: Unit, store: Store, sku: str, wish: Wish) -> Offering:
    """Return a product's offering, with the price tried on in place of the one that counts."""
    listing = listings(unit, store.zone, store.id, [sku], wish.now).get(sku)
    if wish.amount is None:
        if listing is None:
            raise NotFound(f"Product {sku!r} has no price in store {store.id}.")
        return listing.offering
    try:
        check_amount(wish.amount)
    except MoneyError as error:
        raise Invalid("amount", str(error)) from error
    offering = listing.offering if listing else Offering(())
    return offering.charging(wish.amount, wish.now)
