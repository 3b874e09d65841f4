"""Reading single cells: amounts, GTINs, SKUs, texts and local times.

Prices and sizes repeat over a list, so their readers remember what they have read.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from cloud_service.pricing.imports.rows import RowRefused
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import GTIN_LENGTHS, parse_gtin, parse_sku
from label_templates.contract.money import parse_amount

_Value = TypeVar("_Value")
_REMEMBERED = 1 << 15
_MAX_TEXT = 120
_MAX_SKU = 32

# A GTIN's digits as bytes are 48 too high each; weighted 1, 3, 1 ... that sums up to this much.
_TOO_HIGH = {n: 48 * ((n + 1) // 2 + 3 * (n // 2)) for n in GTIN_LENGTHS}


def amount_reader(currency: str) -> Callable[[str, str], int]:
    """Return a reader of (column, cell) for amounts of a currency, `1.99`."""

    @lru_cache(_REMEMBERED)
    def read(column: str, text: str) -> int:
        if "," in text:
            raise RowRefused(column, text, "amounts have a decimal point, such as 1.99")
        return _read(column, text, lambda cell: parse_amount(cell, currency))

    return read


def read_gtin(column: str, text: str) -> str:
    """Return a GTIN; refuse one whose check digit is wrong."""
    size = len(text)
    if size in _TOO_HIGH and text.isascii() and text.isdigit():
        digits = text.encode()
        weighted = sum(digits[::-2]) + 3 * sum(digits[-2::-2]) - _TOO_HIGH[size]
        if weighted % 10 == 0:
            return text
    return _read(column, text, parse_gtin)


def read_sku(column: str, text: str) -> str:
    """Return a SKU."""
    if text.isalnum() and text.isascii() and len(text) <= _MAX_SKU:
        return text
    return _read(column, text, parse_sku)


def read_text(column: str, text: str) -> str:
    """Return a text that a tile can print: something, not too much, single plain spaces."""
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    if not text:
        raise RowRefused(column, text, "it is empty")
    if len(text) > _MAX_TEXT:
        raise RowRefused(column, text[:40] + "…", f"longer than {_MAX_TEXT} characters")
    if not text.isprintable():
        raise RowRefused(column, text[:40], "it holds a character that cannot be printed")
    return text


def instant_reader(tz: str) -> Callable[[str, str], int]:
    """Return a reader of (column, cell) for local times of a zone, `2026-07-05T06:00`.

    A date alone means its midnight. A time that the clocks skip is the next that exists; one that
    happens twice must say which, by its offset.
    """
    zone = ZoneInfo(tz)

    @lru_cache(_REMEMBERED)
    def read(column: str, text: str) -> int:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            reason = "it is no time such as 2026-07-05T06:00"
            raise RowRefused(column, text, reason) from error
        instant = moment if moment.tzinfo else _local(column, text, moment, zone)
        return _tellable(column, text, instant.timestamp(), zone)

    return read


def _tellable(column: str, text: str, instant: float, zone: ZoneInfo) -> int:
    """Return an instant; refuse one that no tile of the zone could tell, before 1970 among them."""
    try:
        told = datetime.fromtimestamp(instant, zone)
    except ValueError:  # beyond the last year of the calendar, here or in Greenwich
        told = None
    if told is None or instant < 0:
        reason = "it lies outside the years 1970 to 9999; leave the cell empty instead"
        raise RowRefused(column, text, reason)
    return int(instant)


def read_date(column: str, text: str) -> str:
    """Return a date, `2025-05-02`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
    except ValueError as error:
        raise RowRefused(column, text, "it is no date such as 2025-05-02") from error


def _local(column: str, text: str, moment: datetime, zone: ZoneInfo) -> datetime:
    early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    gap = (early.utcoffset() or timedelta()) - (late.utcoffset() or timedelta())
    if gap > timedelta():
        reason = f"it happens twice when the clocks change; write {early.isoformat()}"
        raise RowRefused(column, text, f"{reason} or {late.isoformat()}")
    # In a gap, fold 0 reckons with the offset before it and lands as far behind the gap's end as
    # the time lay behind its start; the next instant that exists is the end itself.
    return _gap_end(late, -gap) if gap else early


def _gap_end(late: datetime, gap: timedelta) -> datetime:
    """Return the instant at which the clocks were set forward, from a time that they skipped."""
    minutes = int(gap.total_seconds()) // 60
    before = late.astimezone(UTC).replace(second=0, microsecond=0)
    steps = (before + timedelta(minutes=minute) for minute in range(minutes + 1))
    zone, offset = late.tzinfo, late.utcoffset()
    return next(step for step in steps if step.astimezone(zone).utcoffset() == offset)


def _read(column: str, text: str, parse: Callable[[str], _Value]) -> _Value:
    try:
        return parse(text)
    except ContractError as error:
        raise RowRefused(column, text, str(error)) from error
