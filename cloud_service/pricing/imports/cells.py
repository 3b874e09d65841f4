"""Reading single cells: SKUs, texts, dates and local times; amounts.py and gtins.py read the rest.

Times repeat over a list, so their reader remembers what it has read.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from cloud_service.catalog.hours import happens_twice, instant_of
from cloud_service.pricing.imports.rows import RowRefused
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_sku

_Value = TypeVar("_Value")
_REMEMBERED = 1 << 15
MAX_TEXT = 120
MAX_SKU = 32

_KEPT = re.compile(r"""="([^"]*)"|'(.*)""")
_POWER = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+[0-9]{1,2}")
_FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


def bare(text: str) -> str:
    """Return what a spreadsheet was made to keep as text, `="00123"` or `'00123`, as it is."""
    found = _KEPT.fullmatch(text)
    return text if found is None else found[1] if found[1] is not None else found[2]


def read_sku(column: str, text: str) -> str:
    """Return a SKU."""
    if text.isalnum() and text.isascii() and len(text) <= MAX_SKU:
        return text
    kept = bare(text)
    if _POWER.fullmatch(kept):
        reason = "a spreadsheet took it for a number and wrote it in powers of ten"
        raise RowRefused(column, text, f"{reason}; give the column the format Text")
    return _read(column, kept, parse_sku)


def read_text(column: str, text: str) -> str:
    """Return a text that a tile can print: something, not too much, single plain spaces."""
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
    if not text:
        raise RowRefused(column, text, "it is empty")
    if len(text) > MAX_TEXT:
        raise RowRefused(column, text[:40] + "…", f"longer than {MAX_TEXT} characters")
    if not text.isprintable():
        raise RowRefused(column, text[:40], "it holds a character that cannot be printed")
    if text[0] == "#" and text in _FAULTS:
        raise RowRefused(column, text, "a spreadsheet's formula failed here")
    return text


def instant_reader(
    tz: str, forms: Sequence[str] = (), *, last_day: bool = False
) -> Callable[[str, str], int]:
    """Return a reader of (column, cell) for local times of a zone, `2026-07-05T06:00`.

    A date alone means its midnight; with `last_day` the midnight at its end. A time that the
    clocks skip is the next that exists; one that happens twice must say which, by its offset.
    `forms` are other ways to write a time, as strptime has them.
    """

    @lru_cache(_REMEMBERED)
    def read(column: str, text: str) -> int:
        moment = _moment(text, forms)
        if moment is None:
            raise RowRefused(column, text, f"it is no time such as {_example(forms)}")
        instant = _instant(column, text, moment, tz, last_day=last_day)
        if instant is None or instant < 0:
            reason = "it lies outside the years 1970 to 9999; leave the cell empty instead"
            raise RowRefused(column, text, reason)
        return instant

    return read


def date_reader(forms: Sequence[str] = ()) -> Callable[[str, str], str]:
    """Return a reader of (column, cell) for dates, `2025-05-02`."""

    @lru_cache(_REMEMBERED)
    def read(column: str, text: str) -> str:
        for form in ("%Y-%m-%d", *forms):
            with suppress(ValueError):
                return datetime.strptime(text, form).replace(tzinfo=UTC).date().isoformat()
        example = datetime(2025, 5, 2, tzinfo=UTC).strftime(forms[0] if forms else "%Y-%m-%d")
        raise RowRefused(column, text, f"it is no date such as {example}")

    return read


def _moment(text: str, forms: Sequence[str]) -> datetime | None:
    for form in forms:
        with suppress(ValueError):
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is the store's
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _example(forms: Sequence[str]) -> str:
    form = forms[0] if forms else "%Y-%m-%dT%H:%M"
    return datetime(2026, 7, 5, 6, tzinfo=UTC).strftime(form)


def _instant(column: str, text: str, moment: datetime, tz: str, *, last_day: bool) -> int | None:
    """Return an instant; None where no tile of the zone could tell it.

    Raises RowRefused where nobody knows which of two is meant.
    """
    try:
        if last_day and moment.time() == time():
            moment += timedelta(days=1)
        if moment.tzinfo is None and happens_twice(moment, tz):
            raise _twofold(column, text, moment, tz)
        instant = instant_of(moment, tz) if moment.tzinfo is None else int(moment.timestamp())
        datetime.fromtimestamp(instant, ZoneInfo(tz))
    except (
        ValueError,
        OverflowError,
    ):  # beyond the last year of the calendar, here or in Greenwich
        return None
    return instant


def _twofold(column: str, text: str, moment: datetime, tz: str) -> RowRefused:
    early, late = (moment.replace(tzinfo=ZoneInfo(tz), fold=fold).isoformat() for fold in (0, 1))
    reason = f"it happens twice when the clocks change; write {early} or {late}"
    return RowRefused(column, text, reason)


def _read(column: str, text: str, parse: Callable[[str], _Value]) -> _Value:
    try:
        return parse(text)
    except ContractError as error:
        raise RowRefused(column, text, str(error)) from error
