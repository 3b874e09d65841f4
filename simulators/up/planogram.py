"""Where products hang: bays of four shelves, filled category by category. Pure.

A device drives one shelf or several of one bay, at most twelve tiles on each. A shelf holds one
category where it can, so that a bay looks like one in a shop. Panels are mixed: most are small
e-ink; some devices begin with a large six-ink panel or an LCD, which a promoted product gets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from label_templates.contract.identifiers import parse_device_id, position_id
from label_templates.contract.twin import MAX_TILES

SHELVES_PER_BAY = 4
PLACES_PER_SHELF = 12

_SHELF_PANELS = ("epd-2.9-bwr", "epd-2.9-bw", "epd-2.9-bwr", "epd-2.13-bw")
_FEATURE_PANELS = ("epd-7.3-e6", None, "lcd-st7789")


@dataclass(frozen=True)
class Candidate:
    """A product that may be hung, with what decides where."""

    sku: str
    category: str = ""
    promoted: bool = False


@dataclass(frozen=True)
class Place:
    """One position of the planogram with its device, panel and product."""

    position: str
    device: str
    panel: str
    sku: str


@dataclass(frozen=True)
class _Shelf:
    """The places of one shelf of one bay, all driven by one device."""

    bay: int
    number: int
    device: str
    places: int
    panel: str
    feature: str | None
    """The panel at its first place, where that is another one."""


def hang(store: str, products: Sequence[Candidate], devices: int, tiles: int) -> list[Place]:
    """Fill that many devices with that many tiles each.

    Where there are more places than products, products stand a second time, as on an aisle's end.
    """
    shelves = list(_shelves(store, devices, tiles))
    chosen = iter(_chosen(products, devices * tiles, shelves[0].places))
    hung: list[Place] = []
    for shelf in shelves:
        row = [next(chosen) for _ in range(shelf.places)]
        hung.extend(_places(shelf, _promoted_first(row) if shelf.feature else row))
    return hung


def _shelves(store: str, devices: int, tiles: int) -> Iterator[_Shelf]:
    rows = _rows(tiles)
    per_bay = SHELVES_PER_BAY // len(rows)
    for number in range(devices):
        device = parse_device_id(f"{store.lower()}-{number + 1:03}")
        feature = _FEATURE_PANELS[number % len(_FEATURE_PANELS)]
        for level, places in enumerate(rows):
            shelf = number % per_bay * len(rows) + level
            yield _Shelf(
                bay=number // per_bay + 1,
                number=shelf + 1,
                device=device,
                places=places,
                panel=_SHELF_PANELS[shelf],
                feature=feature if level == 0 else None,
            )


def _rows(tiles: int) -> list[int]:
    """Return how many tiles stand on each shelf of a device, as even as it goes."""
    if not 1 <= tiles <= MAX_TILES:
        raise ValueError(f"a device has 1 to {MAX_TILES} tiles, not {tiles}")
    count = -(-tiles // PLACES_PER_SHELF)
    return [tiles // count + (level < tiles % count) for level in range(count)]


def _places(shelf: _Shelf, row: Sequence[Candidate]) -> Iterator[Place]:
    for place, product in enumerate(row, 1):
        panel = shelf.feature if place == 1 and shelf.feature else shelf.panel
        position = position_id(shelf.bay, shelf.number, place)
        yield Place(position, shelf.device, panel, product.sku)


def _promoted_first(row: list[Candidate]) -> list[Candidate]:
    first = next((index for index, product in enumerate(row) if product.promoted), 0)
    return [row[first], *row[:first], *row[first + 1 :]]


def _chosen(products: Sequence[Candidate], places: int, row: int) -> list[Candidate]:
    """Return one product for each place: every product as often as all fit, then a selection."""
    if not products:
        raise ValueError("there is no product to hang")
    shelved = _by_category(products)
    rounds, rest = divmod(places, len(products))
    every = [product for category in shelved for product in category]
    taken = _allotted([len(category) for category in shelved], rest, row)
    picked = zip(shelved, taken, strict=True)
    return every * rounds + [product for category, count in picked for product in category[:count]]


def _by_category(products: Sequence[Candidate]) -> list[list[Candidate]]:
    """Return the products of each category, both in the order in which they come first."""
    categories: dict[str, list[Candidate]] = {}
    for product in products:
        categories.setdefault(product.category, []).append(product)
    return list(categories.values())


def _allotted(sizes: Sequence[int], places: int, row: int) -> list[int]:
    """Share places among categories by their sizes: whole rows first, then single places."""
    taken = [0] * len(sizes)
    for unit in (row, 1):
        while places >= unit and (lucky := _neediest(sizes, taken, unit)) is not None:
            taken[lucky] += unit
            places -= unit
    return taken


def _neediest(sizes: Sequence[int], taken: Sequence[int], unit: int) -> int | None:
    """Return who gets the next `unit` places: by Sainte-Lague, which is fair to small ones."""
    able = [index for index, size in enumerate(sizes) if size - taken[index] >= unit]
    return min(able, key=lambda index: (taken[index] + unit / 2) / sizes[index], default=None)
