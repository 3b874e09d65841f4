"""Twins: versions, etags, metadata and Azure's limits."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core import limits
from simulators.iothub.core.document import merged
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.stamps import Stamps, metadata_text
from simulators.iothub.core.twin import Section, Twin, TwinPatch
from tests.unit.iothub.test_document import documents, patches

NOON = 1_795_435_200.0


def desired(twin: Twin) -> Any:
    return twin.desired.value()


def test_a_new_twin_looks_as_on_azure() -> None:
    twin = Twin.empty(NOON)
    assert (twin.version, twin.etag) == (2, "AAAAAAAAAAE=")
    assert json.loads(twin.for_device()) == {
        "desired": {"$version": 1},
        "reported": {"$version": 1},
    }


def test_a_service_change_moves_the_etag_and_a_report_does_not() -> None:
    twin = Twin.empty(NOON)
    patched = twin.patched(TwinPatch(desired={"a": 1}), NOON)
    reported = patched.reporting({"b": 2}, NOON)
    assert twin.etag != patched.etag == reported.etag
    assert (patched.desired.version, patched.reported.version) == (2, 1)
    assert (reported.desired.version, reported.reported.version) == (2, 2)
    assert (twin.version, patched.version, reported.version) == (2, 3, 4)


def test_sections_that_are_not_named_stay_untouched() -> None:
    twin = Twin.empty(NOON).patched(TwinPatch(tags={"store": "1"}, desired={"a": 1}), NOON)
    later = twin.patched(TwinPatch(tags={"bay": 2}), NOON + 1)
    assert later.desired is twin.desired
    replaced = twin.replaced(TwinPatch(desired={"b": 2}), NOON + 1)
    assert replaced.tags is twin.tags
    assert desired(replaced) == {"b": 2}


def test_a_device_learns_what_vanished_from_a_replaced_section() -> None:
    before = Twin.empty(NOON).patched(TwinPatch(desired={"a": {"x": 1, "y": 2}, "b": 3}), NOON)
    after = before.replaced(TwinPatch(desired={"a": {"x": 9}}), NOON)
    assert after.desired_change(before) == {"b": None, "a": {"y": None, "x": 9}}


def test_what_the_hub_writes_is_passed_over_when_it_is_sent_back() -> None:
    body = {"properties": {"desired": {"a": 1, "$version": 9, "$metadata": {}}}, "etag": "x"}
    assert TwinPatch.from_body(body) == TwinPatch(None, {"a": 1})


@pytest.mark.parametrize("body", [{"tags": 1}, {"properties": []}, {"properties": {"desired": ""}}])
def test_a_section_that_is_no_object_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BadRequestError):
        TwinPatch.from_body(body)


def test_metadata_tells_when_each_member_was_written() -> None:
    section = Section.empty(NOON)
    section = section.patched("desired", {"a": {"x": 1, "y": 1}, "b": 1}, NOON + 1)
    section = section.patched("desired", {"a": {"x": 2}}, NOON + 2)
    shown = json.loads(section.for_service(versions=True))["$metadata"]
    assert shown["$lastUpdatedVersion"] == shown["a"]["$lastUpdatedVersion"] == 3
    assert shown["a"]["x"]["$lastUpdatedVersion"] == 3
    assert shown["a"]["y"]["$lastUpdatedVersion"] == shown["b"]["$lastUpdatedVersion"] == 2
    assert shown["b"]["$lastUpdated"] == "2026-11-23T12:00:01.0000000Z"


def test_reported_metadata_carries_no_versions() -> None:
    section = Section.empty(NOON).patched("reported", {"a": 1}, NOON)
    shown = json.loads(section.for_service(versions=False))["$metadata"]
    assert set(shown["a"]) == {"$lastUpdated"}


def plain_metadata(old: Any, before: Any, patch: Any, stamp: tuple[float, int]) -> Any:
    """The obvious way: one stamp a member, nothing saved."""
    shown = {"": stamp}
    for key, value in merged(before, patch).items():
        change, kept = patch.get(key), before.get(key)
        if change is None:
            shown[key] = old[key]
        elif isinstance(kept, dict) and isinstance(change, dict):
            shown[key] = plain_metadata(old[key], kept, change, stamp)
        else:
            shown[key] = all_stamped(value, stamp)
    return shown


def all_stamped(value: Any, stamp: tuple[float, int]) -> Any:
    members = value.items() if isinstance(value, dict) else ()
    return {"": stamp, **{key: all_stamped(member, stamp) for key, member in members}}


def unfolded(value: Any, stamps: Stamps) -> Any:
    members = value.items() if isinstance(value, dict) else ()
    below = {key: unfolded(member, stamps.of(key)) for key, member in members}
    return {"": (stamps.at, stamps.version), **below}


@given(documents, st.lists(patches, max_size=5))
def test_folded_stamps_say_the_same_as_a_stamp_for_every_member(
    document: dict[str, Any], changes: list[dict[str, Any]]
) -> None:
    stamps, plain = Stamps(0.0, 1), all_stamped(document, (0.0, 1))
    for number, patch in enumerate(changes, start=2):
        after = merged(document, patch)
        plain = plain_metadata(plain, document, patch, (float(number), number))
        stamps = stamps.touched(document, after, patch, Stamps(float(number), number))
        document = after
    assert unfolded(document, stamps) == plain
    assert Stamps.from_plain(json.loads(json.dumps(stamps.plain()))) == stamps


def test_a_section_written_at_once_has_one_stamp() -> None:
    section = Section.empty(NOON).patched("desired", {"a": {"b": {"c": 1}}, "d": 2}, NOON)
    assert section.stamps.members == {}
    shown = json.loads(metadata_text(section.value(), section.stamps, versions=False))
    assert shown["a"]["b"]["c"] == shown["d"]


def nested(levels: int) -> dict[str, Any]:
    value: Any = 1
    for level in range(levels):
        value = {f"level{level}": value}
    return {"top": value}


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        pytest.param({"a.b": 1}, r"'a\.b'", id="dot in a key"),
        pytest.param({"$a": 1}, r"'\$a'", id="dollar in a key"),
        pytest.param({"a b": 1}, "'a b'", id="space in a key"),
        pytest.param({"a\n": 1}, "control", id="control character in a key"),
        pytest.param({"": 1}, "without a name", id="empty key"),
        pytest.param({"k" * 1025: 1}, "longer than 1024", id="long key"),
        pytest.param({"a": {"b": "x" * 4097}}, r"desired\.a\.b", id="long text"),
        pytest.param({"a": 4503599627370496}, "integers reach", id="integer too great"),
        pytest.param({"a": -4503599627370497}, "integers reach", id="integer too small"),
        pytest.param(nested(11), "deeper than 10", id="too deep"),
        pytest.param({"a": [[["x" * 5000]]]}, r"a\[0\]\[0\]\[0\]", id="within arrays"),
        pytest.param({"a": "\ud800"}, "surrogate", id="half a character"),
    ],
)
def test_what_azure_refuses_is_refused_and_the_place_is_named(
    patch: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadRequestError, match=reason):
        Twin.empty(NOON).patched(TwinPatch(desired=patch), NOON)


def test_what_just_fits_is_taken() -> None:
    patch = {
        "k" * 1024: 4503599627370495,
        "low": -4503599627370496,
        "text": "x" * 4096,
        "deep": nested(8),
        "list": [1, "two", None],
    }
    assert desired(Twin.empty(NOON).patched(TwinPatch(desired=patch), NOON)) == patch


def test_a_size_counts_keys_texts_numbers_and_booleans() -> None:
    assert limits.section_size({"abc": "de"}) == 5
    assert limits.section_size({"a": 1, "b": 2.5, "c": True, "d": [1, False]}) == 4 + 16 + 4 + 12
    assert limits.section_size({"a": {"b": {"c": "\u0001x"}}}) == 4


values = st.recursive(
    st.booleans() | st.integers(0, 9) | st.floats(0, 1) | st.text(max_size=4) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=2), values))
def test_a_size_is_never_more_than_four_times_the_json(value: dict[str, Any]) -> None:
    assert limits.section_size(value) <= 4 * len(json.dumps(value, separators=(",", ":")))


def test_tags_hold_8_kb_and_properties_32_kb() -> None:
    def texts(count: int) -> dict[str, str]:
        return {f"{number:06}": "x" * 4090 for number in range(count)}

    twin = Twin.empty(NOON)
    assert twin.patched(TwinPatch(tags=texts(2), desired=texts(8)), NOON).version == 3
    with pytest.raises(BadRequestError, match="tags hold at most 8192"):
        twin.patched(TwinPatch(tags={**texts(2), "a": True}), NOON)
    with pytest.raises(BadRequestError, match="desired hold at most 32768"):
        twin.patched(TwinPatch(desired={**texts(8), "a": True}), NOON)
    with pytest.raises(BadRequestError, match="reported hold at most 32768"):
        twin.reporting({**texts(8), "a": True}, NOON)


def test_a_full_twin_can_still_be_made_smaller() -> None:
    full = {f"{number:06}": "x" * 4090 for number in range(8)}
    twin = Twin.empty(NOON).patched(TwinPatch(desired=full), NOON)
    smaller = twin.patched(TwinPatch(desired={"000000": None, "000001": "y" * 4090}), NOON)
    assert len(desired(smaller)) == 7
