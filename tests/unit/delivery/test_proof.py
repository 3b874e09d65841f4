"""What an acked frame proves about the glass."""

from cloud_service.delivery.proof import Draw, Verdict, judge
from cloud_service.delivery.reconcile import HOUR
from label_templates.contract.tile import Showing, Tile
from label_templates.contract.twin import TileAck
from tests.unit.delivery.words import NOW, tile


def frame_of(showing: Showing) -> str:
    return f"{showing.content.price:032x}"


def ack(price: int, at: int, frame: str | None = None) -> TileAck:
    return TileAck(
        epoch=0, rev=1, price=price, frame=frame or f"{price:032x}", at=at, state="shown"
    )


SIX, SEVEN = NOW + HOUR, NOW + 2 * HOUR
FLIPPING: Tile = tile(1, 100, 200, 100)
"""100, from six 200, from seven 100 again."""
DRAW: Draw = frame_of


def test_the_frame_of_the_instant_proves_the_tile() -> None:
    assert judge(FLIPPING, ack(100, NOW), DRAW) == Verdict(True, None, SIX)
    assert judge(FLIPPING, ack(200, SIX), DRAW) == Verdict(True, SIX, SEVEN)
    assert judge(FLIPPING, ack(100, SEVEN), DRAW) == Verdict(True, SEVEN, None)


def test_the_frame_says_what_hangs_though_the_clock_says_otherwise() -> None:
    late = judge(FLIPPING, ack(200, SEVEN + 5), DRAW)
    assert late == Verdict(True, SIX, SEVEN)


def test_flips_that_change_no_pixel_need_no_confirmation() -> None:
    same = tile(1, 100, 100, 300)
    assert judge(same, ack(100, NOW), DRAW) == Verdict(True, None, SEVEN)


def test_a_frame_that_is_none_of_the_tiles_is_misdrawn() -> None:
    assert judge(FLIPPING, ack(100, NOW, "e" * 32), DRAW) == Verdict(False, None, SIX, True)


def test_between_unequal_renderers_price_and_instant_must_do() -> None:
    assert judge(FLIPPING, ack(200, SIX, "e" * 32), None) == Verdict(False, SIX, SEVEN)
    assert judge(FLIPPING, ack(200, SEVEN, "e" * 32), None) == Verdict(False, SIX, SEVEN)


def test_an_ack_of_words_that_are_not_known_proves_nothing() -> None:
    assert judge(None, ack(100, NOW), DRAW) == Verdict(False, None, None)
