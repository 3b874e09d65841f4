"""Opening hours and business days of a store, told in its own time zone.

Pure. A week is seven days, Monday first; a span may run beyond midnight (`22:00` to `02:00`). The
business day is not the calendar day: it begins at an hour of its own, so that a night's trade
belongs to the day on which it began. Clock changes are the zone's: a day has 23 or 25 hours then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Span:
    """From one time of day to another, half-open; not after `opens`: on the next day."""

    opens: time
    closes: time


Week = tuple[tuple[Span, ...], ...]
"""The spans of each weekday, Monday first."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a store is open. An empty week says nothing: the store then counts as never open.

    `exceptions` are days that go otherwise than their weekday: a holiday has no span.
    """

    tz: str
    week: Week = ()
    day_begins: time = time(4)
    """When a business day begins."""
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def open_at(self, instant: int) -> bool:
        """Tell whether customers are in the store at an instant (UTC seconds)."""
        return any(since <= instant < until for since, until in self._around(instant))

    def overlap(self, since: int, until: int | None) -> bool:
        """Tell whether the store is open at any instant of [since, until)."""
        last = until if until is not None else since + _WEEK * 86_400
        days = range(-1, (last - since) // 86_400 + 2)
        spans = (span for day in days for span in self._of_day(self._day(since, day)))
        return any(opens < last and since < closes for opens, closes in spans)

    def next_closing(self, instant: int) -> int | None:
        """Return when the store next closes, or None where it never opens."""
        days = (self._day(instant, ahead) for ahead in range(-1, _WEEK + 1))
        closings = sorted(closes for day in days for _, closes in self._of_day(day))
        return next((closes for closes in closings if closes > instant), None)

    def business_day(self, instant: int) -> date:
        """Return the business day to which an instant belongs."""
        local = datetime.fromtimestamp(instant, ZoneInfo(self.tz))
        early = local.time() < self.day_begins
        return local.date() - timedelta(days=1) if early else local.date()

    def business_day_begins(self, day: date) -> int:
        """Return the instant at which a business day begins; of two, the first."""
        return instant_of(datetime.combine(day, self.day_begins), self.tz)

    def _around(self, instant: int) -> Iterator[tuple[int, int]]:
        for ahead in (-1, 0):
            yield from self._of_day(self._day(instant, ahead))

    def _day(self, instant: int, ahead: int) -> date:
        local = datetime.fromtimestamp(instant, ZoneInfo(self.tz))
        return local.date() + timedelta(days=ahead)

    def _of_day(self, day: date) -> Iterator[tuple[int, int]]:
        """Yield (opens, closes) of a calendar day's spans as instants."""
        if not self.week:
            return
        for span in self.exceptions.get(day, self.week[day.weekday()]):
            last = day + timedelta(days=1) if span.closes <= span.opens else day
            opens = instant_of(datetime.combine(day, span.opens), self.tz)
            yield opens, instant_of(datetime.combine(last, span.closes), self.tz)


def instant_of(local: datetime, tz: str) -> int:
    """Return the instant of a local time; `fold` says which of two that happen at a clock change.

    A time that the clocks skip is the first instant after the gap.
    """
    zone = ZoneInfo(tz)
    instant = int(local.replace(tzinfo=zone).timestamp())
    back = datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)
    if back == local.replace(fold=0):
        return instant
    return _after_gap(local, zone)


def happens_twice(local: datetime, tz: str) -> bool:
    """Tell whether a local time happens twice, because the clocks are set back over it."""
    zone = ZoneInfo(tz)
    early, late = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return early is not None and late is not None and early > late


def _after_gap(local: datetime, zone: ZoneInfo) -> int:
    """Return the instant at which the clocks jump over a local time."""
    before = local.replace(tzinfo=zone, fold=0).utcoffset() or timedelta()
    after = local.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    low = int((local.replace(tzinfo=UTC) - max(before, after)).timestamp())
    high = int((local.replace(tzinfo=UTC) - min(before, after)).timestamp())
    target = datetime.fromtimestamp(high, zone).utcoffset()
    while low < high:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == target:
            high = middle
        else:
            low = middle + 1
    return high


def parse_week(days: Sequence[str]) -> Week:
    """Read seven days such as `08:00-21:00` or `08:00-12:00 16:00-20:00`; empty: closed.

    Raises ValueError that names the day and what is wrong with it.
    """
    if len(days) != _WEEK:
        raise ValueError(f"a week has 7 days, {len(days)} are given")
    return tuple(_spans(f"day {number}", text) for number, text in enumerate(days, 1))


def parse_exceptions(days: Mapping[str, str]) -> dict[date, tuple[Span, ...]]:
    """Read days such as `2026-12-25` with their spans; empty: closed. Raises ValueError."""
    found = {}
    for day, text in days.items():
        try:
            key = date.fromisoformat(day)
        except ValueError as error:
            raise ValueError(f"{day!r} is no day such as 2026-12-25") from error
        found[key] = _spans(day, text)
    return found


def parse_time(text: str) -> time:
    """Read a time of day such as `04:00`; raise ValueError that says what is wrong with it."""
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no time of day such as 04:00") from error


def _spans(name: str, text: str) -> tuple[Span, ...]:
    spans = []
    for part in text.split():
        opens, _, closes = part.partition("-")
        try:
            spans.append(Span(time.fromisoformat(opens), time.fromisoformat(closes)))
        except ValueError as error:
            raise ValueError(f"{name}: {part!r} is no span such as 08:00-21:00") from error
    return tuple(spans)
