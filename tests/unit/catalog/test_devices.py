"""Marks and claims of devices: nothing published is lost, and no dead dispatcher holds on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.catalog.devices import (
    Claim,
    claim_devices,
    defer_device,
    extend_claims,
    mark_again,
    release_device,
)
from cloud_service.services import Services
from cloud_service.storage import Storage
from tests.book import NOON, hang, open_book

LEASE = 30


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    for number in range(1, 4):
        hang(services, "0204", "4711", device=f"d{number}")
    services.add_planogram(
        store="0204",
        positions=[(f"b02-s1-p{n:02}", f"d{n}", "epd-2.9-bw", "4711") for n in range(1, 4)],
        actor="ana",
    )
    yield services
    services.close()


@pytest.fixture
def storage(book: Services) -> Storage:
    return book.storage


def _claim(storage: Storage, now: int = NOON, limit: int = 10, owner: str = "a") -> list[Claim]:
    with storage.begin() as unit:
        return claim_devices(unit, now, limit, owner, LEASE)


def _release(storage: Storage, claim: Claim, due_at: int | None = None) -> bool:
    with storage.begin() as unit:
        return release_device(unit, claim, due_at)


def test_a_claimed_device_is_nobody_elses(storage: Storage) -> None:
    first = _claim(storage, limit=2, owner="a")
    second = _claim(storage, owner="b")
    assert len(first) == 2
    assert len(second) == 1
    assert not {c.device_id for c in first} & {c.device_id for c in second}


def test_a_claim_that_ran_out_is_taken_by_another_and_can_no_longer_be_released(
    storage: Storage,
) -> None:
    (old, *_) = _claim(storage, owner="a")
    assert _claim(storage, NOON + LEASE - 1, owner="b") == []
    taken = _claim(storage, NOON + LEASE, owner="b")
    assert old.device_id in {claim.device_id for claim in taken}
    assert not _release(storage, old)
    assert _claim(storage, NOON + LEASE + 1, owner="c") == []


def test_a_released_device_rests_until_it_is_marked_or_due(storage: Storage) -> None:
    for claim in _claim(storage):
        assert _release(storage, claim, due_at=NOON + 100)
    assert _claim(storage, NOON + 99) == []
    due = _claim(storage, NOON + 100)
    assert len(due) == 3
    assert not any(claim.marked for claim in due)


def test_a_mark_that_comes_while_a_dispatcher_works_is_not_lost(book: Services) -> None:
    claims = _claim(book.storage)
    book.set_price(store="0204", sku="4711", amount_minor=249, actor="ana")
    for claim in claims:
        assert _release(book.storage, claim)
    again = _claim(book.storage)
    assert len(again) == 3
    assert all(claim.marked for claim in again)


def test_a_deferred_device_waits_and_is_marked_as_before(storage: Storage) -> None:
    for claim in _claim(storage):
        with storage.begin() as unit:
            assert defer_device(unit, claim, NOON + 50)
    assert _claim(storage, NOON + 49, owner="b") == []
    assert all(claim.marked for claim in _claim(storage, NOON + 50, owner="b"))


def test_an_extended_claim_holds_longer(storage: Storage) -> None:
    claims = _claim(storage)
    with storage.begin() as unit:
        extend_claims(unit, claims, NOON + 20, LEASE)
    assert _claim(storage, NOON + LEASE + 10, owner="b") == []
    assert len(_claim(storage, NOON + 20 + LEASE, owner="b")) == 3


def test_a_device_can_be_marked_again_though_nothing_was_published(storage: Storage) -> None:
    for claim in _claim(storage):
        _release(storage, claim)
    with storage.begin() as unit:
        assert mark_again(unit, ["d2"], NOON) == 1
    assert [claim.device_id for claim in _claim(storage)] == ["d2"]


def test_the_longest_waiting_device_is_taken_first(book: Services) -> None:
    for claim in _claim(book.storage):
        _release(book.storage, claim)
    with book.storage.begin() as unit:
        mark_again(unit, ["d3"], NOON + 1)
        mark_again(unit, ["d1"], NOON + 2)
    assert [claim.device_id for claim in _claim(book.storage, NOON + 3, limit=1)] == ["d3"]
