"""Stores: where they stand, and with that their time, money, language and law."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from sqlalchemy import select, update

from cloud_service.catalog.hours import OpeningHours, parse_exceptions, parse_time, parse_week
from cloud_service.catalog.jurisdictions import is_jurisdiction
from cloud_service.catalog.tables import StoreRow
from cloud_service.catalog.zones import Zone, add_zone, check_zone
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_store_id
from label_templates.contract.money import parse_currency
from label_templates.contract.twin import StoreWords


@dataclass(frozen=True)
class Store:
    """A store. `zone` is where its prices are kept, `jurisdiction` whose law its tiles obey.

    `bundle` is the template bundle that its tiles are drawn with; None: the installed one. `hours`
    are seven days from Monday on, none where they are not known; `exceptions` are days that go
    otherwise. `version` counts edits.
    """

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    jurisdiction: str
    zone: str
    bundle: str | None = None
    hours: tuple[str, ...] = ()
    exceptions: tuple[tuple[str, str], ...] = ()
    day_begins: str = "04:00"
    version: int = 1

    @property
    def opening(self) -> OpeningHours:
        """When it is open, and when its business day begins."""
        return OpeningHours(
            self.tz,
            parse_week(self.hours) if self.hours else (),
            parse_time(self.day_begins),
            parse_exceptions(dict(self.exceptions)),
        )

    @property
    def words(self) -> StoreWords:
        """What its devices are told of it."""
        return StoreWords(id=self.id, tz=self.tz, currency=self.currency, locale=self.locale)


def add_store(unit: Unit, store: Store) -> None:
    """Add a store, with a zone of its own where that has its id; raise Invalid naming the field.

    Raises Conflict where its id is taken.
    """
    _check(store)
    if unit.get(StoreRow, store.id) is not None:
        raise Conflict(f"There is a store {store.id} already.")
    if store.zone == store.id:
        add_zone(unit, Zone(store.id, store.name, store.currency))
    check_zone(unit, store.zone, store.currency)
    unit.add(StoreRow(**_columns(store)))
    unit.flush()


def use_bundle(unit: Unit, store: Store, bundle: str | None) -> None:
    """Have a store's tiles drawn with a template bundle; None: the installed one."""
    unit.execute(update(StoreRow).where(StoreRow.id == store.id).values(bundle=bundle))


def stores_using(unit: Unit) -> dict[str | None, list[str]]:
    """Return the stores by the bundle that they use; None: the installed one."""
    using: dict[str | None, list[str]] = {}
    for store, bundle in unit.execute(select(StoreRow.id, StoreRow.bundle).order_by(StoreRow.id)):
        using.setdefault(bundle, []).append(store)
    return using


def replace_store(unit: Unit, store: Store) -> Store:
    """Put a store as wanted in place of its version, with the next one, and return it.

    Raises Invalid naming the field, Conflict where another version stands meanwhile. Its money
    stays, because its prices are in it.
    """
    _check(store)
    before = find_store(unit, store.id)
    if store.currency != before.currency:
        raise Invalid("currency", f"the prices of store {store.id} are in {before.currency}")
    check_zone(unit, store.zone, store.currency)
    after = replace(store, version=store.version + 1)
    seen = (StoreRow.id == store.id, StoreRow.version == store.version)
    done = unit.scalar(
        update(StoreRow).where(*seen).values(**_columns(after)).returning(StoreRow.id)
    )
    if done is None:
        raise Conflict(f"Somebody else changed store {store.id} meanwhile.", before.version)
    return after


def find_store(unit: Unit, store_id: str) -> Store:
    """Return a store; raise NotFound naming those there are."""
    row = unit.get(StoreRow, store_id)
    if row is None:
        known = ", ".join(unit.scalars(select(StoreRow.id).order_by(StoreRow.id).limit(20)))
        raise NotFound(f"There is no store {store_id!r}; known are: {known or 'none yet'}.")
    return _store(row)


def all_stores(unit: Unit) -> list[Store]:
    """Return all stores by id."""
    return [_store(row) for row in unit.scalars(select(StoreRow).order_by(StoreRow.id))]


def stores_of_zone(unit: Unit, zone: str) -> list[Store]:
    """Return the stores whose prices are kept in a zone."""
    query = select(StoreRow).where(StoreRow.zone == zone).order_by(StoreRow.id)
    return [_store(row) for row in unit.scalars(query)]


def _store(row: StoreRow) -> Store:
    values = {field.name: getattr(row, field.name) for field in fields(Store)}
    exceptions = tuple((row.exceptions or {}).items())
    return Store(**{**values, "hours": tuple(row.hours or ()), "exceptions": exceptions})


def _columns(store: Store) -> dict[str, Any]:
    hours, exceptions = list(store.hours) or None, dict(store.exceptions) or None
    return {**vars(store), "hours": hours, "exceptions": exceptions}


def _check(store: Store) -> None:
    _check_contract("store", parse_store_id, store.id)
    _check_contract("currency", parse_currency, store.currency)
    if not is_jurisdiction(store.jurisdiction):
        reason = f"{store.jurisdiction!r} is no country or state such as HR or US-NJ"
        raise Invalid("jurisdiction", reason)
    if not store.name.strip():
        raise Invalid("name", "a store needs a name")
    try:
        ZoneInfo(store.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("tz", f"{store.tz!r} is no time zone such as Europe/Zagreb") from error
    _check_hours(store)
    try:
        Locale.parse(store.locale, sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise Invalid("locale", f"{store.locale!r} is no locale such as hr-HR") from error


def _check_hours(store: Store) -> None:
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("hours", lambda: parse_week(store.hours) if store.hours else ()),
        ("exceptions", lambda: parse_exceptions(dict(store.exceptions))),
        ("day_begins", lambda: parse_time(store.day_begins)),
    )
    for place, check in checks:
        try:
            check()
        except ValueError as error:
            raise Invalid(place, str(error)) from error


def _check_contract(place: str, parse: Callable[[str], str], text: str) -> None:
    try:
        parse(text)
    except ContractError as error:
        raise Invalid(place, str(error)) from error
