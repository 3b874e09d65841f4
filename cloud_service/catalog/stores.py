"""Stores: where they stand, and with that their time, money, language and law."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from sqlalchemy import select

from cloud_service.catalog.tables import StoreRow
from cloud_service.errors import Conflict, Invalid, NotFound
from cloud_service.storage.engine import Unit
from label_templates.contract.errors import ContractError
from label_templates.contract.identifiers import parse_store_id
from label_templates.contract.money import parse_currency
from label_templates.contract.twin import StoreWords

_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
"""ISO 3166: a country, or one of its parts."""


@dataclass(frozen=True)
class Store:
    """A store. `zone` is where its prices are kept, `jurisdiction` whose law its tiles obey."""

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    jurisdiction: str
    zone: str

    @property
    def words(self) -> StoreWords:
        """What its devices are told of it."""
        return StoreWords(id=self.id, tz=self.tz, currency=self.currency, locale=self.locale)


def add_store(unit: Unit, store: Store) -> None:
    """Add a store; raise Invalid naming the field, or Conflict where its id is taken."""
    _check(store)
    if unit.get(StoreRow, store.id) is not None:
        raise Conflict(f"There is a store {store.id} already.")
    unit.add(StoreRow(**vars(store)))
    unit.flush()


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
    return Store(row.id, row.name, row.tz, row.currency, row.locale, row.jurisdiction, row.zone)


def _check(store: Store) -> None:
    _check_contract("store", parse_store_id, store.id)
    _check_contract("currency", parse_currency, store.currency)
    if not _JURISDICTION.fullmatch(store.jurisdiction):
        reason = f"{store.jurisdiction!r} is no country or state such as HR or US-NJ"
        raise Invalid("jurisdiction", reason)
    if not store.name.strip():
        raise Invalid("name", "a store needs a name")
    try:
        ZoneInfo(store.tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("tz", f"{store.tz!r} is no time zone such as Europe/Zagreb") from error
    try:
        Locale.parse(store.locale, sep="-")
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise Invalid("locale", f"{store.locale!r} is no locale such as hr-HR") from error


def _check_contract(place: str, parse: Callable[[str], str], text: str) -> None:
    try:
        parse(text)
    except ContractError as error:
        raise Invalid(place, str(error)) from error
