"""Who comes in, and what an outsider can do: nothing."""

import re

import pytest
from fastapi.testclient import TestClient

from cloud_service.console.entrance import local
from tests.unit.console.conftest import PASSWORD
from tests.unit.console.shelves import Shelves

PAGES = (
    "/",
    "/stores",
    "/stores/0204",
    "/stores/0204/bays/1",
    "/products",
    "/products/100",
    "/devices",
)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_asks_for_a_login_and_comes_back(visitor: TestClient, address: str) -> None:
    asked = visitor.get(address)
    assert asked.url.path == "/login"

    then = asked.url.params["then"]
    back = visitor.post("/login", data={"name": "nina", "password": PASSWORD, "then": then})

    assert back.url.path == address


@pytest.mark.parametrize(
    "address", ["/stores/0204/tiles/b01-s1-p01/x.png", "/stores/0204/products/100/price/weigh"]
)
def test_pictures_and_previews_are_not_for_outsiders(visitor: TestClient, address: str) -> None:
    answer = visitor.get(address, headers={"Sec-Fetch-Dest": "image"}, follow_redirects=False)

    assert answer.status_code == 401


def test_a_wrong_password_says_so_and_keeps_the_name(visitor: TestClient) -> None:
    answer = visitor.post("/login", data={"name": "nina", "password": "wrong"})

    assert answer.status_code == 401
    assert "The name or the password is not right." in answer.text
    assert 'value="nina"' in answer.text


def test_somebody_who_guesses_is_told_to_wait(visitor: TestClient) -> None:
    for _ in range(5):
        visitor.post("/login", data={"name": "nina", "password": "wrong"})

    answer = visitor.post("/login", data={"name": "nina", "password": PASSWORD})

    assert answer.status_code == 429
    assert "Try again in 1 minute" in answer.text


def test_the_sessions_cookie_is_kept_from_scripts_and_other_sites(visitor: TestClient) -> None:
    answer = visitor.post(
        "/login", data={"name": "nina", "password": PASSWORD}, follow_redirects=False
    )

    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # this visit is plain http, as on one's own machine


def test_over_https_the_cookie_never_travels_plain(shelves: Shelves, visitor: TestClient) -> None:
    secure = TestClient(
        visitor.app,
        base_url="https://shelves.example",
        headers={"Origin": "https://shelves.example"},
    )

    answer = secure.post(
        "/login", data={"name": "nina", "password": PASSWORD}, follow_redirects=False
    )

    assert "Secure" in answer.headers["set-cookie"]


def test_logging_out_ends_the_session(clerk: TestClient) -> None:
    page = clerk.get("/").text
    token = re.search(r'name="form_token" value="([^"]+)"', page)
    assert token

    clerk.post("/logout", data={"form_token": token[1]})

    assert clerk.get("/").url.path == "/login"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_another_origin_changes_nothing(clerk: TestClient, origin: str) -> None:
    answer = clerk.post("/logout", headers={"Origin": origin})

    assert answer.status_code == 403
    assert clerk.get("/").url.path == "/"


def test_a_form_without_our_token_changes_nothing(clerk: TestClient) -> None:
    answer = clerk.post("/logout", data={"form_token": "guess"})

    assert answer.status_code == 403
    assert clerk.get("/").url.path == "/"


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\r\nX: y"]
)
def test_the_login_never_leads_to_another_site(address: str) -> None:
    assert local(address) == "/"


def test_no_search_can_be_typed_that_is_too_long_to_be_answered(clerk: TestClient) -> None:
    page = clerk.get("/products").text

    assert page.count('name="q"') == page.count('maxlength="200"') == 2
    assert clerk.get("/products", params={"q": "x" * 200}).status_code == 200


def test_the_theme_is_remembered(visitor: TestClient) -> None:
    visitor.post("/theme", data={"theme": "dark", "back": "/login"})

    assert 'data-theme="dark"' in visitor.get("/login").text


def test_an_unknown_theme_is_not(visitor: TestClient) -> None:
    visitor.post("/theme", data={"theme": '"><script>', "back": "/login"})

    assert 'data-theme="auto"' in visitor.get("/login").text


def test_a_price_sent_after_the_session_ended_leads_back_to_its_product(
    visitor: TestClient,
) -> None:
    asked = visitor.post("/stores/0204/products/100/price", data={"price": "6,49"})

    assert asked.url.path == "/login"
    assert asked.url.params["then"] == "/products/100?store=0204"
