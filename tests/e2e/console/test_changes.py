"""A change that waits for a second person, in the browsers of two people."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from cloud_service.services.desk import Wanted
from tests.e2e.console.conftest import PASSWORD, STORE, Served, Visit, log_in

pytestmark = pytest.mark.e2e


@pytest.fixture
def second(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page of maria, who wrote none of the changes."""
    served.shelves.accounts.add_user("maria", PASSWORD)
    window = chromium.new_context(viewport={"width": 1440, "height": 960})
    visit = Visit(window.new_page(), served)
    log_in(visit, "maria")
    yield visit.page
    window.close()


def draft(served: Served, note: str, **prices: int) -> str:
    """Have nina draft new prices, in minor units, and hand them in; gives their page."""
    desk = served.shelves.services.desk
    wanted = Wanted(
        STORE, prices=tuple((sku[1:], price) for sku, price in prices.items()), note=note
    )
    drafted = desk.draft(wanted=wanted, actor="nina")
    desk.submit(change=drafted.id, actor="nina")
    return f"/changes/{drafted.id}"


def test_a_second_person_compares_and_approves_and_the_author_publishes_and_rolls_back(
    visit: Visit, second: Page
) -> None:
    draft(visit.served, "Jam week", p501=159, p502=259, p503=339)
    second.goto(visit.served.url)
    second.get_by_role("link", name="1 change waits for a second person").click()
    second.get_by_role("link", name="Jam week").click()
    expect(second.locator(".differences tbody tr")).to_have_count(3)
    expect(second.locator(".differences tbody tr").first).to_contain_text("$1.59")
    second.get_by_label("Why").fill("checked with the supplier")
    second.get_by_role("button", name="Approve").click()
    expect(second.get_by_role("status")).to_contain_text("approved by maria")

    page = visit.go("/changes")
    page.get_by_role("link", name="Jam week").click()
    expect(page.locator(".log")).to_contain_text("checked with the supplier")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Published")
    page.get_by_label("Why").fill("wrong week")
    page.get_by_label("The prices of before are meant").check()
    page.get_by_role("button", name="Roll back").click()
    expect(page.get_by_role("status")).to_contain_text("Published")
    expect(page.locator("main")).to_contain_text("restores")
    price = visit.served.shelves.services.product(sku="501", store=STORE).price
    assert price
    assert price.effective == 149


def test_a_change_is_readable_on_a_phone(visit: Visit) -> None:
    address = draft(visit.served, "Jam week", p501=159, p502=9999)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/changes", address):
        page = visit.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
