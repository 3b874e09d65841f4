"""JSON documents: merging, differences and strict reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.document import (
    compact,
    difference,
    merged,
    parse_json,
    parse_object,
    with_members,
)
from simulators.iothub.core.errors import BadRequestError

keys = st.sampled_from(["a", "b", "c", "d"])
leaves = st.booleans() | st.integers(-99, 99) | st.text(max_size=3) | st.just([1, {"a": 2}])
documents = st.recursive(
    st.dictionaries(keys, leaves, max_size=4),
    lambda inner: st.dictionaries(keys, leaves | inner, max_size=4),
    max_leaves=12,
)
patches = st.recursive(
    st.dictionaries(keys, leaves | st.none(), max_size=4),
    lambda inner: st.dictionaries(keys, leaves | st.none() | inner, max_size=4),
    max_leaves=12,
)


def has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(member is None or has_null(member) for member in value.values())
    return False


@given(documents, patches)
def test_a_patch_applied_twice_is_a_patch_applied_once(
    document: dict[str, Any], patch: dict[str, Any]
) -> None:
    once = merged(document, patch)
    assert merged(once, patch) == once


@given(documents, patches)
def test_a_merged_document_never_holds_null(
    document: dict[str, Any], patch: dict[str, Any]
) -> None:
    assert not has_null(merged(document, patch))


@given(documents, patches)
def test_merging_leaves_its_inputs_alone(document: dict[str, Any], patch: dict[str, Any]) -> None:
    before = compact(document), compact(patch)
    merged(document, patch)
    assert (compact(document), compact(patch)) == before


@given(documents, documents)
def test_a_difference_turns_one_document_into_the_other(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert merged(before, difference(before, after)) == after


@given(documents, st.dictionaries(st.just("$version"), st.integers(), min_size=1))
def test_members_are_added_without_reading(document: dict[str, Any], extra: dict[str, int]) -> None:
    spliced = with_members(compact(document), compact(extra)[1:-1])
    assert parse_object(spliced) == {**document, **extra}


def test_the_examples_of_rfc_7396_hold() -> None:
    assert merged({"a": "b"}, {"a": "c"}) == {"a": "c"}
    assert merged({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}) == {"a": {"b": "d"}}
    assert merged({"a": [{"b": "c"}]}, {"a": [1]}) == {"a": [1]}
    assert merged({"a": "foo"}, {"a": {"b": {"c": None}}}) == {"a": {"b": {}}}


@pytest.mark.parametrize(
    "text", [b"", b"{", b"NaN", b"[-Infinity]", b"\xff", b"[" * 100_000, b"1" * 10_000]
)
def test_what_is_not_json_is_refused(text: bytes) -> None:
    with pytest.raises(BadRequestError):
        parse_json(text)


def test_only_an_object_is_an_object() -> None:
    with pytest.raises(BadRequestError):
        parse_object(b"[]")


def test_half_a_surrogate_pair_cannot_be_written() -> None:
    with pytest.raises(BadRequestError):
        compact(parse_json(b'"\\ud800"'))
