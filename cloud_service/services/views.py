"""What the services hand to the doors: plain values that pages, the API and the CLI show alike."""

from dataclasses import dataclass
from typing import Literal

TileState = Literal["shown", "pending", "failed"]


@dataclass(frozen=True)
class StoreView:
    """A store with its tallies."""

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    bays: tuple[int, ...]
    products: int
    tiles: int
    shown: int
    pending: int
    failed: int
    devices: int
    connected: int


@dataclass(frozen=True)
class DeviceView:
    """A device as the hub and its own reports have it. Instants are UTC seconds."""

    id: str
    store_id: str
    connected: bool
    seen_at: int | None
    """When its reported twin was last read."""
    stale: bool
    refused: str | None
    """Why it refuses what it was sent, in its own words."""
    tiles: int


@dataclass(frozen=True)
class TileView:
    """One position with what it should show, what it shows and whether these agree."""

    store_id: str
    position: str
    bay: int
    shelf: int
    place: int
    device_id: str
    panel: str
    sku: str | None
    """None: no product is planned here."""
    name: str | None
    state: TileState
    why: str | None
    """Why it is pending or failed, in words a store clerk understands."""
    connected: bool
    wanted_price: int | None
    """What it should show now, minor units; also `shown_price`."""
    shown_price: int | None
    wanted_rev: int | None
    shown_rev: int | None
    shown_at: int | None
    proved: bool
    """The frame the agent reported equals the one drawn here for the same tile."""
    image: str | None
    """Tag of the picture of what hangs there now, changes with it; None: nothing yet."""
    wanted_image: str | None
    """Tag of the picture of what it should show now; None: nothing, or it cannot be drawn."""


@dataclass(frozen=True)
class ShelfView:
    """One level of a bay."""

    number: int
    devices: tuple[str, ...]
    tiles: tuple[TileView, ...]


@dataclass(frozen=True)
class BayView:
    """A bay with its shelves, top to bottom."""

    store: StoreView
    number: int
    shelves: tuple[ShelfView, ...]


@dataclass(frozen=True)
class PriceView:
    """What a product costs in a store now, and why. Amounts in minor units of `currency`."""

    store_id: str
    currency: str
    regular: int | None
    effective: int
    reason: str
    """Why this is the effective price: `regular price`, `special price until 2026-07-05`."""
    unit_price: str | None
    """As printed."""
    prior: int | None
    reference: int | None
    promotion_until: int | None
    revision: int
    """The price book revision that set it."""
    version: int
    """Rises with each edit of this price: an editor hands it back so that two edits conflict."""


@dataclass(frozen=True)
class ProductView:
    """A product, with its price where a store is given."""

    sku: str
    name: str
    brand: str | None
    size: str | None
    gtin: str | None
    category: str | None
    weighed: bool
    price: PriceView | None
    positions: tuple[str, ...]
    """Where it stands in that store."""


@dataclass(frozen=True)
class ProductPage:
    """One page of a product search; `next` continues it, None at the end."""

    products: tuple[ProductView, ...]
    total: int
    next: str | None


@dataclass(frozen=True)
class PriceSet:
    """What setting one price did."""

    change_id: str
    revision: int
    store_id: str
    sku: str
    old: int | None
    new: int
    tiles: int
    """How many tiles must follow."""


@dataclass(frozen=True)
class RowError:
    """One row of a file that was not taken."""

    row: int
    """Line in the file, the header being 1."""
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do. Rows: read = new + changed + unchanged + refused."""

    store_id: str
    change_id: str | None
    revision: int | None
    read: int
    new: int
    changed: int
    unchanged: int
    tiles: int
    dry_run: bool
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]
    """What was odd but taken, counted: `37 rows: quantity 0.20 ko cannot give a unit price`."""
    refused: int = 0
    """How many rows had errors; `errors` lists the first thousand of them.

    read = new + changed + unchanged + refused. `change_id` is None where nothing was taken: in a
    dry run, where any row was refused (unless asked to go on), or where nothing differs.
    """


@dataclass(frozen=True)
class Status:
    """How far the shelves have followed."""

    devices: int
    connected: int
    shown: int
    pending: int
    failed: int
    attention: tuple[TileView, ...]
    """Tiles that need somebody, failed first, at most 50."""


@dataclass(frozen=True)
class PricesSet:
    """What setting many prices at once did."""

    change_id: str
    revision: int
    store_id: str
    prices: int
    """How many prices really changed."""
    tiles: int


@dataclass(frozen=True)
class PriceChange:
    """One step in the history of a product's price in a store."""

    change_id: str
    kind: Literal["price", "import", "planogram"]
    revision: int
    at: int
    actor: str
    note: str
    regular: int | None
    special: int | None


@dataclass(frozen=True)
class PriceStep:
    """What a product will cost from an instant on, without anybody doing anything."""

    at: int
    effective: int
    reason: str


@dataclass(frozen=True)
class ChangeView:
    """What somebody published: how many prices it changed and how many tiles had to follow."""

    id: str
    kind: Literal["price", "import", "planogram"]
    store_id: str | None
    revision: int
    actor: str
    note: str
    at: int
    prices: int
    tiles: int


@dataclass(frozen=True)
class LaggingTile:
    """A tile that does not show what it should, and why."""

    position: str
    device_id: str
    sku: str | None
    state: TileState
    why: str | None


@dataclass(frozen=True)
class Standing:
    """How far the tiles of some SKUs of a store have followed."""

    shown: int
    pending: int
    failed: int
    lagging: tuple[LaggingTile, ...]
    """At most 50 of those that are not shown."""
