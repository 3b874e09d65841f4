"""Stores, bays, tiles, products, devices and status, as the API shows them."""

from tests.unit.api.conftest import GTIN, Caller, price


def test_a_store_is_listed_with_its_tallies(reader: Caller) -> None:
    listed = reader("GET", "/stores").json()
    assert (listed["has_more"], listed["next"]) == (False, None)
    (store,) = listed["data"]
    assert store["id"] == "0204"
    assert store["bays"] == [1, 2]
    assert store["products"] == 3
    assert sum(store["tiles"].values()) == 4
    assert store["devices"] == {"connected": 0, "total": 2}
    assert reader("GET", "/stores/0204").json() == store


def test_an_unknown_store_is_named(reader: Caller) -> None:
    for path in ("", "/bays/1", "/tiles", "/tiles/b01-s1-p01", "/prices/4711"):
        answer = reader("GET", f"/stores/9999{path}")
        assert answer.status_code == 404, path
        assert "9999" in answer.json()["detail"]


def test_a_bay_holds_its_shelves_and_tiles(reader: Caller) -> None:
    bay = reader("GET", "/stores/0204/bays/1").json()
    (shelf,) = bay["shelves"]
    assert shelf["devices"] == ["store-0204-1"]
    assert [tile["position"] for tile in shelf["tiles"]] == ["b01-s1-p01", "b01-s1-p02"]
    assert reader("GET", "/stores/0204/bays/7").status_code == 404


def test_a_tile_tells_what_it_should_show(reader: Caller) -> None:
    tile = reader("GET", "/stores/0204/tiles/b01-s1-p01").json()
    assert tile["sku"] == "4711"
    assert tile["state"] == "pending"
    assert tile["why"]
    assert tile["wanted"]["price"] == price(249)
    assert tile["shown"] == {"price": None, "rev": None, "image": None}
    assert reader("GET", "/stores/0204/tiles/b09-s1-p01").status_code == 404


def test_tiles_are_paged_in_their_order(reader: Caller) -> None:
    seen, after = [], None
    while True:
        page = reader("GET", "/stores/0204/tiles", params={"limit": 3, "after": after or ""}).json()
        seen += [tile["position"] for tile in page["data"]]
        after = page["next"]
        if not page["has_more"]:
            break
    assert seen == ["b01-s1-p01", "b01-s1-p02", "b02-s1-p01", "b02-s1-p02"]


def test_tiles_are_chosen_by_state_and_sku(reader: Caller) -> None:
    chosen = reader("GET", "/stores/0204/tiles?state=pending&state=failed&sku=4711&sku=4713").json()
    assert [tile["sku"] for tile in chosen["data"]] == ["4711", "4713"]
    assert reader("GET", "/stores/0204/tiles?state=shown&sku=4711").json()["data"] == []
    assert reader("GET", "/stores/0204/tiles?state=broken").status_code == 422


def test_products_are_found_without_their_accents(reader: Caller) -> None:
    (found,) = reader("GET", "/products?q=cokolada&store=0204").json()["data"]
    assert found["sku"] == "4711"
    assert found["price"]["effective"] == price(249)
    assert found["positions"] == ["b01-s1-p01"]


def test_products_are_paged(reader: Caller) -> None:
    first = reader("GET", "/products?limit=2").json()
    assert first["has_more"]
    rest = reader("GET", "/products", params={"limit": 2, "after": first["next"]}).json()
    assert not rest["has_more"]
    assert {item["sku"] for item in first["data"] + rest["data"]} == {"4711", "4712", "4713"}


def test_a_product_is_addressed_by_sku_or_gtin(reader: Caller) -> None:
    by_sku = reader("GET", "/products/sku:4711?store=0204").json()
    assert by_sku == reader("GET", f"/products/gtin:{GTIN}?store=0204").json()
    assert by_sku["price"]["store_id"] == "0204"
    assert reader("GET", "/products/sku:4711").json()["price"] is None


def test_a_key_that_names_no_product_is_told_why(reader: Caller) -> None:
    assert reader("GET", "/products/sku:9").status_code == 404
    assert reader("GET", "/products/gtin:3850000000022").status_code == 404
    assert "sku: or gtin:" in reader("GET", "/products/4711").json()["detail"]
    broken = reader("GET", f"/products/gtin:{GTIN[:-1]}3")
    assert broken.status_code == 422
    assert "check digit" in broken.json()["detail"]


def test_status_counts_devices_and_tiles(reader: Caller) -> None:
    status = reader("GET", "/status").json()
    assert status["devices"] == {"connected": 0, "total": 2}
    assert set(status["tiles"]) == {"shown", "pending", "failed"}
    assert sum(status["tiles"].values()) == 4
    assert status["attention"]
    assert reader("GET", "/status?store=0204").json() == status
    assert reader("GET", "/status?store=9999").status_code == 404


def test_devices_are_listed(reader: Caller) -> None:
    devices = reader("GET", "/devices?store=0204").json()["data"]
    assert [device["id"] for device in devices] == ["store-0204-1", "store-0204-2"]
    assert [device["tiles"] for device in devices] == [2, 2]


def test_the_standing_of_skus_counts_their_tiles_and_names_those_that_lag(reader: Caller) -> None:
    answer = reader("POST", "/stores/0204/tiles:standing", json={"skus": ["4711", "4713", "9"]})
    standing = answer.json()
    assert standing["tiles"] == {"shown": 0, "pending": 2, "failed": 0}
    assert [tile["position"] for tile in standing["lagging"]] == ["b01-s1-p01", "b02-s1-p01"]
    assert all(tile["why"] for tile in standing["lagging"])
    unknown = reader("POST", "/stores/9999/tiles:standing", json={"skus": ["4711"]})
    assert unknown.status_code == 404
