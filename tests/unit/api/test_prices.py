"""Prices are read, set one by one with care for other editors, and set together or not at all."""

from typing import Any

import pytest

from tests.unit.api.conftest import Caller, price

HERE = "/stores/0204/prices/4711"


def effective(caller: Caller, sku: str) -> Any:
    return caller("GET", f"/stores/0204/prices/{sku}").json()["effective"]


def test_a_price_is_shown_with_its_version_as_etag(reader: Caller) -> None:
    answer = reader("GET", HERE)
    shown = answer.json()
    assert shown["effective"] == shown["regular"] == price(249)
    assert answer.headers["ETag"] == f'"{shown["version"]}"'


def test_setting_a_price_tells_old_new_and_how_many_tiles_follow(writer: Caller) -> None:
    done = writer("PUT", HERE, json={"price": price(199)}).json()
    assert (done["old"], done["new"], done["tiles"]) == (price(249), price(199), 1)
    assert done["change_id"].startswith("chg_")
    assert effective(writer, "4711") == price(199)


def test_a_price_that_was_read_first_is_set_with_its_etag(writer: Caller) -> None:
    etag = writer("GET", HERE).headers["ETag"]
    answer = writer("PUT", HERE, json={"price": price(199)}, headers={"If-Match": etag})
    assert answer.status_code == 200


def test_who_comes_second_gets_the_present_price_and_changes_nothing(writer: Caller) -> None:
    etag = writer("GET", HERE).headers["ETag"]
    writer("PUT", HERE, json={"price": price(199)})
    late = writer("PUT", HERE, json={"price": price(299)}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert late.json()["present"]["effective"] == price(199)
    assert late.headers["ETag"] == writer("GET", HERE).headers["ETag"] != etag
    assert effective(writer, "4711") == price(199)


def test_an_if_match_that_is_no_version_is_refused(writer: Caller) -> None:
    answer = writer("PUT", HERE, json={"price": price(199)}, headers={"If-Match": '"abc"'})
    assert answer.status_code == 400
    assert effective(writer, "4711") == price(249)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"price": price(0)}, "/price/amount_minor"),
        ({"price": price(-1)}, "/price/amount_minor"),
        ({"price": price(10**9)}, "/price/amount_minor"),
        ({"price": {"amount_minor": 1.99, "currency": "EUR"}}, "/price/amount_minor"),
        ({"price": {"amount_minor": "199", "currency": "EUR"}}, "/price/amount_minor"),
        ({"price": price(199, "euro")}, "/price/currency"),
        ({"price": price(199, "USD")}, "/price/currency"),
        ({"price": price(199), "until": "tomorrow"}, "/until"),
        ({}, "/price"),
    ],
)
def test_what_can_be_no_price_is_refused_with_its_place(
    writer: Caller, body: object, pointer: str
) -> None:
    answer = writer("PUT", HERE, json=body)
    assert answer.status_code == 422
    assert [item["pointer"] for item in answer.json()["errors"]] == [pointer]
    assert effective(writer, "4711") == price(249)


def test_a_price_of_an_unknown_product_is_refused(writer: Caller) -> None:
    answer = writer("PUT", "/stores/0204/prices/9999", json={"price": price(199)})
    assert answer.status_code == 404
    assert "9999" in answer.json()["detail"]


def test_many_prices_are_one_change(writer: Caller) -> None:
    items = [{"sku": sku, "price": price(100)} for sku in ("4711", "4712", "4713")]
    done = writer("POST", "/stores/0204/prices:batch", json={"prices": items}).json()
    assert (done["prices"], done["tiles"]) == (3, 3)
    shown = [writer("GET", f"/stores/0204/prices/{sku}").json() for sku in ("4711", "4713")]
    assert {item["revision"] for item in shown} == {done["revision"]}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"sku": "9999", "price": price(100)}, "9999"),
        ({"sku": "4712", "price": price(100, "USD")}, "/prices/1/price/currency"),
        ({"sku": "4712", "price": price(0)}, "/prices/1/price/amount_minor"),
        ({"sku": "no sku", "price": price(100)}, "/prices/1/sku"),
    ],
)
def test_one_wrong_price_among_many_leaves_all_as_they_were(
    writer: Caller, wrong: object, place: str
) -> None:
    items = [{"sku": "4711", "price": price(100)}, wrong]
    answer = writer("POST", "/stores/0204/prices:batch", json={"prices": items})
    assert answer.status_code in {404, 422}
    assert place in answer.text
    assert effective(writer, "4711") == price(249)


def test_a_batch_of_nothing_is_refused(writer: Caller) -> None:
    answer = writer("POST", "/stores/0204/prices:batch", json={"prices": []})
    assert answer.status_code == 422
