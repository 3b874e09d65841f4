"""Working on changes by the console's pages: two people, each in a browser of their own."""

import re
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from cloud_service.server import build_app
from cloud_service.services import open_services
from cloud_service.services.desk import Wanted
from cloud_service.settings import Settings
from tests.unit.console.conftest import ORIGIN, PASSWORD
from tests.unit.console.shelves import Shelves


@pytest.fixture
def second(shelves: Shelves) -> TestClient:
    """Return the browser of a second person."""
    shelves.accounts.add_user("maria", PASSWORD)
    app = build_app(shelves.services, shelves.accounts)
    browser = TestClient(app, base_url=ORIGIN, headers={"Origin": ORIGIN})
    assert browser.post("/login", data={"name": "maria", "password": PASSWORD}).status_code == 200
    return browser


@pytest.fixture
def waiting(shelves: Shelves) -> str:
    """Return the page of a change of nina's that waits for a second person."""
    wanted = Wanted("0204", prices=(("100", 649),), note="autumn <prices>")
    drafted = shelves.services.desk.draft(wanted=wanted, actor="nina")
    shelves.services.desk.submit(change=drafted.id, actor="nina")
    return f"/changes/{drafted.id}"


def _do(browser: TestClient, page: str, deed: str, **said: str) -> httpx.Response:
    found = re.search(r'name="form_token" value="([^"]+)"', browser.get(page).text)
    assert found
    return browser.post(f"{page}/{deed}", data={"form_token": found[1], **said})


def _price(shelves: Shelves) -> int:
    product = shelves.services.product(sku="100", store="0204")
    assert product.price
    return product.price.effective


def test_changes_that_wait_are_listed(clerk: TestClient, waiting: str) -> None:
    page = clerk.get("/changes").text

    assert f'<a href="{waiting}">autumn &lt;prices&gt;</a>' in page
    assert "Waits for a second person" in page
    assert 'href="/changes"' in clerk.get("/").text


def test_a_change_shows_its_prices_old_and_new_and_its_tiles(
    clerk: TestClient, waiting: str
) -> None:
    page = clerk.get(waiting).text.replace("\xa0", " ")

    assert "1 product, 1 store, 2 tiles" in page
    assert 'data-label="Old">5,99 €' in page
    assert 'data-label="New">6,49 €' in page


def test_the_author_is_not_offered_to_approve_and_cannot(
    clerk: TestClient, shelves: Shelves, waiting: str
) -> None:
    assert "/approve" not in clerk.get(waiting).text

    answer = _do(clerk, waiting, "approve")

    assert answer.status_code == 422
    assert "a second person approves" in answer.text
    assert _price(shelves) == 599


def test_a_second_person_approves_and_the_change_is_published_and_rolled_back(
    clerk: TestClient, second: TestClient, shelves: Shelves, waiting: str
) -> None:
    approved = _do(second, waiting, "approve", note="seen")
    assert "approved by maria" in approved.text
    assert "approved by maria: seen" in approved.text

    _do(clerk, waiting, "publish")
    assert _price(shelves) == 649

    unsure = _do(clerk, waiting, "roll-back")
    assert unsure.status_code == 422
    assert "say that the prices of before are meant" in unsure.text
    assert _price(shelves) == 649

    restored = _do(clerk, waiting, "roll-back", note="wrong list", confirm="yes")
    assert f'restores <a href="{waiting}">' in restored.text
    assert _price(shelves) == 599


def test_a_second_person_rejects_with_a_reason(
    second: TestClient, shelves: Shelves, waiting: str
) -> None:
    answer = _do(second, waiting, "reject", note="too early")

    assert "<b>Draft</b>" in answer.text
    assert "too early" in answer.text
    assert _price(shelves) == 599


def test_a_planogram_offers_nothing_to_roll_back(clerk: TestClient) -> None:
    page = clerk.get("/changes").text
    (address,) = set(re.findall(r'<a href="(/changes/[^"]+)">Planogram change', page))
    assert "Decide" not in clerk.get(address).text


def test_a_cancelled_change_offers_nothing_more(clerk: TestClient, waiting: str) -> None:
    answer = _do(clerk, waiting, "cancel")

    assert "<b>Cancelled</b>" in answer.text
    assert "Decide" not in answer.text


def test_a_deed_that_came_too_late_says_why(
    clerk: TestClient, second: TestClient, waiting: str
) -> None:
    _do(second, waiting, "approve")

    answer = _do(second, waiting, "reject")

    assert answer.status_code == 409
    assert "The change is approved: rejecting it is not possible now." in answer.text


def test_a_form_without_our_token_does_nothing(
    second: TestClient, shelves: Shelves, waiting: str
) -> None:
    answer = second.post(f"{waiting}/approve", data={"form_token": "guess"})

    assert answer.status_code == 403
    assert shelves.services.desk.change(change=waiting[9:]).state == "submitted"


def test_what_is_no_change_and_no_deed_is_told(clerk: TestClient, waiting: str) -> None:
    assert clerk.get("/changes/chg_none").status_code == 404
    assert _do(clerk, waiting, "burn").status_code == 404


def test_a_price_that_needs_a_second_person_leads_to_its_change(
    shelves: Shelves, tmp_path: Path
) -> None:
    settings = Settings(data_dir=tmp_path, guard_approve_percent=5)
    guarded = open_services(settings, shelves.clock)
    browser = TestClient(
        build_app(guarded, shelves.accounts), base_url=ORIGIN, headers={"Origin": ORIGIN}
    )
    browser.post("/login", data={"name": "nina", "password": PASSWORD})
    found = re.search(r'name="form_token" value="([^"]+)"', browser.get("/").text)
    assert found

    answer = browser.post(
        "/stores/0204/products/100/price",
        data={"form_token": found[1], "price": "6,49", "began": "599"},
    )

    assert "Waits for a second person" in answer.text
    assert _price(shelves) == 599
    guarded.close()
