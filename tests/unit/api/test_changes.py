"""/v1/changes: drafted, compared, approved by a second person, published, taken back."""

from typing import Any

from tests.unit.api.conftest import Caller, price

DRAFT = {"store_id": "0204", "prices": [{"sku": "4711", "price": price(259)}], "note": "spring"}


def drafted(writer: Caller, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = writer("POST", "/changes", json=body or DRAFT)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"/v1/changes/{found['id']}"
    assert answer.headers["ETag"] == '"1"'
    return found


def effective(writer: Caller) -> int:
    return int(writer("GET", "/stores/0204/prices/4711").json()["effective"]["amount_minor"])


def test_a_draft_changes_nothing_until_it_is_published(writer: Caller) -> None:
    found = drafted(writer)
    assert (found["state"], found["possible"][0], effective(writer)) == ("draft", "edit", 249)
    done = writer("POST", f"/changes/{found['id']}/publish", json={}).json()
    assert (done["state"], done["tiles"], effective(writer)) == ("published", 1, 259)


def test_the_difference_shows_old_new_and_the_tiles(writer: Caller) -> None:
    found = writer("GET", f"/changes/{drafted(writer)['id']}/diff").json()
    (one,) = found["differences"]
    assert (one["old"], one["new"], one["percent"]) == (price(249), price(259), 4)
    assert one["positions"] == ["b01-s1-p01"]
    assert (found["stores"], found["products"], found["tiles"]) == (1, 1, 1)


def test_a_published_change_is_rolled_back_by_another(writer: Caller) -> None:
    found = drafted(writer)
    writer("POST", f"/changes/{found['id']}/publish")
    back = writer("POST", f"/changes/{found['id']}/rollback", json={"note": "wrong list"}).json()
    assert (back["kind"], back["restores"], effective(writer)) == ("rollback", found["id"], 249)
    again = writer("POST", f"/changes/{found['id']}/rollback")
    assert again.status_code == 409
    assert "rolled-back" in again.json()["detail"]


def test_editing_wants_the_version_that_was_seen(writer: Caller) -> None:
    path = f"/changes/{drafted(writer)['id']}"
    body = {**DRAFT, "prices": [{"sku": "4711", "price": price(269)}]}
    assert writer("PUT", path, json=body).status_code == 428
    first = writer("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (first.status_code, first.headers["ETag"]) == (200, '"2"')
    stale = writer("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["present"]["version"] == 2


def test_two_merchandisers_who_edit_one_price_get_a_conflict(writer: Caller) -> None:
    mine, theirs = drafted(writer), drafted(writer)
    assert writer("POST", f"/changes/{theirs['id']}/publish").status_code == 200
    answer = writer("POST", f"/changes/{mine['id']}/publish")
    assert answer.status_code == 409
    assert "Somebody else set the price of 4711 meanwhile" in answer.json()["detail"]


def test_a_slip_is_asked_about(writer: Caller) -> None:
    slip = {**DRAFT, "prices": [{"sku": "4711", "price": price(2490)}]}
    path = f"/changes/{drafted(writer, slip)['id']}/publish"
    asked = writer("POST", path, json={})
    assert asked.status_code == 422
    assert asked.json()["errors"][0]["pointer"] == "confirm"
    assert writer("POST", path, json={"confirm": True}).json()["state"] == "published"
    assert effective(writer) == 2490


def test_a_price_to_come_is_scheduled_and_can_be_cancelled(writer: Caller) -> None:
    body = {**DRAFT, "effective_from": "2027-02-01T06:00:00+01:00"}
    found = drafted(writer, body)
    path = f"/changes/{found['id']}"
    assert writer("POST", f"{path}/publish").json()["state"] == "scheduled"
    assert effective(writer) == 249
    assert writer("POST", f"{path}/cancel").json()["state"] == "cancelled"


def test_a_promotion_is_drafted_with_its_terms(writer: Caller) -> None:
    promotion = {
        "id": "easter", "name": "Easter", "skus": ["4711"],
        "terms": {"kind": "percent", "basis_points": 2000},
        "effective_from": "2027-01-15T08:00:00Z", "effective_until": "2027-02-15T08:00:00Z",
    }  # fmt: skip
    found = drafted(writer, {"store_id": "0204", "promotions": [promotion]})
    assert found["kind"] == "promotion"
    assert writer("POST", f"/changes/{found['id']}/publish").status_code == 200
    wrong = {**promotion, "terms": {"kind": "percent", "points": 5}}
    answer = writer("POST", "/changes", json={"store_id": "0204", "promotions": [wrong]})
    assert answer.status_code == 422
    assert "percent has no points" in answer.json()["detail"]


def test_what_a_draft_cannot_be_is_named(writer: Caller) -> None:
    past = {**DRAFT, "effective_from": "2020-01-01T00:00:00Z"}
    assert "effective_from: it lies in the past" in writer("POST", "/changes", json=past).text
    nothing = writer("POST", "/changes", json={"store_id": "0204"})
    assert "it changes nothing" in nothing.json()["detail"]
    unknown = {"store_id": "0204", "prices": [{"sku": "9", "price": price(100)}]}
    assert "no product with SKU 9" in writer("POST", "/changes", json=unknown).json()["detail"]
    money = {"store_id": "0204", "prices": [{"sku": "4711", "price": price(100, "USD")}]}
    assert writer("POST", "/changes", json=money).json()["errors"][0]["pointer"] == (
        "/prices/0/price/currency"
    )


def test_who_did_what_is_in_the_audit_trail(writer: Caller) -> None:
    found = drafted(writer)
    writer("POST", f"/changes/{found['id']}/publish")
    deeds = writer("GET", "/audit", params={"subject": found["id"]}).json()["data"]
    assert [deed["action"] for deed in deeds] == ["change published", "change drafted"]
    assert {deed["why"] for deed in deeds} == {"spring"}
