"""Products, stores, zones and planograms are added and changed by the API."""

from typing import Any

import pytest

from tests.unit.api.conftest import Caller, price

PRODUCT = "/products/sku:4711"
WATER: dict[str, Any] = {
    "sku": "w1", "name": "Jamnica", "net_content": {"thousandths": 1500, "measure": "l"},
    "deposits": [{"jurisdiction": "HR", "deposit": price(10)}], "cost": price(60),
    "gtins": ["96385074"], "on_sale_since": "2026-06-01",
}  # fmt: skip
STORE: dict[str, Any] = {
    "id": "1601", "name": "Split", "tz": "Europe/Zagreb", "currency": "EUR", "locale": "hr-HR",
    "jurisdiction": "HR", "hours": ["07:00-21:00"] * 6 + [""], "exceptions": {"2026-12-25": ""},
}  # fmt: skip
PLACE = {"position": "b09-s1-p01", "device_id": "d9", "panel": "epd-2.9-bwr", "sku": "4711"}


def test_a_product_is_added_and_found_by_any_of_its_gtins(writer: Caller) -> None:
    answer = writer("POST", "/products", json=WATER)
    assert answer.status_code == 201
    made = answer.json()
    assert made["net_content"] == {"thousandths": 1500, "measure": "l"}
    assert made["deposits"] == [{"jurisdiction": "HR", "deposit": price(10)}]
    assert (made["cost"], made["gtins"]) == (price(60), ["96385074"])
    assert answer.headers["ETag"] == f'"{made["revision"]}"'
    assert writer("GET", "/products/gtin:00000096385074").json() == made
    assert writer("POST", "/products", json=WATER).status_code == 409


def test_a_patch_changes_what_it_names_and_null_takes_away(writer: Caller) -> None:
    before = writer("GET", PRODUCT).json()
    done = writer("PATCH", PRODUCT, json={"origin": "Hrvatska", "brand": None}).json()
    assert (done["origin"], done["brand"], done["tiles"]) == ("Hrvatska", None, 1)
    after = writer("GET", PRODUCT).json()
    same = before.keys() - {"origin", "brand", "revision"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


def test_who_patches_second_gets_the_present_product(writer: Caller) -> None:
    seen = writer("GET", PRODUCT).headers["ETag"]
    assert writer("PATCH", PRODUCT, json={"name": "A"}, headers={"If-Match": seen}).is_success
    late = writer("PATCH", PRODUCT, json={"name": "B"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert late.json()["present"]["name"] == "A"
    assert late.headers["ETag"] == writer("GET", PRODUCT).headers["ETag"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"plu": "x"}, "plu"),
        ({"name": None}, "name"),
        ({"net_content": {"thousandths": 1, "measure": "stone"}}, "/net_content/measure"),
        ({"deposits": [{"jurisdiction": "Croatia", "deposit": price(10)}]}, "deposits"),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_a_field_that_cannot_be_is_pointed_at(
    writer: Caller, body: dict[str, Any], pointer: str
) -> None:
    answer = writer("PATCH", PRODUCT, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_a_price_says_what_its_tile_must_print_by_law(writer: Caller) -> None:
    writer("POST", "/products", json=WATER)
    writer("PUT", "/stores/0204/prices/w1", json={"price": price(89)})
    shown = writer("GET", "/stores/0204/prices/w1").json()
    assert shown["deposit"] == price(10)
    assert {"asks": "deposit", "citation": "Directive 98/6/EC art. 2(a), CJEU C-543/21"} in (
        shown["must_print"]
    )


def test_a_store_is_added_in_a_zone_and_moved_to_another(writer: Caller) -> None:
    assert writer("POST", "/zones", json={"id": "n", "name": "North", "currency": "EUR"}).is_success
    made = writer("POST", "/stores", json={**STORE, "zone": "n"}).json()
    assert (made["zone"], made["hours"][6], made["exceptions"]) == ("n", "", {"2026-12-25": ""})
    writer("POST", "/zones", json={"id": "s", "name": "South", "currency": "EUR"})
    done = writer("PATCH", "/stores/1601", json={"zone": "s"}).json()
    assert (done["store"]["zone"], done["following"], done["store"]["version"]) == ("s", 0, 2)
    assert writer("GET", "/zones/s").json()["stores"] == ["1601"]
    assert [zone["id"] for zone in writer("GET", "/zones").json()["data"]] == ["0204", "n", "s"]


def test_who_changes_a_store_second_gets_the_present_one(writer: Caller) -> None:
    seen = writer("GET", "/stores/0204").headers["ETag"]
    assert writer("PATCH", "/stores/0204", json={"name": "A"}, headers={"If-Match": seen})
    late = writer("PATCH", "/stores/0204", json={"name": "B"}, headers={"If-Match": seen})
    assert (late.status_code, late.json()["present"]["name"]) == (412, "A")


def test_a_zone_that_leaves_tiles_bare_must_be_confirmed(writer: Caller) -> None:
    writer("POST", "/zones", json={"id": "n", "name": "North", "currency": "EUR"})
    refused = writer("PATCH", "/stores/0204", json={"zone": "n"})
    assert refused.status_code == 409
    assert "no price in zone n" in refused.json()["detail"]
    assert writer("PATCH", "/stores/0204", json={"zone": "n", "confirm": True}).is_success


def test_a_planogram_is_hung_read_and_looked_at_as_it_was(writer: Caller) -> None:
    here = "/stores/0204/planogram"
    before = writer("GET", here).json()["places"]
    done = writer("PUT", here, json={"places": [PLACE], "note": "new bay"}).json()
    assert (done["positions"], done["tiles"]) == (1, 1)
    now = writer("GET", here).json()["places"]
    assert [place for place in now if place not in before] == [{**PLACE, "facings": 1}]
    history = writer("GET", f"{here}/revisions").json()["data"]
    assert history[0]["revision"] == done["revision"]
    assert history[0]["note"] == "new bay"
    older = writer("GET", f"{here}?revision={done['revision'] - 1}").json()["places"]
    assert older == before
    again = writer("PUT", here, json={"places": [PLACE]}).json()
    assert (again["change_id"], again["tiles"]) == (None, 0)


def test_paper_hangs_without_a_device(writer: Caller) -> None:
    paper = {"position": "b09-s1-p02", "panel": "paper-70x37", "sku": "4711", "facings": 3}
    writer("PUT", "/stores/0204/planogram", json={"places": [paper]})
    tile = writer("GET", "/stores/0204/tiles/b09-s1-p02").json()
    assert (tile["state"], tile["device_id"]) == ("paper", None)


def test_bays_are_named(writer: Caller) -> None:
    writer("PUT", "/stores/0204/bays/1/name", json={"name": "Dairy"})
    writer("PUT", "/stores/0204/bays/1/shelves/1/name", json={"name": "Yoghurt"})
    bay = writer("GET", "/stores/0204/bays/1").json()
    assert (bay["name"], bay["shelves"][0]["name"]) == ("Dairy", "Yoghurt")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/products", WATER),
        ("PATCH", PRODUCT, {"name": "A"}),
        ("POST", "/stores", STORE),
        ("PATCH", "/stores/0204", {"name": "A"}),
        ("POST", "/zones", {"id": "n", "name": "North", "currency": "EUR"}),
        ("PUT", "/stores/0204/planogram", {"places": [PLACE]}),
        ("PUT", "/stores/0204/bays/1/name", {"name": "Dairy"}),
    ],
)
def test_who_may_only_read_edits_nothing(
    reader: Caller, method: str, path: str, body: dict[str, Any]
) -> None:
    assert reader(method, path, json=body).status_code == 403
