"""How long somebody who mistypes a password waits."""

from hypothesis import given
from hypothesis import strategies as st

from cloud_service.accounts.throttle import (
    FORGET_AFTER_S,
    FREE_TRIES,
    LONGEST_WAIT_S,
    Tries,
    one_more,
    wait_s,
)

NOW = 1_800_000_000


def _tries(count: int) -> Tries:
    tries = Tries()
    for _ in range(count):
        tries = one_more(tries, NOW)
    return tries


def test_the_first_tries_are_free() -> None:
    assert wait_s(_tries(FREE_TRIES - 1), NOW, FREE_TRIES) == 0


def test_each_further_try_waits_twice_as_long() -> None:
    waits = [wait_s(_tries(FREE_TRIES + more), NOW, FREE_TRIES) for more in range(4)]

    assert waits == [15, 30, 60, 120]


def test_a_wait_passes() -> None:
    assert wait_s(_tries(FREE_TRIES), NOW + 14, FREE_TRIES) == 1
    assert wait_s(_tries(FREE_TRIES), NOW + 15, FREE_TRIES) == 0


def test_a_count_that_rested_an_hour_is_forgotten() -> None:
    later = one_more(_tries(50), NOW + FORGET_AFTER_S)

    assert later.count == 1


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_nobody_waits_longer_than_a_quarter_of_an_hour(count: int, passed: int) -> None:
    assert 0 <= wait_s(Tries(count, NOW), NOW + passed, FREE_TRIES) <= LONGEST_WAIT_S
