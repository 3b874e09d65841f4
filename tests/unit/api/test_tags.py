"""Paper tags by the API: what they say, until when, and sheets that read as the products."""

from typing import Any

import pytest

from cloud_service.clock import FixedClock
from cloud_service.services import Services
from tests.camera import gtins
from tests.unit.api.conftest import GTIN, NOW, Caller, price
from tests.unit.paper.printing import page_sizes, printed

TAGS = "/stores/0204/tags"


def positions(answer: Any) -> list[str]:
    return [tag["position"] for tag in answer.json()["tags"]]


def test_tags_say_what_their_tiles_should_show(reader: Caller) -> None:
    answer = reader("GET", TAGS)
    assert (answer.status_code, answer.json()["format"], answer.json()["pages"]) == (200, "a4", 1)
    assert answer.json()["tags"][0] == {
        "position": "b01-s1-p01",
        "sku": "4711",
        "name": "Čokolada za kuhanje",
        "price": price(249),
        "holds_until": None,
    }


def test_a_position_without_a_product_has_no_tag(reader: Caller) -> None:
    assert positions(reader("GET", TAGS)) == ["b01-s1-p01", "b01-s1-p02", "b02-s1-p01"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bay=2", ["b02-s1-p01"]),
        ("bay=1&bay=2&position=b02-s1-p01&position=b01-s1-p02", ["b01-s1-p02", "b02-s1-p01"]),
        ("state=pending&state=failed&bay=2", ["b02-s1-p01"]),
    ],
)
def test_tags_are_chosen_by_bay_position_and_state(
    reader: Caller, query: str, found: list[str]
) -> None:
    assert positions(reader("GET", f"{TAGS}?{query}")) == found


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("bay=9", 404, "There is no bay 9 in store 0204."),
        ("position=b09-s1-p01", 404, "There is no position 'b09-s1-p01'"),
        ("bay=1&position=b02-s1-p01", 404, "There is no position 'b02-s1-p01' among these"),
        ("state=shown", 404, "There is no tile to print"),
        ("position=b02-s1-p02", 404, "There is no tile to print"),
        ("format=a5", 422, "there are a4, a4-24, letter"),
        ("bay=0", 422, "greater than or equal to 1"),
        ("state=lost", 422, "'pending', 'failed' or 'paper'"),
    ],
)
def test_what_cannot_be_printed_is_said(
    reader: Caller, query: str, status: int, detail: str
) -> None:
    for path in (TAGS, f"{TAGS}.pdf"):
        answer = reader("GET", f"{path}?{query}")
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert detail in answer.json()["detail"]


def test_a_sheet_reads_as_the_products(reader: Caller) -> None:
    answer = reader("GET", f"{TAGS}.pdf?format=letter")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'inline; filename="tags-0204-letter.pdf"'
    assert answer.headers["Tags-Left-Out"] == "0"
    assert page_sizes(answer.content) == [pytest.approx((215.9, 279.4), abs=0.2)]
    (page,) = printed(answer.content)
    assert gtins(page) == {GTIN.zfill(14)}


def test_paper_says_until_when_it_is_true(
    reader: Caller, services: Services, clock: FixedClock, tmp_path: Any
) -> None:
    file = tmp_path / "special.csv"
    file.write_text(
        "sku,gtin,name,brand,size,unit,category,price,special_price,special_from,special_until\n"
        "4712,,Kruh bijeli,Pekara,500 g,,Kruh,1.59,1.29,2027-01-01T00:00,2027-03-01T00:00\n",
        encoding="utf-8",
    )
    services.import_prices(store="0204", source=file, format="csv", actor="test")
    answer = reader("GET", TAGS).json()
    held = {tag["position"]: tag["holds_until"] for tag in answer["tags"]}
    assert held["b01-s1-p02"] == answer["holds_until"] == "2027-02-28T23:00:00Z"
    assert held["b01-s1-p01"] is None
    assert clock.now() == NOW


@pytest.fixture
def unprintable(services: Services, tmp_path: Any) -> str:
    """Give one product a name in letters that no pinned font has; return its reason's words."""
    file = tmp_path / "strange.csv"
    file.write_text(
        "sku,gtin,name,brand,size,unit,category,price\n4713,,Mlijeko 𓀀,Vindija,1 l,,Mlijeko,1.29\n",
        encoding="utf-8",
    )
    report = services.import_prices(store="0204", source=file, format="csv", actor="test")
    assert not report.errors
    return "𓀀"


def test_tags_that_cannot_be_drawn_are_named_and_nothing_is_printed(
    reader: Caller, unprintable: str
) -> None:
    answer = reader("GET", f"{TAGS}.pdf")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:edge-shelf:undrawable"
    assert answer.json()["detail"] == "1 of 3 tiles cannot be drawn."
    (item,) = answer.json()["errors"]
    assert item["pointer"] == "b02-s1-p01"
    assert unprintable in item["detail"]


def test_tags_that_cannot_be_drawn_may_be_left_out(reader: Caller, unprintable: str) -> None:
    answer = reader("GET", f"{TAGS}.pdf?on_error=continue")
    assert (answer.status_code, answer.headers["Tags-Left-Out"]) == (200, "1")
    alone = reader("GET", f"{TAGS}.pdf?on_error=continue&bay=2")
    assert alone.status_code == 422


def test_paper_needs_a_token(anybody: Caller) -> None:
    assert anybody("GET", f"{TAGS}.pdf").status_code == 401
