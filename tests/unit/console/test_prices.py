"""Changing a price by the form."""

import re
from io import BytesIO

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient

from tests.unit.console.shelves import Shelves

PRODUCT = "/products/100?store=0204"
FORM = "/stores/0204/products/100/price"


def _fields(page: str) -> dict[str, str]:
    form = page[page.index("data-weigh") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def _save(clerk: TestClient, price: str, **fields: str) -> httpx.Response:
    page = clerk.get(PRODUCT).text
    return clerk.post(FORM, data={**_fields(page), "price": price, **fields})


def _price(shelves: Shelves) -> int:
    product = shelves.services.product(sku="100", store="0204")
    assert product.price
    return product.price.effective


def test_a_price_is_saved_under_the_name_of_who_saved_it(
    clerk: TestClient, shelves: Shelves
) -> None:
    answer = _save(clerk, "6,49")

    assert _price(shelves) == 649
    assert "Price saved" in answer.text
    assert "2 tiles follow" in answer.text
    assert shelves.services.history(store="0204", sku="100")[0].actor == "nina"


def test_after_saving_the_tiles_are_pending_until_the_shelf_confirms(
    clerk: TestClient, shelves: Shelves
) -> None:
    _save(clerk, "6,49")
    assert clerk.get(PRODUCT).text.count('data-mood="pending"') >= 2

    shelves.follow()

    assert not re.search(r'data-live="tile:[^"]+" data-mood="pending"', clerk.get(PRODUCT).text)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "Enter the new price"),
        ("abc", "not an amount"),
        ("-3", "negative"),
        ("0", "not above zero"),
        ("5,999", "more decimals"),
        ("999999999", "too large"),
        ("5,99", "is the price already"),
    ],
)
def test_what_cannot_be_a_new_price_is_refused_and_changes_nothing(
    clerk: TestClient, shelves: Shelves, written: str, reason: str
) -> None:
    answer = _save(clerk, written)

    assert answer.status_code == 422
    assert reason in answer.text
    assert 'href="#price"' in answer.text
    assert _price(shelves) == 599


@pytest.mark.parametrize("written", ["59,90", "0,60", "9,00"])
def test_a_large_step_wants_to_be_confirmed(
    clerk: TestClient, shelves: Shelves, written: str
) -> None:
    asked = _save(clerk, written)
    assert asked.status_code == 422
    assert 'href="#sure"' in asked.text
    assert _price(shelves) == 599

    _save(clerk, written, sure="yes")

    assert _price(shelves) == int(written.replace(",", ""))


def test_two_people_who_change_one_price_see_theirs_and_yours(
    clerk: TestClient, shelves: Shelves
) -> None:
    mine = _fields(clerk.get(PRODUCT).text)
    shelves.services.set_price(store="0204", sku="100", amount_minor=549, actor="maria")

    answer = clerk.post(FORM, data={**mine, "price": "6,49"})

    assert answer.status_code == 409
    row = [cell.replace("\xa0", " ") for cell in re.findall(r"<td>(?:<b>)?([\d,]+.€)", answer.text)]
    assert row == ["5,99 €", "5,49 €", "6,49 €"]
    assert _price(shelves) == 549

    clerk.post(FORM, data={**_fields(answer.text), "price": "6,49"})
    assert _price(shelves) == 649


def test_somebody_elses_price_is_told_even_where_mine_is_a_large_step_from_it(
    clerk: TestClient, shelves: Shelves
) -> None:
    mine = _fields(clerk.get(PRODUCT).text)
    shelves.services.set_price(
        store="0204", sku="100", amount_minor=5990, actor="maria", confirm=True
    )

    answer = clerk.post(FORM, data={**mine, "price": "6,49"})

    assert answer.status_code == 409
    assert "Somebody else changed this price" in answer.text
    assert clerk.post(FORM, data={**_fields(answer.text), "price": "6,49"}).status_code == 422
    assert _price(shelves) == 5990


def test_a_form_without_our_token_saves_nothing(clerk: TestClient, shelves: Shelves) -> None:
    answer = _save(clerk, "6,49", form_token="guess")

    assert answer.status_code == 403
    assert _price(shelves) == 599


def test_a_typed_price_is_weighed_with_a_picture_for_each_panel(clerk: TestClient) -> None:
    words = clerk.get(f"{FORM}/weigh", params={"price": "6,49"}).json()

    assert words["step"].replace("\xa0", " ") == "5,99 € → 6,49 € (+8.3 %)"
    assert (words["wrong"], words["question"]) == ("", "")
    for panel in ("epd-2.9-bwr", "lcd-st7789"):
        assert clerk.get(words[panel]).headers["content-type"] == "image/png"


def test_a_typed_price_that_is_none_is_weighed_too(clerk: TestClient) -> None:
    words = clerk.get(f"{FORM}/weigh", params={"price": "6,4x"}).json()

    assert "not an amount" in words["wrong"]
    assert "epd-2.9-bwr" not in words


def test_weighing_changes_nothing(clerk: TestClient, shelves: Shelves) -> None:
    clerk.get(f"{FORM}/weigh", params={"price": "0,01"})

    assert _price(shelves) == 599


def test_the_preview_is_the_picture_that_hangs_afterwards(
    clerk: TestClient, shelves: Shelves
) -> None:
    words = clerk.get(f"{FORM}/weigh", params={"price": "6,49"}).json()
    preview = clerk.get(words["epd-2.9-bwr"]).content

    _save(clerk, "6,49")
    shelves.follow()

    tile = shelves.services.tile(store="0204", position="b01-s1-p01")
    assert tile.state == "shown"
    assert clerk.get(f"/stores/0204/tiles/b01-s1-p01/{tile.image}.png").content == preview


def test_without_scripts_a_price_is_shown_before_it_is_saved(clerk: TestClient) -> None:
    page = clerk.get(f"{PRODUCT}&price=6,49").text

    assert "amount=649" in page
    assert "(+8.3 %)" in page


def test_a_promotion_in_force_is_named_before_it_is_ended(clerk: TestClient) -> None:
    page = clerk.get("/products/102?store=0204").text

    assert "A promotion runs until 1 Dec 2026, 00:00. Saving a new price ends it now." in page


RUNE = "\U00013000"
"""No font has the hieroglyph."""


def _rename(shelves: Shelves, name: str) -> None:
    rows = f"sku,name,price\n100,{name},5.99\n"
    shelves.services.import_prices(
        store="0204", source=BytesIO(rows.encode()), format="csv", actor="test"
    )


def test_what_is_found_on_a_tile_stands_beside_its_picture(clerk: TestClient) -> None:
    words = clerk.get(f"{FORM}/weigh", params={"price": "6,49"}).json()

    (reference,) = words["findings:epd-2.9-bwr"]
    assert (reference["mood"], reference["word"]) == ("pending", "Look again")
    assert reference["what"] == "No reference price is known, so the tile shows none."
    assert reference["law"] == "NN 75/2025 VI"
    page = clerk.get(PRODUCT).text
    assert page.count("No reference price is known") == 2  # one a panel
    assert page.index("epd-2.9-bwr · 1 tile") < page.index("No reference price is known")


def test_a_tile_that_cannot_be_drawn_says_why_and_its_price_is_not_saved(
    clerk: TestClient, shelves: Shelves
) -> None:
    _rename(shelves, f"Coffee {RUNE}")
    words = clerk.get(f"{FORM}/weigh", params={"price": "6,49"}).json()

    assert words["epd-2.9-bwr"] == ""
    assert words["blank:epd-2.9-bwr"]
    (glyph,) = words["findings:epd-2.9-bwr"]
    assert (glyph["mood"], glyph["sign"], glyph["word"]) == ("refused", "refused", "Cannot hang")
    assert glyph["what"].startswith("Name: font bold has no")
    assert words["wrong"].startswith("This price cannot be drawn on epd-2.9-bwr: name: font bold")

    answer = _save(clerk, "6,49")

    assert answer.status_code == 422
    assert "Position b01-s1-p01 in store 0204: the tile of 100 cannot hang" in answer.text
    assert "Cannot be drawn" in answer.text
    assert _price(shelves) == 599
    assert clerk.get(PRODUCT).status_code == 200
