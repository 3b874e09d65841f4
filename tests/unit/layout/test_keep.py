"""What is kept stays within its bytes, and what is asked for stays longest."""

from hypothesis import given
from hypothesis import strategies as st

from label_templates.layout.keep import Keep


def test_what_is_asked_for_again_is_not_forgotten() -> None:
    keep: Keep[int] = Keep(100)
    keep.put("wanted", 1, 10)
    for number in range(50):
        assert keep.get("wanted") == 1
        keep.put(number, number, 10)


def test_what_nobody_asks_for_is_forgotten() -> None:
    keep: Keep[int] = Keep(100)
    keep.put("old", 1, 10)
    for number in range(50):
        keep.put(number, number, 10)
    assert keep.get("old") is None


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 120))))
def test_no_more_is_kept_than_the_budget(puts: list[tuple[int, int]]) -> None:
    keep: Keep[int] = Keep(100)
    for key, size in puts:
        keep.put(key, size, size)
        found = [keep.get(key) for key in range(31)]
        assert sum(size for size in found if size) <= 100
