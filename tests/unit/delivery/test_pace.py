"""How fast the hub is asked, and when it is left alone."""

import itertools

import pytest

from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.pushed import BACKOFF_S, backoff
from cloud_service.delivery.watch import PAUSES_S, Owing, Patience


class Steady:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_and_then_calls_come_at_the_rate() -> None:
    bucket = TokenBucket(10, 3, Steady())
    assert [bucket.delay() for _ in range(5)] == pytest.approx([0, 0, 0, 0.1, 0.2])


def test_the_bucket_fills_with_time_but_not_over_its_brim() -> None:
    steady = Steady()
    bucket = TokenBucket(10, 3, steady)
    for _ in range(3):
        bucket.delay()
    assert bucket.available() == 0
    steady.now = 0.2
    assert bucket.available() == 2
    steady.now = 100.0
    assert bucket.available() == 3


def test_over_a_long_time_no_more_pass_than_the_rate_allows() -> None:
    steady = Steady()
    bucket = TokenBucket(50, 50, steady)
    sent = 0
    while steady.now < 60.0:
        steady.now += bucket.delay()
        sent += 1
    assert sent <= 60 * 50 + 51


def test_pauses_double_up_to_the_longest_and_end_with_an_answer() -> None:
    steady = Steady()
    pause = Pause(steady, first=0.5, longest=3.0)
    lengths = []
    for _ in range(5):
        assert pause.begin()
        lengths.append(pause.left())
        steady.now += pause.left()
    assert lengths == [0.5, 1.0, 2.0, 3.0, 3.0]
    pause.end()
    pause.begin()
    assert pause.left() == 0.5


def test_many_failures_at_once_make_one_pause() -> None:
    pause = Pause(Steady())
    assert pause.begin()
    assert not pause.begin()
    assert pause.left() == 0.5


def test_failures_in_a_row_wait_longer_and_longer() -> None:
    waits = [backoff(failures) for failures in range(1, 20)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (BACKOFF_S[0], BACKOFF_S[-1])


def test_a_device_that_owes_is_read_soon_and_then_ever_more_seldom() -> None:
    steady = Steady()
    patience = Patience(steady)
    reads = []
    owing = [Owing("pi-1", 1, "etag")]
    while steady.now < 30.0:
        for one in patience.ripe(owing):
            patience.read(one)
            reads.append(steady.now)
        steady.now += 0.05
    gaps = [later - earlier for earlier, later in zip([0.0, *reads], reads, strict=False)]
    assert gaps[0] < 0.25
    assert all(later > earlier - 0.06 for earlier, later in itertools.pairwise(gaps))
    assert max(gaps) <= PAUSES_S[-1] + 0.1


def test_a_new_revision_is_awaited_from_the_beginning() -> None:
    steady = Steady()
    patience = Patience(steady)
    for _ in range(20):
        for one in patience.ripe([Owing("pi-1", 1, None)]):
            patience.read(one)
        steady.now += 5.0
    patience.ripe([Owing("pi-1", 2, None)])
    steady.now += 0.2
    assert patience.ripe([Owing("pi-1", 2, None)]) == [Owing("pi-1", 2, None)]
