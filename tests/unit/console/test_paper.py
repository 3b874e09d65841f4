"""Paper tags for a bay and for one tile, a click away."""

from io import BytesIO

from fastapi.testclient import TestClient

from tests.camera import gtins
from tests.unit.console.shelves import Shelves
from tests.unit.paper.printing import page_sizes, printed

BAY = "/stores/0204/bays/1"
UNDRAWABLE = (
    "sku,gtin,name,brand,size,unit,category,price\n101,036000291452,Butter 𓀀,Nutwell,340,g,,4.25\n"
)


def test_the_bay_links_to_its_sheets(clerk: TestClient) -> None:
    assert f'href="{BAY}/tags.pdf"' in clerk.get(BAY).text
    sheets = clerk.get(f"{BAY}/tags.pdf")
    assert sheets.headers["Content-Type"] == "application/pdf"
    assert 'attachment; filename="tags-0204-1-a4.pdf"' in sheets.headers["Content-Disposition"]
    assert [round(width) for width, _ in page_sizes(sheets.content)] == [210]
    (page,) = printed(sheets.content)
    assert gtins(page) == {"05901234123457", "00036000291452"}


def test_a_tile_links_to_its_own_tag(clerk: TestClient) -> None:
    address = f"{BAY}/tags.pdf?position=b01-s1-p02"
    assert f'href="{address}"' in clerk.get(f"{BAY}?tile=b01-s1-p02").text
    (page,) = printed(clerk.get(address).content)
    assert gtins(page) == {"00036000291452"}


def test_a_position_without_a_product_offers_no_tag(clerk: TestClient) -> None:
    assert "tags.pdf?position=" not in clerk.get(f"{BAY}?tile=b01-s2-p02").text


def test_a_tag_that_cannot_be_drawn_is_named_on_a_page(clerk: TestClient, shelves: Shelves) -> None:
    prices = BytesIO(UNDRAWABLE.encode())
    shelves.services.import_prices(store="0204", source=prices, format="csv", actor="test")
    answer = clerk.get(f"{BAY}/tags.pdf")
    assert answer.status_code == 422
    assert "1 of 4 tiles cannot be drawn. b01-s1-p02: " in answer.text


def test_paper_is_not_for_outsiders(visitor: TestClient) -> None:
    assert visitor.get(f"{BAY}/tags.pdf").url.path == "/login"
