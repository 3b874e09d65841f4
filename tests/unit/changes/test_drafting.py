"""A change from its draft to the shelves, and back: a real database, a clock that obeys."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cloud_service.accounts.audit import trail
from cloud_service.catalog.stores import find_store
from cloud_service.changes.difference import Outlook, outlook
from cloud_service.changes.draft import Draft, Line, Offered
from cloud_service.changes.drafting import Guard, advance, cancel, publish, roll_back, send, submit
from cloud_service.changes.drafts import find_draft, keep_draft, replace_draft
from cloud_service.changes.guards import Rails
from cloud_service.changes.pricing import draft_of_prices
from cloud_service.changes.publishing import Author
from cloud_service.clock import FixedClock
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.pricing.book import override_scope
from cloud_service.pricing.offering import NOTHING
from cloud_service.pricing.promotions import FixedPrice, PercentOff, Promotion
from cloud_service.pricing.window import Window
from cloud_service.services import Services
from cloud_service.shelves.inspection import Inspector
from cloud_service.shelves.renderers import Renderers
from cloud_service.storage import Unit
from tests.book import NOON, add_store, open_book

DAY = 86_400
FOUR_EYES = Rails(approve_percent=30)


def guard(book: Services, rails: Rails | None = None) -> Guard:
    return Guard(rails or Rails(), Inspector(Renderers(book.storage)))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Services]:
    services = open_book(tmp_path, FixedClock(NOON))
    yield services
    services.close()


def by(name: str, at: int = NOON) -> Author:
    return Author(name, "spring prices", at)


def done(book: Services, work: Callable[[Unit], object]) -> object:
    with book.storage.begin() as unit:
        return work(unit)


def drafted(book: Services, amounts: dict[str, int], author: str = "ana", **more: object) -> Draft:
    with book.storage.read() as unit:
        draft = draft_of_prices(unit, find_store(unit, "0204"), amounts, by(author))
    return replace(draft, **more)  # type: ignore[arg-type]


def price(book: Services, sku: str = "4711", store: str = "0204") -> int | None:
    view = book.product(sku=sku, store=store).price
    return view.effective if view is not None else None


def later(book: Services, seconds: int) -> None:
    assert isinstance(book.clock, FixedClock)
    book.clock.instant += seconds


def test_what_no_rail_holds_is_published_straight_away(book: Services) -> None:
    draft = drafted(book, {"4711": 219})
    done(book, lambda unit: send(unit, draft, guard(book), by("ana")))
    assert price(book) == 219
    with book.storage.read() as unit:
        assert find_draft(unit, draft.id).state == "published"


def test_a_large_step_waits_for_a_second_person(book: Services) -> None:
    draft = drafted(book, {"4711": 299})
    done(book, lambda unit: send(unit, draft, guard(book, FOUR_EYES), by("ana")))
    assert price(book) == 199
    with book.storage.begin() as unit:
        waiting = find_draft(unit, draft.id)
        assert (waiting.state, waiting.needs_approval) == ("submitted", True)
        with pytest.raises(Invalid, match="second person"):
            advance(unit, waiting, "approve", by("ana"))
        publish(unit, advance(unit, waiting, "approve", by("boro")), guard(book), by("ana"))
    assert price(book) == 299


def test_any_edit_voids_the_approval(book: Services) -> None:
    draft = drafted(book, {"4711": 299})
    done(book, lambda unit: send(unit, draft, guard(book, FOUR_EYES), by("ana")))
    with book.storage.begin() as unit:
        approved = advance(unit, find_draft(unit, draft.id), "approve", by("boro"))
        edited = approved.edited(lines=(Line("4711", 389, seen=approved.lines[0].seen),))
        replace_draft(unit, edited, "ana", NOON, expected=approved.version)
        found = find_draft(unit, draft.id)
        assert (found.state, found.approved_by, found.version) == ("draft", None, 2)
        with pytest.raises((Invalid, Conflict)):
            publish(unit, found, guard(book), by("ana"))


def test_two_editors_of_one_draft_notice_each_other(book: Services) -> None:
    draft = drafted(book, {"4711": 299})
    with book.storage.begin() as unit:
        keep_draft(unit, draft, NOON)
        replace_draft(unit, draft.edited(note="one"), "ana", NOON, expected=1)
        with pytest.raises(Conflict, match="Somebody else edited change"):
            replace_draft(unit, draft.edited(note="other"), "boro", NOON, expected=1)


def test_two_merchandisers_who_draft_the_same_price_get_a_clear_conflict(book: Services) -> None:
    ana, boro = drafted(book, {"4711": 219}), drafted(book, {"4711": 229}, "boro")
    done(book, lambda unit: send(unit, ana, guard(book), by("ana")))
    with pytest.raises(Conflict, match="Somebody else set the price of 4711 meanwhile"):
        done(book, lambda unit: send(unit, boro, guard(book), by("boro")))
    assert price(book) == 219


def test_a_slip_is_asked_about_and_nothing_is_kept(book: Services) -> None:
    draft = drafted(book, {"4711": 1990})
    with pytest.raises(Invalid, match="confirm: 4711: about ten-fold"):
        done(book, lambda unit: send(unit, draft, guard(book), by("ana")))
    with book.storage.read() as unit, pytest.raises(NotFound):
        find_draft(unit, draft.id)
    done(book, lambda unit: send(unit, replace(draft, confirmed=True), guard(book), by("ana")))
    assert price(book) == 1990


def test_what_is_scheduled_comes_at_its_instant_and_is_in_the_book_before(book: Services) -> None:
    draft = drafted(book, {"4711": 219}, at=NOON + DAY)
    done(book, lambda unit: send(unit, draft, guard(book), by("ana")))
    assert price(book) == 199
    steps = book.upcoming(store="0204", sku="4711")
    assert [(step.at, step.effective) for step in steps] == [(NOON + DAY, 219)]
    later(book, DAY)
    assert price(book) == 219


def test_what_is_scheduled_can_be_cancelled_before_it_comes_and_not_after(book: Services) -> None:
    first, second = (
        drafted(book, {"4711": 219}, at=NOON + DAY),
        drafted(book, {"4053": 259}, at=NOON + DAY),
    )
    for draft in (first, second):
        done(book, lambda unit, draft=draft: send(unit, draft, guard(book), by("ana")))  # type: ignore[misc]
    done(book, lambda unit: cancel(unit, first.id, by("ana")))
    later(book, DAY)
    assert (price(book), price(book, "4053")) == (199, 259)
    with pytest.raises(Conflict, match="has taken effect"):
        done(book, lambda unit: cancel(unit, second.id, by("ana", NOON + DAY)))


def test_rolling_back_restores_the_price_and_says_what_it_restores(book: Services) -> None:
    draft = drafted(book, {"4711": 219, "0815": 109})
    done(book, lambda unit: send(unit, draft, guard(book), by("ana")))
    later(book, DAY)
    done(book, lambda unit: roll_back(unit, draft.id, by("boro", NOON + DAY)))
    assert (price(book), price(book, "0815")) == (199, 99)
    with book.storage.read() as unit:
        assert find_draft(unit, draft.id).state == "rolled-back"
    with pytest.raises(Conflict, match="rolled-back"):
        done(book, lambda unit: roll_back(unit, draft.id, by("boro", NOON + DAY)))


def test_a_stores_override_goes_before_its_zone_and_is_taken_back(book: Services) -> None:
    own = drafted(book, {"4711": 179}, scope=override_scope("0204"))
    done(book, lambda unit: send(unit, own, guard(book), by("ana")))
    assert price(book) == 179
    zone = drafted(book, {"4711": 219})
    done(book, lambda unit: send(unit, zone, guard(book), by("ana")))
    assert price(book) == 179
    with book.storage.read() as unit:
        seen = draft_of_prices(unit, find_store(unit, "0204"), {"4711": 1}, by("ana")).lines[0].seen
    back = replace(own, id="chg_back", lines=(Line("4711", seen=seen),))
    done(book, lambda unit: send(unit, back, guard(book), by("ana")))
    assert price(book) == 219


def a_promotion(terms: object, name: str = "easter") -> Offered:
    window = Window(NOON, NOON + 7 * DAY)
    return Offered(Promotion(name, 0, "Easter", window, terms), ("4711", "0815"))  # type: ignore[arg-type]


def test_a_promotion_is_a_change_as_prices_are_and_is_rolled_back_as_one(book: Services) -> None:
    draft = replace(
        drafted(book, {}), kind="promotion", promotions=(a_promotion(PercentOff(2000)),)
    )
    done(book, lambda unit: send(unit, draft, guard(book), by("ana")))
    assert (price(book), price(book, "0815"), price(book, "4053")) == (159, 79, 249)
    done(book, lambda unit: roll_back(unit, draft.id, by("ana", NOON + 5)))
    later(book, 5)
    assert (price(book), price(book, "0815")) == (199, 99)


def test_a_promotion_that_has_begun_keeps_its_terms(book: Services) -> None:
    for terms in (PercentOff(2000), FixedPrice(50)):
        draft = replace(drafted(book, {}), kind="promotion", promotions=(a_promotion(terms),))
        if isinstance(terms, FixedPrice):
            with pytest.raises(Invalid, match="it has begun; end it and start another"):
                done(book, lambda unit, d=draft: send(unit, d, guard(book), by("ana", NOON + 1)))  # type: ignore[misc]
        else:
            done(book, lambda unit, d=draft: send(unit, d, guard(book), by("ana")))  # type: ignore[misc]
    assert price(book) == 159


def look(book: Services, draft: Draft, rails: Rails | None = None) -> Outlook:
    with book.storage.read() as unit:
        return outlook(unit, draft, rails or Rails(), NOON)


def test_the_difference_names_old_and_new_and_only_what_changes(book: Services) -> None:
    seen = look(book, drafted(book, {"4711": 219, "0815": 99}))
    (one,) = seen.differences
    assert one.old is not None
    assert one.new is not None
    assert (one.sku, one.old.effective, one.new.effective) == ("4711", 199, 219)
    assert (seen.stores, seen.tally.raised, seen.tally.products, seen.tiles) == (("0204",), 1, 1, 0)


def test_a_draft_of_an_unknown_product_is_refused_by_name(book: Services) -> None:
    with pytest.raises(NotFound, match="no product with SKU 9999"):
        look(book, drafted(book, {"9999": 100}))


def test_submitting_finds_what_a_second_person_must_see(book: Services) -> None:
    draft = drafted(book, {"4711": 299})
    with book.storage.begin() as unit:
        keep_draft(unit, draft, NOON)
        waiting = submit(unit, draft.id, FOUR_EYES, by("ana"), confirm=False)
    assert (waiting.state, waiting.needs_approval) == ("submitted", True)


def test_the_audit_trail_says_who_did_what_when_and_why(book: Services) -> None:
    draft = drafted(book, {"4711": 299})
    done(book, lambda unit: send(unit, draft, guard(book, FOUR_EYES), by("ana")))
    with book.storage.begin() as unit:
        approved = advance(unit, find_draft(unit, draft.id), "approve", by("boro", NOON + 60))
        publish(unit, approved, guard(book), by("ana", NOON + 90))
    with book.storage.read() as unit:
        deeds = [(deed.at, deed.actor, deed.action, deed.why) for deed in trail(unit, draft.id)]
    assert deeds == [
        (NOON + 90, "ana", "change published", "spring prices"),
        (NOON + 60, "boro", "change approved", "spring prices"),
        (NOON, "ana", "change submitted", "spring prices"),
        (NOON, "ana", "change drafted", "spring prices"),
    ]


def test_an_override_of_nothing_is_the_empty_entry() -> None:
    assert Line("4711").applied(NOTHING, NOON) == NOTHING


def test_a_zone_change_touches_every_store_of_the_zone_alone(book: Services) -> None:
    add_store(book, "1601")
    done(book, lambda unit: send(unit, drafted(book, {"4711": 219}), guard(book), by("ana")))
    assert price(book, store="1601") is None
