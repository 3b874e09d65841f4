"""Two price lists are two stores: the same product, and on each shelf its own store's price."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from label_templates.contract import money
from tests.e2e.shelf import Api, faults_on_shelves
from tests.e2e.shop import open_shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

OWN = """sku,gtin,name,size,price
70001,036000291452,Rolled Oats,42 oz,{}
70002,012345678905,Dark Roast Ground Coffee,12 oz,{}
"""

Prices = dict[str, dict[str, int]]
"""By store and SKU, in minor units, as the lists have them."""


def konzum_prices(path: Path) -> dict[str, int]:
    """What one piece of each product costs by a list of Konzum: the special price where one is."""
    with path.open(newline="") as lines:
        return {
            row["ProductId"]: money.parse_amount(row["SpecialPrice"] or row["Price"], "EUR")
            for row in csv.DictReader(lines)
        }


@pytest.fixture(scope="module", params=["real price lists", "own price lists"])
def stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Api, Prices]]:
    """Two stores of one chain, side by side."""
    folder = tmp_path_factory.mktemp("chain")
    if request.param == "real price lists":
        shared: Path = request.getfixturevalue("shared_data")
        lists = {s: shared / "konzum" / f"{s}-2025-07-03.csv" for s in ("0204", "1601")}
        prices = {store: konzum_prices(path) for store, path in lists.items()}
        size, style = ("--devices", "6", "--tiles", "48"), "konzum"
    else:
        lists = {store: folder / f"{store}.csv" for store in ("north", "south")}
        lists["north"].write_text(OWN.format("4.79", "8.99"))
        lists["south"].write_text(OWN.format("4.49", "9.49"))
        prices = {"north": {"70001": 479, "70002": 899}, "south": {"70001": 449, "70002": 949}}
        size, style = ("--devices", "1", "--tiles", "2"), "csv"
    options = [*size, "--processes", "4", "--port", "8042"]
    for store, path in lists.items():
        options += ["--store", store, "--prices", str(path), "--format", style]
    tiles = int(size[1]) * int(size[3]) * len(lists)
    with (
        open_shop(folder / "shop", *options, host="127.0.0.42", seconds=600) as shop,
        Api.of(shop) as api,
    ):
        shop.wait_until_converged(tiles)
        assert [fault for s in lists for fault in faults_on_shelves(shop, api, s)] == []
        yield api, prices


def test_each_shelf_shows_its_own_stores_price_of_a_product_that_both_sell(
    stores: tuple[Api, Prices],
) -> None:
    api, prices = stores
    shown = {
        store: {
            tile["sku"]: tile["shown"]["price"]["amount_minor"]
            for tile in api.tiles(store)
            if tile["sku"] is not None
        }
        for store in prices
    }
    for store, tiles in shown.items():
        assert tiles == {sku: prices[store][sku] for sku in tiles}
    one, other = shown.values()
    both = one.keys() & other.keys()
    assert any(one[sku] != other[sku] for sku in both)
