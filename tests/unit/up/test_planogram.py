"""Where products hang: bays, shelves, devices, panels."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract.identifiers import position_parts
from label_templates.contract.panel import CATALOGUE
from simulators.up.planogram import PLACES_PER_SHELF, SHELVES_PER_BAY, Candidate, Place, hang


def products(**sizes: int) -> list[Candidate]:
    return [Candidate(f"{name}-{n}", name) for name, size in sizes.items() for n in range(size)]


def by_shelf(places: list[Place]) -> dict[tuple[int, int], list[Place]]:
    shelves: dict[tuple[int, int], list[Place]] = {}
    for place in places:
        shelves.setdefault(position_parts(place.position)[:2], []).append(place)
    return shelves


@given(
    sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    devices=st.integers(1, 30),
    tiles=st.integers(1, 48),
)
def test_every_device_has_the_tiles_that_were_asked_for_in_one_bay(
    sizes: list[int], devices: int, tiles: int
) -> None:
    hung = hang("1001", products(**{f"c{n}": size for n, size in enumerate(sizes)}), devices, tiles)
    assert len({place.position for place in hung}) == devices * tiles
    assert set(Counter(place.device for place in hung).values()) == {tiles}
    homes = {(place.device, position_parts(place.position)[0]) for place in hung}
    assert len(homes) == devices
    assert all(place.panel in CATALOGUE for place in hung)
    for (_, shelf), row in by_shelf(hung).items():
        assert shelf <= SHELVES_PER_BAY
        assert len({place.device for place in row}) == 1
        assert [position_parts(place.position)[2] for place in row] == list(range(1, len(row) + 1))
        assert len(row) <= PLACES_PER_SHELF


@given(sizes=st.lists(st.integers(1, 60), min_size=1, max_size=6), devices=st.integers(1, 12))
def test_no_product_stands_twice_while_another_stands_nowhere(
    sizes: list[int], devices: int
) -> None:
    stock = products(**{f"c{n}": size for n, size in enumerate(sizes)})
    counted = Counter(place.sku for place in hang("1001", stock, devices, 24))
    times = [counted[product.sku] for product in stock]
    assert max(times) - min(times) <= 1


def test_a_device_of_24_tiles_is_two_shelves_of_twelve_and_two_of_them_make_a_bay() -> None:
    shelves = by_shelf(hang("1001", products(a=300), 4, 24))
    assert [(key, len(row), row[0].device) for key, row in shelves.items()] == [
        ((1, 1), 12, "1001-001"),
        ((1, 2), 12, "1001-001"),
        ((1, 3), 12, "1001-002"),
        ((1, 4), 12, "1001-002"),
        ((2, 1), 12, "1001-003"),
        ((2, 2), 12, "1001-003"),
        ((2, 3), 12, "1001-004"),
        ((2, 4), 12, "1001-004"),
    ]


def test_a_shelf_holds_one_category_where_there_is_enough_of_it() -> None:
    stock = products(produce=44, dairy=40, bakery=24, frozen=28)
    category = {product.sku: product.category for product in stock}
    for row in by_shelf(hang("1001", stock, 4, 24)).values():
        assert len({category[place.sku] for place in row}) == 1


def test_categories_come_in_the_order_of_the_list_and_share_the_places_by_size() -> None:
    stock = products(small=20, large=200)
    category = {product.sku: product.category for product in stock}
    hung = [category[place.sku] for place in hang("1001", stock, 4, 24)]
    assert sum(before != after for before, after in pairwise(hung)) == 1
    assert Counter(hung) == {"small": 12, "large": 84}


def test_twelve_devices_mix_five_panels() -> None:
    panels = Counter(place.panel for place in hang("1001", products(a=300), 12, 24))
    assert len(panels) == 5
    assert panels["epd-7.3-e6"] == panels["lcd-st7789"] == 4


def test_a_large_panel_goes_to_a_promoted_product() -> None:
    stock = [Candidate(str(n), promoted=n == 7) for n in range(24)]
    places = hang("1001", stock, 1, 24)
    assert (places[0].panel, places[0].sku) == ("epd-7.3-e6", "7")


def test_the_same_store_hangs_the_same_way_each_time() -> None:
    stock = products(a=50, b=60)
    assert hang("1001", stock, 3, 24) == hang("1001", stock, 3, 24)


def test_device_names_come_from_the_store_in_lower_case() -> None:
    assert hang("ELM-1", products(a=1), 1, 1) == [
        Place("b01-s1-p01", "elm-1-001", "epd-7.3-e6", "a-0")
    ]


@pytest.mark.parametrize("tiles", [0, 49])
def test_a_device_with_an_impossible_number_of_tiles_is_refused(tiles: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 48 tiles, not {tiles}"):
        hang("1001", products(a=1), 1, tiles)


def test_a_store_without_products_is_refused() -> None:
    with pytest.raises(ValueError, match="no product to hang"):
        hang("1001", [], 1, 1)
