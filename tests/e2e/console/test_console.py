"""What people do with the console, in Chromium."""

import re
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect

from tests.e2e.console.conftest import PATIENCE_MS, STORE, Served, Visit, log_in
from tests.unit.paper.printing import page_sizes

pytestmark = pytest.mark.e2e

expect.set_options(timeout=PATIENCE_MS)

BAY = f"/stores/{STORE}/bays/1"
PRODUCT = f"/products/505?store={STORE}"
PAGES = ("/", "/stores", f"/stores/{STORE}", BAY, f"{BAY}?tile=b01-s1-p05", "/products", PRODUCT,
         "/products?q=nothing-like-that", "/devices", "/nowhere")  # fmt: skip
SOAP = b"sku,gtin,name,price\n900,036000291452,Scanned Soap,1.99\n"
FIFTH = '[data-live="tile:b01-s1-p05"]'


def _trouble(served: Served) -> None:
    """Let one tile fail and another wait."""
    shelves = served.shelves
    shelves.broken["b01-s1-p02"] = "the panel did not answer"
    for sku in ("502", "503"):
        shelves.services.set_price(store=STORE, sku=sku, amount_minor=777, actor="test")
    shelves.push()
    shelves.twins.off.add("shelf-2")
    shelves.draw()
    shelves.services.set_price(store=STORE, sku="504", amount_minor=555, actor="test")
    shelves.push()


def test_a_price_is_changed_and_the_shelf_is_seen_to_follow(visit: Visit) -> None:
    page = visit.go(PRODUCT)
    preview = page.locator(".previews img")
    before = preview.get_attribute("src")

    page.get_by_label("New price").fill("6.19")
    expect(page.locator("#step")).to_have_text("$5.49 → $6.19 (+12.8 %)")
    expect(preview).not_to_have_attribute("src", before or "")
    address = visit.served.url + (preview.get_attribute("src") or "")
    previewed = visit.page.request.get(address).body()
    page.get_by_role("button", name="Save price").click()

    expect(page.get_by_text("Price saved")).to_be_visible()
    tile = page.locator(f".tiles-now {FIFTH}")
    expect(tile).to_have_attribute("data-mood", "pending")
    visit.live()
    visit.served.shelves.follow()
    expect(tile).to_have_attribute("data-mood", "shown")  # without loading the page again
    hangs = visit.served.url + (tile.locator("img").get_attribute("src") or "")
    assert visit.page.request.get(hangs).body() == previewed


def test_a_bay_follows_its_shelves_live(visit: Visit) -> None:
    page = visit.go(BAY)
    cell = page.locator(f".cell{FIFTH}")
    old = cell.locator("img").get_attribute("src")

    visit.served.shelves.services.set_price(
        store=STORE, sku="505", amount_minor=619, actor="somebody"
    )
    visit.served.shelves.push()
    expect(cell).to_have_attribute("data-mood", "pending")
    expect(cell).to_contain_text("→ 6.19")
    expect(cell.locator("img")).to_have_attribute("src", old or "")
    expect(page.locator(".chip[data-mood=pending] b")).to_have_text("1")

    visit.served.shelves.draw()

    expect(cell).to_have_attribute("data-mood", "shown")
    expect(cell.locator("img")).not_to_have_attribute("src", old or "")
    expect(page.locator(".chip[data-mood=pending] b")).to_have_text("0")


def test_what_fails_appears_under_needs_attention_by_itself(visit: Visit) -> None:
    page = visit.go(BAY)

    _trouble(visit.served)

    row = page.locator('.attention [data-live="tile:b01-s1-p02"]')
    expect(row).to_be_visible()
    expect(row).to_contain_text("Failed")


def test_the_sign_says_when_the_page_is_not_live_and_the_page_catches_up(visit: Visit) -> None:
    page = visit.go(BAY)

    visit.served.stop()
    expect(page.locator("[data-sign]")).to_have_attribute("data-sign", "lost")
    expect(page.locator("[data-sign]")).to_contain_text("Not live")
    visit.served.shelves.services.set_price(
        store=STORE, sku="505", amount_minor=619, actor="somebody"
    )
    visit.served.start()
    visit.live()

    expect(page.locator(f".cell{FIFTH}")).to_have_attribute("data-mood", "pending")


def test_a_page_whose_login_ended_says_so(visit: Visit, window: BrowserContext) -> None:
    page = visit.go(BAY)
    other = window.new_page()
    other.goto(visit.served.url)
    other.get_by_role("button", name="nina: account").click()
    other.get_by_role("button", name="Log out").click()
    other.close()

    expect(page.locator("[data-sign]")).to_contain_text("Logged out")


def test_tiles_are_walked_and_opened_by_keyboard(visit: Visit) -> None:
    page = visit.go(BAY)
    focused = page.locator(":focus")

    page.locator(".tile").first.focus()
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-tile", "tile:b01-s1-p02")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_attribute("data-tile", "tile:b01-s1-p08")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(focused).to_have_text("Plum Jam Number 2")
    expect(page.locator("[data-detail]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-detail]")).to_be_hidden()
    expect(focused).to_have_attribute("data-tile", "tile:b01-s1-p02")
    page.keyboard.press("/")
    expect(focused).to_have_attribute("name", "q")


def test_the_board_is_one_stop_for_the_tab_key(visit: Visit) -> None:
    page = visit.go(BAY)

    assert page.locator('.tile[tabindex="0"]').count() == 1


def test_a_filter_shows_only_what_is_asked_for(visit: Visit) -> None:
    _trouble(visit.served)
    page = visit.go(BAY)

    page.get_by_label("Failed").check()
    expect(page.locator(".cell:visible")).to_have_count(1)
    page.get_by_label("No product").check()
    expect(page.locator(".cell:visible")).to_have_count(1)
    page.get_by_label("All").check()
    expect(page.locator(".cell:visible")).to_have_count(24)


def test_wrong_input_takes_the_focus_to_what_is_wrong(visit: Visit) -> None:
    page = visit.go(PRODUCT)

    page.get_by_label("New price").fill("much")
    page.get_by_role("button", name="Save price").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("New price")).to_be_focused()


def test_a_slip_of_the_decimal_point_is_asked_about_before_it_hangs(visit: Visit) -> None:
    page = visit.go(PRODUCT)

    page.get_by_label("New price").fill("54.90")
    sure = page.get_by_label("Yes, this price is right")
    expect(sure).to_be_visible()
    page.get_by_role("button", name="Save price").click()
    expect(page.get_by_role("alert")).to_contain_text("decimal point")
    sure.check()
    page.get_by_role("button", name="Save price").click()

    expect(page.get_by_text("Price saved")).to_be_visible()


def test_a_tile_that_cannot_be_drawn_says_why_while_its_price_is_typed(visit: Visit) -> None:
    rows = "sku,name,price\n505,Plum Jam \U00013000,5.49\n"
    visit.served.shelves.services.import_prices(
        store=STORE, source=BytesIO(rows.encode()), format="csv", actor="test"
    )
    page = visit.go(PRODUCT)
    found = page.locator(".previews .findings li")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("Cannot hang")
    expect(page.locator(".previews img")).to_be_hidden()

    page.get_by_label("New price").fill("6.19")
    expect(page.locator("#wrong")).to_contain_text("This price cannot be drawn on epd-2.9-bwr")
    expect(found).to_have_count(1)
    page.get_by_role("button", name="Save price").click()

    expect(page.get_by_role("alert")).to_contain_text("Position b01-s1-p05 in store")
    assert visit.violations() == []

    rows = rows.replace(" \U00013000", "")
    visit.served.shelves.services.import_prices(
        store=STORE, source=BytesIO(rows.encode()), format="csv", actor="test"
    )
    page.get_by_label("New price").fill("6.29")
    expect(found).to_have_count(0)
    expect(page.locator(".previews img")).to_be_visible()
    page.get_by_role("button", name="Save price").click()
    expect(page.get_by_text("Price saved")).to_be_visible()


def test_the_theme_changes_at_once_and_stays(visit: Visit) -> None:
    page = visit.go("/")

    page.get_by_role("button", name="Dark theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_fault_of_accessibility(visit: Visit, theme: str) -> None:
    _trouble(visit.served)
    visit.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    axe, faults = Axe(), []

    for path in PAGES:
        visit.go(path)
        found = axe.run(visit.page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa",
                                                         "wcag22aa", "best-practice"]})  # fmt: skip
        faults += [
            (path, fault["id"], node["html"][:120], node["failureSummary"][:200])
            for fault in found.response["violations"]
            for node in fault["nodes"]
        ]
        assert visit.violations() == []

    assert faults == []


@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_scrolls_sideways(visit: Visit, width: int) -> None:
    _trouble(visit.served)
    visit.page.set_viewport_size({"width": width, "height": 800})

    for path in PAGES:
        visit.go(path)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_on_a_phone_a_tile_opens_as_a_sheet_and_attention_comes_first(visit: Visit) -> None:
    _trouble(visit.served)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit.go(BAY)
    list_box, board_box = (page.locator(it).bounding_box() for it in (".attention", ".board"))
    assert list_box
    assert board_box
    assert list_box["y"] < board_box["y"]

    page.locator(".tile").first.click()

    sheet = page.locator("[data-detail]").bounding_box()
    assert sheet
    assert (sheet["x"], round(sheet["y"] + sheet["height"])) == (0, 844)
    page.get_by_label("Close the tile").click()
    expect(page.locator("[data-detail]")).to_be_hidden()


def test_without_scripts_a_price_can_still_be_changed(
    window: BrowserContext, served: Served
) -> None:
    browser = window.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False)
    plain.set_default_timeout(PATIENCE_MS)
    visit = Visit(plain.new_page(), served)
    log_in(visit)
    page = visit.page
    page.goto(served.url + PRODUCT)

    page.get_by_label("New price").fill("6.19")
    page.get_by_role("button", name="Show the picture").click()
    expect(page.locator(".previews img")).to_have_attribute("src", re.compile("amount=619"))
    page.get_by_role("button", name="Save price").click()

    expect(page.get_by_text("Price saved")).to_be_visible()
    plain.close()


def test_a_scanned_barcode_opens_its_product(visit: Visit) -> None:
    visit.served.shelves.services.import_prices(
        store=STORE, source=BytesIO(SOAP), format="csv", actor="test"
    )
    page = visit.go("/")

    page.keyboard.press("/")
    page.keyboard.type("036000291452")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Scanned Soap")).to_be_visible()


def test_paper_tags_of_a_bay_and_of_one_tile_are_a_click_away(visit: Visit) -> None:
    page = visit.go(f"{BAY}?tile=b01-s1-p02")
    with page.expect_download() as sheets:
        page.get_by_role("link", name="Paper tags").click()
    assert sheets.value.suggested_filename == f"tags-{STORE}-1-letter.pdf"
    assert len(page_sizes(sheets.value.path().read_bytes())) == 3

    with page.expect_download() as tag:
        page.get_by_role("link", name="Paper tag", exact=True).click()
    assert len(page_sizes(tag.value.path().read_bytes())) == 1
