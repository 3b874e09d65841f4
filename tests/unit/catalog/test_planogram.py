"""Planograms: facings, paper beside glass, and what hung where from when on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud_service.catalog.planogram import Position, positions_at, positions_of_store
from cloud_service.catalog.stores import find_store
from cloud_service.changes.hanging import Hanging, Place, publish_planogram
from cloud_service.changes.publishing import Author, Published
from cloud_service.delivery.registration import hung_panels
from cloud_service.errors import Invalid
from cloud_service.services import Services
from cloud_service.shelves.inspection import Inspector
from cloud_service.shelves.renderers import Renderers
from tests.book import NOW_AUTHOR, open_book

GLASS = Place("b01-s1-p01", "d1", "epd-2.9-bwr", "4711", 2)
OTHER = Place("b01-s1-p02", "d1", "epd-2.9-bwr", "0815")
PAPER = Place("b01-s1-p03", None, "paper-70x37", "4053", 4)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path)
    yield services
    services.close()


def hang(
    book: Services, *places: Place, whole: bool = False, author: Author = NOW_AUTHOR
) -> Published | None:
    inspector = Inspector(Renderers(book.storage))
    with book.storage.begin() as unit:
        store = find_store(unit, "0204")
        return publish_planogram(unit, store, Hanging(places, whole), author, inspector)


def hung(book: Services, revision: int | None = None) -> list[tuple[str, str | None, int]]:
    with book.storage.read() as unit:
        found: list[Position]
        if revision is None:
            found = positions_of_store(unit, "0204")
        else:
            found = positions_at(unit, "0204", revision)
        return [(one.position, one.sku, one.facings) for one in found]


def test_a_planogram_knows_facings_and_paper(book: Services) -> None:
    hang(book, GLASS, PAPER)
    assert hung(book) == [("b01-s1-p01", "4711", 2), ("b01-s1-p03", "4053", 4)]


def test_an_older_planogram_can_be_looked_at(book: Services) -> None:
    first = hang(book, GLASS, OTHER)
    second = hang(book, GLASS._replace(sku="4053"))
    third = hang(book, GLASS, whole=True)
    assert first is not None
    assert second is not None
    assert third is not None
    assert hung(book, first.revision - 1) == []
    assert hung(book, first.revision) == [("b01-s1-p01", "4711", 2), ("b01-s1-p02", "0815", 1)]
    assert hung(book, second.revision) == [("b01-s1-p01", "4053", 2), ("b01-s1-p02", "0815", 1)]
    assert hung(book, third.revision) == hung(book) == [("b01-s1-p01", "4711", 2)]


def test_what_hangs_already_is_no_change(book: Services) -> None:
    hang(book, GLASS, OTHER)
    last = book.last_event_id()
    assert hang(book, OTHER, GLASS) is None
    assert book.last_event_id() == last


def test_only_what_differs_must_follow(book: Services) -> None:
    hang(book, GLASS, OTHER)
    done = hang(book, GLASS, OTHER._replace(facings=3))
    assert done is not None
    assert done.tiles == 1


def test_a_whole_planogram_takes_down_what_it_does_not_name(book: Services) -> None:
    hang(book, GLASS, OTHER._replace(device="d2"))
    with book.storage.begin() as unit:
        unit.connection().exec_driver_sql("UPDATE devices SET marks_done = marks")
    done = hang(book, GLASS, whole=True)
    assert done is not None
    assert done.tiles == 0
    with book.storage.read() as unit:
        query = "SELECT id FROM devices WHERE marks > marks_done"
        marked = unit.connection().exec_driver_sql(query).scalars().all()
    assert list(marked) == ["d2"]


def test_paper_follows_nothing_and_nobody_waits_for_it(book: Services) -> None:
    done = hang(book, GLASS, PAPER)
    assert done is not None
    assert (done.tiles, done.devices) == (1, 1)
    tile = book.tile(store="0204", position=PAPER.position)
    assert (tile.state, tile.why, tile.device_id, tile.wanted_price) == ("paper", None, None, 249)
    status = book.status(store="0204")
    assert (status.pending, status.shown, status.failed) == (1, 0, 0)
    assert [tile.position for tile in status.attention] == [GLASS.position]
    standing = book.standing(store="0204", skus=["4053"])
    assert (standing.pending, standing.lagging) == (0, ())
    assert book.set_price(store="0204", sku="4053", amount_minor=199, actor="ana").tiles == 0


def test_paper_stands_in_its_bay_and_is_no_device_to_register(book: Services) -> None:
    hang(book, GLASS, PAPER)
    (shelf,) = book.bay(store="0204", number=1).shelves
    assert [tile.state for tile in shelf.tiles] == ["pending", "paper"]
    assert shelf.devices == ("d1",)
    assert hung_panels(book.storage, "0204") == {"d1": [("b01-s1-p01", "epd-2.9-bwr")]}


def test_a_position_that_goes_from_glass_to_paper_leaves_its_device(book: Services) -> None:
    hang(book, GLASS, OTHER)
    done = hang(book, GLASS._replace(device=None, panel="paper-70x37"))
    assert done is not None
    assert (done.tiles, done.devices) == (0, 0)
    assert book.tile(store="0204", position=GLASS.position).state == "paper"
    (device,) = book.devices(store="0204")
    assert device.tiles == 1


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (PAPER._replace(device="d1"), "paper-70x37 is paper, which no device drives"),
        (GLASS._replace(device=None), "needs a device; only paper hangs without one"),
        (GLASS._replace(facings=0), "0 facings; 1 to 99 are possible"),
        (GLASS._replace(facings=100), "100 facings"),
        (OTHER, "it is given twice"),
    ],
)
def test_a_position_that_cannot_be_is_refused_by_its_name(
    book: Services, place: Place, reason: str
) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        hang(book, OTHER, place)
    assert refused.value.place == f"position {place.position}"
    assert hung(book) == []
