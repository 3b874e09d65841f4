"""Offerings for tests, and strategies that draw them."""

from datetime import date

from hypothesis import strategies as st

from cloud_service.pricing.entry import PriceEntry, flaw
from cloud_service.pricing.goods import Goods
from cloud_service.pricing.offer import Terms
from cloud_service.pricing.offering import NOTHING, Offering, Record
from cloud_service.pricing.promotions import (
    AmountOff,
    BuyGet,
    Clearance,
    FixedPrice,
    Group,
    Markdown,
    MultiBuy,
    PercentOff,
    Promotion,
)
from cloud_service.pricing.promotions import flaw as promotion_flaw
from cloud_service.pricing.resolution import Resolution, resolve
from cloud_service.pricing.rules import rules_of
from cloud_service.pricing.window import Window

TODAY = date(2026, 6, 21)
CROATIA = Terms(rules_of("HR", TODAY), "EUR", "Europe/Zagreb")
AMERICA = Terms(rules_of("US", TODAY), "USD", "America/New_York")
PIECE = Goods(None, None, weighed=False)
NOW = 1_782_000_000
DAY = 86_400

AMOUNTS = st.integers(1, 9_999)
INSTANTS = st.integers(NOW - 50 * DAY, NOW + 6 * DAY)


def at(offering: Offering, instant: int = NOW, terms: Terms = CROATIA) -> Resolution:
    """Resolve a piece without net content."""
    found = resolve(offering, PIECE, terms, instant)
    assert found is not None
    return found


def costs(amount: int, since: int = 0, until: int | None = None, revision: int = 1) -> Record:
    """Return the record of a plain price."""
    return Record(revision, Window(since, until), PriceEntry(regular=amount))


def promoted(
    terms: object, since: int = NOW, until: int | None = None, **more: object
) -> Promotion:
    """Return a promotion."""
    given = {"id": "p1", "revision": 1, "name": "Summer", **more}
    return Promotion(window=Window(since, until), terms=terms, **given)  # type: ignore[arg-type]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Draw a window that opens and perhaps closes."""
    since = draw(INSTANTS)
    return Window(since, draw(st.none() | st.integers(since + 1, since + 40 * DAY)))


@st.composite
def records(draw: st.DrawFn, revision: int = 1) -> Record:
    """Draw a record, a special price among it at times."""
    regular, special = draw(AMOUNTS), draw(st.none() | AMOUNTS)
    window = draw(windows()) if special else Window(None, None)
    entry = PriceEntry(
        regular=regular,
        special=special,
        special_from=window.since,
        special_until=window.until,
        low_30=draw(st.none() | AMOUNTS) if special else None,
    )
    return Record(revision, draw(windows()), entry if flaw(entry) is None else NOTHING)


SINGLE = st.one_of(
    st.builds(PercentOff, st.integers(1, 9_999)),
    st.builds(AmountOff, AMOUNTS),
    st.builds(FixedPrice, AMOUNTS),
    st.builds(
        lambda first, second: Clearance(
            (Markdown(NOW - DAY, PercentOff(first)), Markdown(NOW + DAY, FixedPrice(second)))
        ),
        st.integers(1, 5_000),
        AMOUNTS,
    ),
)
BUNDLES = st.one_of(
    st.builds(MultiBuy, st.integers(2, 9), AMOUNTS, st.booleans()),
    st.integers(2, 9).flatmap(lambda n: st.builds(BuyGet, st.just(n), st.integers(1, n - 1))),
    st.builds(Group, st.integers(2, 9), AMOUNTS),
)


@st.composite
def promotions(draw: st.DrawFn, name: str = "p") -> Promotion:
    """Draw a promotion without a flaw, loyalty prices among them."""
    terms = draw(SINGLE | BUNDLES)
    member = draw(st.booleans()) and isinstance(terms, FixedPrice | PercentOff)
    found = Promotion(
        id=name,
        revision=1,
        name=name,
        window=draw(windows()),
        terms=terms,
        programme="with Family Card" if member else None,
        limit=draw(st.none() | st.integers(1, 9)),
        priority=draw(st.integers(0, 2)),
        stacks=draw(st.booleans()),
    )
    assert promotion_flaw(found) is None
    return found


@st.composite
def offerings(draw: st.DrawFn) -> Offering:
    """Draw an offering: a price that always held, later ones, overrides and promotions."""
    zone = [costs(draw(AMOUNTS), revision=1)]
    zone += [draw(records(number)) for number in range(2, 2 + draw(st.integers(0, 3)))]
    store = [draw(records(number)) for number in range(9, 9 + draw(st.integers(0, 2)))]
    given = [draw(promotions(f"p{number}")) for number in range(draw(st.integers(0, 3)))]
    return Offering(tuple(zone), tuple(store), tuple(given))
