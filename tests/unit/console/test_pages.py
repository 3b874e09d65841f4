"""What the pages show of a real store."""

import re
from typing import NoReturn

import pytest
from fastapi.testclient import TestClient

from cloud_service.console.assets import Assets, panel_class
from cloud_service.errors import Unavailable
from cloud_service.server import HEADERS
from label_templates.contract.panel import CATALOGUE, panel_spec
from tests.unit.console.shelves import Shelves

BAY = "/stores/0204/bays/1"


def _pictures(page: str) -> list[str]:
    return re.findall(r'src="(/stores/[^"]+\.png[^"]*)"', page)


def test_a_bay_shows_every_tile_as_its_picture(clerk: TestClient) -> None:
    page = clerk.get(BAY).text

    for address in _pictures(page):
        picture = clerk.get(address.replace("&amp;", "&"))
        assert picture.headers["content-type"] == "image/png"
        assert "immutable" in picture.headers["cache-control"]
    assert len(set(_pictures(page))) == 4


def test_a_picture_of_a_tag_that_is_gone_is_not_kept(clerk: TestClient) -> None:
    answer = clerk.get("/stores/0204/tiles/b01-s1-p01/0000.png")

    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]


def test_a_tile_whose_device_fails_is_loud_and_says_why(
    clerk: TestClient, shelves: Shelves
) -> None:
    shelves.broken["b01-s1-p01"] = "the panel did not answer"
    shelves.services.set_price(store="0204", sku="100", amount_minor=649, actor="test")
    shelves.follow()

    page = clerk.get(f"{BAY}?tile=b01-s1-p01").text

    assert re.search(r'data-live="tile:b01-s1-p01" data-mood="failed"', page)
    assert "The panel did not answer." in page


def test_a_tile_of_a_silent_device_is_pending_with_its_old_picture(
    clerk: TestClient, shelves: Shelves
) -> None:
    before = _pictures(clerk.get(BAY).text)
    shelves.twins.off.add("shelf-1")
    shelves.services.set_price(store="0204", sku="100", amount_minor=649, actor="test")
    shelves.follow()

    page = clerk.get(BAY).text

    assert re.search(r'data-live="tile:b01-s1-p01" data-mood="pending"', page)
    assert before[0] in _pictures(page)


def test_a_tile_that_is_named_is_open(clerk: TestClient) -> None:
    page = clerk.get(f"{BAY}?tile=b01-s1-p02").text

    assert 'data-detail data-live="tile:b01-s1-p02"' in page
    assert 'href="/products/101?store=0204"' in page


def test_names_are_never_markup(clerk: TestClient) -> None:
    for address in (BAY, "/products?q=đumbir", "/products/102"):
        page = clerk.get(address).text
        assert "<b>Čaj" not in page
        assert "&lt;b&gt;Čaj" in page


def test_a_store_sketches_its_bays(clerk: TestClient) -> None:
    page = clerk.get("/stores/0204").text

    assert 'href="/stores/0204/bays/1"' in page
    assert 'href="/stores/0204/bays/2"' in page
    assert page.count('<i data-live="tile:') == 6


def test_the_overview_counts_and_tells_what_changed(clerk: TestClient, shelves: Shelves) -> None:
    shelves.services.set_price(store="0204", sku="100", amount_minor=649, actor="maria")

    page = clerk.get("/").text

    assert "Zagreb Ilica" in page
    assert "1 price set by maria" in page


def test_the_overview_of_an_empty_chain_says_how_to_begin(
    clerk: TestClient, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves.services, "stores", list)

    assert "make run" in clerk.get("/").text


def test_products_are_found_without_accents_and_with_their_price(clerk: TestClient) -> None:
    page = clerk.get("/products?q=dumbir&store=0204").text

    assert "1 product match" in page
    assert "1,50" in page


def test_a_search_without_result_helps_on(clerk: TestClient) -> None:
    assert "Nothing found for “xyzzy”" in clerk.get("/products?q=xyzzy").text


@pytest.mark.parametrize(
    ("scanned", "sku"),
    [("5901234123457", "100"), ("036000291452", "101"), ("0036000291452", "101")],
)
def test_a_scan_goes_straight_to_the_product(clerk: TestClient, scanned: str, sku: str) -> None:
    assert clerk.get(f"/products?q={scanned}").url.path == f"/products/{sku}"


def test_a_scan_of_an_unknown_code_stays_with_the_search(clerk: TestClient) -> None:
    assert clerk.get("/products?q=4006381333931").url.path == "/products"


def test_a_product_that_stands_nowhere_says_so_and_can_still_be_priced(
    clerk: TestClient,
) -> None:
    page = clerk.get("/products/103").text

    assert "stands nowhere" in page
    assert "As it would look on" in page


def test_devices_say_in_words_how_they_are(clerk: TestClient, shelves: Shelves) -> None:
    shelves.twins.off.add("shelf-2")
    shelves.follow()

    page = clerk.get("/devices?store=0204").text

    assert "Not connected" in page
    assert page.index("shelf-2") < page.index("shelf-1")
    assert re.search(r'data-text="connected">2</span> of <span data-text="all">3', page)


@pytest.mark.parametrize(
    "address",
    ["/nowhere", "/stores/9999", "/stores/0204/bays/77", "/products/none", "/stores/0204/bays/x"],
)
def test_what_is_not_there_is_a_page_that_leads_back(clerk: TestClient, address: str) -> None:
    answer = clerk.get(address)

    assert answer.status_code in {404, 422}
    assert "To the overview" in answer.text


def test_every_answer_carries_the_security_headers(clerk: TestClient) -> None:
    for address in ("/", "/nowhere", "/healthz", "/v1/stores", BAY):
        answer = clerk.get(address)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_pages_hold_no_style_and_no_script_of_their_own(clerk: TestClient) -> None:
    for address in ("/", "/stores/0204", BAY, "/products", "/products/100", "/devices"):
        page = clerk.get(address).text
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]+src=)", page)


def test_static_files_are_kept_for_ever_under_their_hash(clerk: TestClient) -> None:
    page = clerk.get("/").text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)

    assert files
    for address in files:
        assert "immutable" in clerk.get(address).headers["cache-control"]
    assert clerk.get("/static/0123456789abcdef/main.js").status_code == 404


@pytest.mark.parametrize("panel", [*CATALOGUE, "lcd-strip-1920x158@320"])
def test_every_panel_of_the_catalogue_has_its_size(panel: str) -> None:
    assets, spec = Assets(), panel_spec(panel)
    sheet = assets.find(assets.digest, "panels.css")

    assert sheet is not None
    (rule,) = re.findall(rf"^\.{panel_class(panel)}{{(.*)}}$", sheet.body.decode(), re.MULTILINE)
    assert rule.endswith(f"--shape:{spec.width}/{spec.height}")


def test_a_database_that_does_not_answer_is_said_to_be_away(
    clerk: TestClient, shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> NoReturn:
        raise Unavailable("The database does not take this now.")

    monkeypatch.setattr(shelves.services.storage, "read", away)

    assert clerk.get("/healthz").status_code == 503
    page = clerk.get("/stores")
    assert page.status_code == 503
    assert "The database does not take this now." in page.text


def test_the_service_says_that_it_is_well(visitor: TestClient) -> None:
    assert visitor.get("/healthz").json() == {"status": "ok"}
