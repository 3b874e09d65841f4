"""The only twin JSON in and out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract import wire
from label_templates.contract.errors import TwinError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired
from tests.unit.contract.words import desireds, sealed, tiles

documents = st.recursive(
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.booleans() | st.text(), max_size=3),
    lambda below: st.dictionaries(st.sampled_from("abc"), below, max_size=3),
)


@given(desireds())
def test_a_desired_state_written_and_read_is_the_same(desired: Desired) -> None:
    document = json.loads(json.dumps(wire.write_desired(desired)))
    assert wire.read_desired({**document, "$version": 4}) == desired


@given(documents, documents)
def test_the_difference_of_two_documents_brings_one_to_the_other(
    old: dict[str, Any], new: dict[str, Any]
) -> None:
    reached = wire.merged(old, wire.difference(old, new))
    assert json.dumps(reached, sort_keys=True) == json.dumps(new, sort_keys=True)


@given(documents)
def test_nothing_changed_is_an_empty_patch(document: dict[str, Any]) -> None:
    assert wire.difference(document, document) == {}


def test_fields_that_vanish_are_explicit_nulls() -> None:
    old = {"tiles": {"b01-s1-p01": {"now": {"price": 1, "prior_price": 2}}}}
    new = {"tiles": {"b01-s1-p01": {"now": {"price": 1}}}}
    assert wire.difference(old, new) == {"tiles": {"b01-s1-p01": {"now": {"prior_price": None}}}}


@given(documents)
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(document: dict[str, Any]) -> None:
    turned = dict(reversed(list(document.items())))
    assert wire.canonical(document) == wire.canonical(turned)


@pytest.mark.parametrize("value", [None, 1.5, [1]])
def test_null_float_and_array_have_no_canonical_form(value: object) -> None:
    with pytest.raises(TwinError, match=r"tiles\.now: "):
        wire.canonical({"tiles": {"now": value}})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"a": {"b": "x" * 4097}}, r"a\.b: string longer"),
        ({"a b": 1}, "a b: key with"),
        ({"a": {"b.c": 1}}, r"a\.b\.c: key with"),
        ({"$a": 1}, "key with"),
        ({"k" * 1025: 1}, "key longer"),
        ({"a": 2**52}, "a: integer"),
        ({"a": -(2**52) - 1}, "a: integer"),
        (
            {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {"a": {}}}}}}}}}}},
            "deeper than 10",
        ),
        ({f"k{n}": "x" * 4000 for n in range(9)}, "IoT Hub takes 32768"),
    ],
)
def test_what_iot_hub_would_not_hold_is_refused(document: dict[str, Any], reason: str) -> None:
    with pytest.raises(TwinError, match=reason):
        wire.check_limits(document)


def test_the_edges_of_the_limits_are_held() -> None:
    wire.check_limits({"a": 4503599627370495, "b": -4503599627370496, "k" * 1024: "x" * 4096})


def test_size_counts_as_iot_hub_counts() -> None:
    assert (
        wire.twin_size({"ab": 1, "c": True, "d": "čaj", "e": {"f": 2.5}})
        == 2 + 8 + 1 + 4 + 1 + 4 + 1 + 1 + 8
    )


def test_forty_eight_tiles_with_a_promotion_to_come_fit_a_twin() -> None:
    name = "ČOKOLADA MLIJEČNA S CIJELIM LJEŠNJACIMA I GROŽĐICAMA 300G"
    now = {
        "sku": "90725768", "name": name, "brand": "KRAŠ", "size": "300 g", "gtin": "3850334043641",
        "price": 499, "unit_price": 166300, "unit_measure": "kg",
        "reference_price": 449, "reference_date": "2025-05-02",
    }  # fmt: skip
    change = {
        "price": 399,
        "prior_price": 499,
        "percent_off": 20,
        "promotion": "percent",
        "unit_price": 133000,
    }
    tile = Tile.model_validate(
        {
            "epoch": 0, "rev": 1, "tpl": "price/standard", "now": now,
            "next": {
                "1": {"at": 1795431600, "tpl": "price/promotion", "change": change},
                "2": {
                    "at": 1795531600, "tpl": "price/standard",
                    "drop": "percent_off prior_price promotion",
                    "change": {"price": 499, "unit_price": 166300},
                },
            },
        }
    )  # fmt: skip
    document = wire.write_desired(sealed({f"b01-s1-p{place:02}": tile for place in range(1, 49)}))
    assert wire.twin_size(document) <= wire.MAX_SECTION_BYTES
    assert wire.twin_size(wire.words(tile)) <= wire.TILE_BUDGET_BYTES


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"tiles": {"b01-s1-p01": {"now": {"price": "199"}}}}, r"tiles\.b01-s1-p01\.now\.price"),
        ({"tiles": {"shelf": {"rev": 1}}}, r"tiles\.shelf"),
        ({"schema": 2}, "schema"),
        ({"store": {"currency": "euro"}}, r"store\.currency"),
        ({"seal": None}, "seal"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_document_that_breaks_the_contract_is_refused_with_the_place(
    change: dict[str, Any], place: str
) -> None:
    tile = Tile.model_validate(
        {
            "epoch": 0,
            "rev": 1,
            "tpl": "price/standard",
            "now": {"sku": "1", "name": "Tea", "price": 199},
        }
    )
    document = wire.merged(wire.write_desired(sealed({"b01-s1-p01": tile})), change)
    with pytest.raises(TwinError, match=place):
        wire.read_desired(document)


@given(tiles())
def test_a_tiles_words_hold_no_null_and_no_float(tile: Tile) -> None:
    wire.canonical(wire.words(tile))
