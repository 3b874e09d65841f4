"""What a tile says of itself."""

import pytest

from cloud_service.console.manner import Manner
from cloud_service.console.tiles import mood, needs_attention, tally, tile_words, worst_first
from tests.unit.console.views import NOW, tile

ZAGREB = Manner("EUR", "hr-HR", "Europe/Zagreb")


def _words(**facts: object) -> dict[str, str]:
    return tile_words(tile(**facts), ZAGREB, NOW)


def test_a_healthy_tile_is_quiet() -> None:
    words = _words()

    assert (words["mood"], words["loud"], words["attention"], words["arrow"]) == (
        "shown",
        "",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"state": "failed", "connected": False}, "failed"),
        ({"state": "pending", "connected": False}, "pending"),
        ({"connected": False}, "offline"),
        ({"sku": None, "state": "failed"}, "empty"),
        ({}, "shown"),
    ],
)
def test_a_tile_is_in_the_worst_mood_that_holds(facts: dict[str, object], expected: str) -> None:
    assert mood(tile(**facts)) == expected


def test_what_is_on_its_way_needs_nobody_unless_its_device_is_silent() -> None:
    assert not needs_attention(tile(state="pending"))
    assert needs_attention(tile(state="pending", connected=False))


def test_a_pending_tile_says_where_it_goes() -> None:
    words = _words(state="pending", wanted_price=649, wanted_rev=5, wanted_image="b" * 32)

    assert words["arrow"] == "→ 6,49"
    assert words["price_on"].replace("\xa0", " ") == "5,99 €"
    assert words["price_should"].replace("\xa0", " ") == "6,49 €"
    assert words["price_differs"] == words["rev_differs"] == words["image_differs"] == "differs"
    assert words["wanted"] == f"/stores/0204/tiles/b01-s2-p03/wanted/{'b' * 32}.png"


def test_why_comes_from_the_device_and_reads_as_a_sentence() -> None:
    assert _words(state="failed", why="panel timed out")["why"] == "Panel timed out."


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_a_tile_that_is_not_right_always_says_why(state: str) -> None:
    assert _words(state=state)["why"]


def test_a_picture_has_its_tag_in_its_address() -> None:
    assert _words()["thumb"] == f"/stores/0204/tiles/b01-s2-p03/{'a' * 32}.png"


def test_lists_show_a_smaller_picture_of_a_large_panel() -> None:
    assert _words(panel="epd-7.3-e6")["thumb"].endswith(".png?small=1")


def test_a_tile_that_shows_nothing_has_no_picture() -> None:
    words = _words(image=None, shown_price=None, state="pending")

    assert (words["image"], words["alt"], words["blank"]) == ("", "", "Nothing yet")


def test_an_empty_position_compares_no_price() -> None:
    words = _words(sku=None, name=None, shown_price=None, wanted_price=None, image=None)

    assert (words["name"], words["word"], words["product"]) == ("Empty position", "No product", "")
    assert (words["price_on"], words["price_differs"]) == ("–", "")


def test_the_moods_of_a_bay_add_up() -> None:
    counted = tally([tile(), tile(state="failed"), tile(state="pending"), tile(connected=False)])

    assert int(counted["all"]) == 4
    assert {name: counted[name] for name in ("failed", "pending", "offline", "empty", "shown")} == {
        "failed": "1", "pending": "1", "offline": "1", "empty": "0", "shown": "1",
    }  # fmt: skip
    assert counted["attention"] == "2"


def test_the_worst_comes_first() -> None:
    listed = worst_first(
        [
            tile(position="b01-s1-p01", connected=False),
            tile(position="b01-s1-p03", state="failed"),
            tile(position="b01-s1-p02", state="failed"),
            tile(position="b01-s1-p04"),
        ]
    )

    assert [one.position for one in listed] == ["b01-s1-p02", "b01-s1-p03", "b01-s1-p01"]
