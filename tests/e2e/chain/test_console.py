"""A price changed in the console, and the very pixels that then hang on a real agent's shelf."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from simulators.up.folder import Folder
from simulators.up.plugs import pull, put_back
from tests.e2e.chromium import open_chromium
from tests.e2e.shelf import Api
from tests.e2e.shop import Shop, open_shop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

STORE, POSITION = "1001", "b01-s2-p01"
PATIENCE_MS = 30_000
"""How long a busy machine may take; `make bench PART=chain` says how long it does take."""


@dataclass(frozen=True)
class Visit:
    """Somebody with two tabs open: a bay, and a product that hangs in it."""

    shop: Shop
    api: Api
    bay: Page
    product: Page

    @property
    def tile(self) -> Locator:
        """The tile on the bay's picture."""
        return self.bay.locator(f'.cell[data-live="tile:{POSITION}"]')

    def picture(self) -> bytes:
        """What the bay's picture of the tile holds."""
        address = self.tile.locator("img").get_attribute("src")
        assert address is not None
        return self.bay.request.get(self.shop.url + address).body()

    def set_price(self, price: str) -> None:
        """Change the price of the product that hangs there, as a merchandiser does."""
        sku = self.api.get(f"/v1/stores/{STORE}/tiles/{POSITION}")["sku"]
        self.product.goto(f"{self.shop.url}/products/{sku}?store={STORE}")
        self.product.get_by_label("New price").fill(price)
        expect(self.product.locator("#step")).to_contain_text(price)
        self.product.get_by_role("button", name="Save price").click()
        expect(self.product.get_by_text("Price saved")).to_be_visible()

    def device(self) -> str:
        """The device that draws the tile."""
        return str(self.api.get(f"/v1/stores/{STORE}/tiles/{POSITION}")["device_id"])


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    folder = tmp_path_factory.mktemp("shop")
    options = ("--devices", "2", "--tiles", "24", "--processes", "2", "--port", "8041")
    with (
        open_shop(folder, *options, host="127.0.0.41") as shop,
        Api.of(shop) as api,
        open_chromium() as browser,
    ):
        window = browser.new_context(viewport={"width": 1440, "height": 960})
        bay, product = window.new_page(), window.new_page()
        log_in(shop, bay)
        bay.goto(f"{shop.url}/stores/{STORE}/bays/1")
        bay.locator("[data-sign=on]").wait_for()
        yield Visit(shop, api, bay, product)


def log_in(shop: Shop, page: Page) -> None:
    """Log in with what `up` printed at its first start."""
    told = re.search(r"Log in\s+(\S+)\s+(\S+)", shop.printed())
    assert told is not None
    page.goto(f"{shop.url}/login")
    page.get_by_label("Name").fill(told[1])
    page.get_by_label("Password").fill(told[2])
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()


def on_glass(visit: Visit) -> Frame:
    """The frame that the agent's display keeps."""
    tile = visit.api.get(f"/v1/stores/{STORE}/tiles/{POSITION}")
    path = visit.shop.picture(visit.device(), POSITION)
    return Frame.read_png(path.read_bytes(), panel_spec(tile["panel"]).inks)


def drawn(visit: Visit) -> Frame:
    """The frame behind the picture on the bay's page."""
    tile = visit.api.get(f"/v1/stores/{STORE}/tiles/{POSITION}")
    path = f"/v1/stores/{STORE}/tiles/{POSITION}/image"
    assert tile["proved"]
    return visit.api.picture(path, tile["panel"])


def test_a_price_changed_in_the_console_hangs_without_reload_as_the_agents_own_frame(
    visit: Visit,
) -> None:
    visit.bay.evaluate("window.still = true")
    old = visit.picture()
    glass = on_glass(visit)
    visit.set_price("4.83")
    expect(visit.tile).to_have_attribute("data-mood", "shown", timeout=PATIENCE_MS)
    expect(visit.tile.locator("img")).to_have_attribute("alt", re.compile(r"4\.83"))
    assert visit.picture() != old
    assert on_glass(visit) == drawn(visit)
    assert on_glass(visit) != glass
    assert visit.bay.evaluate("window.still") is True


def test_without_power_the_old_picture_stays_and_the_tile_says_pending(visit: Visit) -> None:
    device, old, glass = visit.device(), visit.picture(), on_glass(visit)
    pull(Folder(visit.shop.data_dir), device)
    visit.set_price("4.91")
    expect(visit.tile).to_have_attribute("data-mood", "pending")
    expect(visit.tile).to_contain_text("Pending")
    assert visit.picture() == old
    assert on_glass(visit) == glass
    put_back(Folder(visit.shop.data_dir), device)
    expect(visit.tile).to_have_attribute("data-mood", "shown", timeout=60_000)
    assert on_glass(visit) == drawn(visit) != glass
