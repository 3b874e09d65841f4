"""A store's tiles are checked over the API, page by page; lists name the tiles they break."""

import pytest

from tests.unit.api.conftest import HEADER, Caller, price

CHECK = "/stores/0204/tiles:check"
IMPORTS = "/stores/0204/imports?format=csv"
RUNE = f"{HEADER}\n4711,,Čokolada \U00013000,,200 g,,,2.99\n"


def test_a_check_names_tiles_with_what_is_found_and_where(reader: Caller) -> None:
    answer = reader("GET", CHECK).json()
    assert (answer["checked"], answer["has_more"], answer["next"]) == (4, False, None)
    assert [tile["position"] for tile in answer["data"]] == [
        "b01-s1-p01", "b01-s1-p02", "b02-s1-p01"
    ]  # fmt: skip
    (found,) = answer["data"][0]["findings"]
    assert found == {
        "level": "warning", "code": "reference-unknown",
        "detail": "no reference price is known, so the tile shows none",
        "node": None, "line": None, "source": None, "citation": "NN 75/2025 VI",
    }  # fmt: skip


def test_a_check_is_paged_by_position(reader: Caller) -> None:
    first = reader("GET", f"{CHECK}?limit=3").json()
    assert (first["checked"], first["has_more"], first["next"]) == (3, True, "b02-s1-p01")
    rest = reader("GET", f"{CHECK}?limit=3&after={first['next']}").json()
    assert (rest["checked"], rest["data"], rest["next"]) == (1, [], None)


def test_one_bay_is_checked(reader: Caller) -> None:
    answer = reader("GET", f"{CHECK}?bay=2").json()
    assert (answer["checked"], len(answer["data"])) == (2, 1)


@pytest.mark.parametrize(("path", "status"), [
    ("/stores/9999/tiles:check", 404), (f"{CHECK}?bay=0", 422), (f"{CHECK}?limit=501", 422),
])  # fmt: skip
def test_what_cannot_be_checked_is_a_problem(reader: Caller, path: str, status: int) -> None:
    assert reader("GET", path).status_code == status


def test_a_check_wants_a_token(anybody: Caller) -> None:
    assert anybody("GET", CHECK).status_code == 401


def test_a_list_is_taken_and_names_the_tiles_that_cannot_show_it(writer: Caller) -> None:
    report = writer("POST", IMPORTS, content=RUNE.encode()).json()
    assert (report["changed"], report["unfit"]) == (1, 1)
    (tile,) = report["unfit_tiles"]
    assert (tile["position"], tile["sku"], tile["template"], tile["since"]) == (
        "b01-s1-p01", "4711", "price/standard", None
    )  # fmt: skip
    (found,) = tile["findings"]
    assert (found["code"], found["node"]) == ("missing-glyph", 'text "name"')
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(299)


def test_a_price_set_by_hand_is_refused_where_its_tile_cannot_hang(writer: Caller) -> None:
    writer("POST", IMPORTS, content=RUNE.encode())
    answer = writer("PUT", "/stores/0204/prices/4711", json={"price": price(199)})
    assert answer.status_code == 422
    (item,) = answer.json()["errors"]
    assert item["pointer"] == "position b01-s1-p01 in store 0204"
    assert "the tile of 4711 cannot hang" in item["detail"]
    assert writer("GET", "/stores/0204/prices/4711").json()["effective"] == price(299)
