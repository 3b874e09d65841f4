"""A tile and its flips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from label_templates.contract.tile import Flip, Showing, Tile, TileContent
from tests.unit.contract.words import tiles

REGULAR = TileContent(
    sku="1", name="Oat flakes", price=249, size="500 g", unit_price=49800, unit_measure="kg"
)
CUT = TileContent(
    sku="1", name="Oat flakes", price=199, prior_price=249, percent_off=20, promotion="percent",
    size="500 g", unit_price=39800, unit_measure="kg",
)  # fmt: skip


def week() -> Tile:
    """A tile that goes on promotion at 1,000 and back at 2,000."""
    return Tile.of(
        0,
        7,
        [
            Showing(since=None, tpl="price/standard", content=REGULAR),
            Showing(since=1000, tpl="price/promotion", content=CUT),
            Showing(since=2000, tpl="price/standard", content=REGULAR),
        ],
    )


@pytest.mark.parametrize(
    ("instant", "price"), [(0, 249), (999, 249), (1000, 199), (1999, 199), (2000, 249), (9999, 249)]
)
def test_windows_are_half_open(instant: int, price: int) -> None:
    assert week().showing_at(instant).content.price == price


def test_a_flip_carries_only_what_differs() -> None:
    flips = week().next
    assert flips["2"].change == {"price": 249, "unit_price": 49800}
    assert flips["2"].drop == "percent_off prior_price promotion"
    assert "name" not in flips["1"].change


@pytest.mark.parametrize(("instant", "flip"), [(0, 1000), (1000, 2000), (2000, None)])
def test_the_next_flip_is_the_first_after_an_instant(instant: int, flip: int | None) -> None:
    assert week().next_flip_after(instant) == flip


@given(tiles())
def test_a_tile_built_of_showings_shows_them(tile: Tile) -> None:
    again = Tile.of(tile.epoch, tile.rev, tile.showings())
    assert again.showings() == tile.showings()


@given(tiles(), st.integers(0, 2_000_000_000))
def test_at_every_instant_exactly_one_showing_holds(tile: Tile, instant: int) -> None:
    since = [s.since for s in tile.showings() if s.since is not None and s.since <= instant]
    assert tile.showing_at(instant).since == (since[-1] if since else None)


@pytest.mark.parametrize(
    "fields",
    [
        {"price": 0},
        {"price": 1.5},
        {"price": "199"},
        {"price": True},
        {"name": ""},
        {"unit_price": 100},
        {"bundle_quantity": 2},
        {"reference_price": 100},
        {"prior_price": 249},
        {"prior_price": 200},
        {"gtin": "3850334043642"},
        {"colour": "red"},
    ],
)
def test_content_that_makes_no_sense_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TileContent.model_validate({"sku": "1", "name": "Oat flakes", "price": 249, **fields})


def test_a_flip_that_drops_what_is_not_shown_is_refused() -> None:
    with pytest.raises(ValidationError, match="drops 'prior_price'"):
        Tile(
            epoch=0,
            rev=1,
            tpl="price/standard",
            now=REGULAR,
            next={"1": Flip(at=5, drop="prior_price")},
        )


@pytest.mark.parametrize("numbers", [("2", "1"), ("0", "1"), ("1", "3")])
def test_flips_are_numbered_in_the_order_of_their_instants(numbers: tuple[str, str]) -> None:
    first, second = numbers
    flips = {first: Flip(at=5, change={"price": 5}), second: Flip(at=9, change={"price": 9})}
    with pytest.raises(ValidationError, match="numbered from 1"):
        Tile(epoch=0, rev=1, tpl="price/standard", now=REGULAR, next=flips)
