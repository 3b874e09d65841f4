"""A seal binds everything a device must show."""

import copy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from label_templates.contract import seal, wire
from label_templates.contract.errors import SealError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired
from tests.unit.contract.words import DEVICE, KEY, KEYS, ROOT, desireds, sealed

TEA = {
    "epoch": 0,
    "rev": 1,
    "tpl": "price/standard",
    "now": {"sku": "1", "name": "Tea", "price": 199},
}


def two_tiles() -> Desired:
    """A sealed state of two tiles."""
    tile = Tile.model_validate(TEA)
    return sealed({"b01-s1-p01": tile, "b01-s1-p02": tile}, rev=5)


@given(desireds())
def test_a_sealed_state_verifies_for_its_device(desired: Desired) -> None:
    seal.verify(desired, DEVICE, KEYS)


@given(desireds())
def test_a_sealed_state_is_worth_nothing_to_another_device(desired: Desired) -> None:
    with pytest.raises(SealError):
        seal.verify(desired, "pi-0204-02", KEYS)


@pytest.mark.parametrize(
    "forgery",
    [
        {"tiles": {"b01-s1-p01": {"now": {"price": 99}}}},
        {"tiles": {"b01-s1-p01": {"rev": 2}}},
        {"tiles": {"b01-s1-p02": None}},
        {"tiles": {"b01-s1-p03": TEA}},
        {"seal": {"rev": 6}},
        {"seal": {"epoch": 1}},
        {"seal": {"until": 1_999_999_999}},
        {"bundle": "sha256:" + "1" * 64},
        {"store": {"currency": "USD"}},
    ],
)
def test_nothing_that_is_sealed_can_be_changed(forgery: dict[str, Any]) -> None:
    document = wire.merged(wire.write_desired(two_tiles()), copy.deepcopy(forgery))
    with pytest.raises(SealError, match="does not fit"):
        seal.verify(wire.read_desired(document), DEVICE, KEYS)


def test_a_key_that_is_not_listed_seals_nothing() -> None:
    stranger = Ed25519PrivateKey.generate()
    other = seal.sign_keys(ROOT, 2, {"2026-12": stranger.public_key()})
    with pytest.raises(SealError, match="not in the key list"):
        seal.verify(two_tiles(), DEVICE, other)


def test_a_listed_name_with_another_key_seals_nothing() -> None:
    other = seal.sign_keys(ROOT, 2, {"2026-11": Ed25519PrivateKey.generate().public_key()})
    with pytest.raises(SealError, match="does not fit"):
        seal.verify(two_tiles(), DEVICE, other)


def test_only_the_root_makes_key_lists() -> None:
    seal.verify_keys(KEYS, seal.public_text(ROOT.public_key()))
    with pytest.raises(SealError, match="not signed by this device's root"):
        seal.verify_keys(KEYS, seal.public_text(KEY.public_key()))
    with pytest.raises(SealError):
        seal.verify_keys(
            KEYS.model_copy(update={"version": 2}), seal.public_text(ROOT.public_key())
        )


@given(st.text(max_size=60))
def test_a_signature_of_rubbish_is_refused_not_a_crash(text: str) -> None:
    desired = two_tiles()
    broken = desired.model_copy(update={"seal": desired.seal.model_copy(update={"sig": text})})
    with pytest.raises(SealError):
        seal.verify(broken, DEVICE, KEYS)
