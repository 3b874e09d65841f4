"""Pictures kept by their tag, within bounds."""

from hypothesis import given
from hypothesis import strategies as st

from cloud_service.console.gallery import Gallery


def test_a_picture_is_found_again() -> None:
    gallery = Gallery()

    gallery.keep("a", b"picture")

    assert gallery.find("a") == b"picture"
    assert gallery.find("b") is None


def test_what_nobody_asked_for_goes_first() -> None:
    gallery = Gallery(most_bytes=20)
    gallery.keep("old", b"x" * 10)
    gallery.keep("older", b"x" * 10)
    gallery.find("old")

    gallery.keep("new", b"x" * 10)

    assert gallery.find("older") is None
    assert gallery.find("old") is not None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 40))))
def test_it_never_holds_more_than_it_may(kept: list[tuple[str, int]]) -> None:
    gallery = Gallery(most_bytes=64)

    for key, size in kept:
        gallery.keep(key, b"x" * size)

    assert sum(len(gallery.find(key) or b"") for key in "abcdef") <= 64
