"""A change that is rolled back leaves prices as if it had never been."""

from hypothesis import given
from hypothesis import strategies as st

from cloud_service.changes.rollback import restoring
from cloud_service.pricing.entry import PriceEntry
from cloud_service.pricing.offering import NOTHING, Offering, Record, newest
from cloud_service.pricing.window import Window
from tests.unit.pricing.offerings import DAY, NOW, costs, records


def counts(found: list[Record], instant: int) -> PriceEntry:
    record = newest(found, instant)
    return record.entry if record is not None else NOTHING


def rolled_back(found: list[Record], revision: int, now: int) -> list[Record]:
    return found + [
        Record(99, piece.window, piece.entry) for piece in restoring(found, revision, now)
    ]


@st.composite
def books(draw: st.DrawFn) -> list[Record]:
    return [draw(records(number)) for number in range(1, 2 + draw(st.integers(1, 5)))]


@given(books(), st.integers(1, 3), st.integers(NOW - 60 * DAY, NOW + 10 * DAY))
def test_rolling_back_restores_what_would_hold_without_the_revision(
    found: list[Record], revision: int, now: int
) -> None:
    after = rolled_back(found, revision, now)
    without = [record for record in found if record.revision != revision]
    edges = {edge for record in after for edge in record.window.edges}
    for instant in {now, *edges, *(edge - 1 for edge in edges)}:
        if instant >= now:
            assert counts(after, instant) == counts(without, instant)
        else:
            assert counts(after, instant) == counts(found, instant)


@given(books(), st.integers(1, 3))
def test_rolling_back_twice_writes_nothing_more(found: list[Record], revision: int) -> None:
    once = rolled_back(found, revision, NOW)
    assert restoring(once, revision, NOW) == []


def test_a_price_gives_way_to_the_one_before_it() -> None:
    (piece,) = restoring([costs(100), costs(150, NOW - DAY, revision=2)], 2, NOW)
    assert (piece.window, piece.entry.regular) == (Window(NOW, None), 100)


def test_a_first_price_leaves_nothing() -> None:
    (piece,) = restoring([costs(150, NOW - DAY, revision=2)], 2, NOW)
    assert piece.entry == NOTHING
    after = Offering((costs(150, NOW - DAY, revision=2), Record(3, piece.window, piece.entry)))
    assert after.record_at(NOW) is None


def test_what_somebody_set_since_stays() -> None:
    later = costs(170, NOW - 60, revision=3)
    assert restoring([costs(100), costs(150, NOW - DAY, revision=2), later], 2, NOW) == []


def test_what_is_scheduled_is_taken_out_before_it_comes() -> None:
    (piece,) = restoring([costs(100), costs(150, NOW + DAY, revision=2)], 2, NOW)
    assert (piece.window, piece.entry.regular) == (Window(NOW + DAY, None), 100)
