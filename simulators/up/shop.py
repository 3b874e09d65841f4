"""Setting up shop: stores with their prices and planograms, and somebody who may log in.

Every step looks at what is there already, so that a start that was cut short is completed by the
next one, and what people have changed since is left alone.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cloud_service.accounts.door import Accounts
from cloud_service.accounts.errors import AccountError
from cloud_service.clock import Clock
from cloud_service.delivery.private_file import write_private
from cloud_service.delivery.registration import Panels, hung_panels
from cloud_service.errors import NotFound, ServiceError
from cloud_service.services import Services
from cloud_service.services.views.imports import ImportReport
from cloud_service.services.views.products import ProductView
from simulators.up.errors import UpError
from simulators.up.grocery import MADE_UP, price_list
from simulators.up.options import DEFAULT_DEVICES, DEFAULT_TILES, Options, OwnList
from simulators.up.planogram import Candidate, hang

ACTOR = "shelf-sim up"
_PAGE = 500

Progress = Callable[[str, int, int], None]
"""Told (what is being done, how much is done, how much there is)."""


@dataclass(frozen=True)
class HungStore:
    """A store as it hangs: each device's positions with their panels."""

    id: str
    name: str
    devices: dict[str, Panels]
    hung_now: bool
    """By this start; otherwise by an earlier one."""


class Shop:
    """Sets up stores through the use cases that every door uses."""

    def __init__(self, services: Services, clock: Clock, options: Options) -> None:
        self._services = services
        self._clock = clock
        self._options = options

    def open(self, progress: Progress) -> list[HungStore]:
        """Hang the price lists that were asked for; return all stores that hang.

        The made-up store is hung where none was asked for and no other hangs. A store that hangs
        already keeps its prices and its planogram.
        """
        hung_now = {own.store.id for own in self._lists() if self._hang(own, progress)}
        return [
            HungStore(
                store.id,
                store.name,
                hung_panels(self._services.storage, store.id),
                store.id in hung_now,
            )
            for store in self._services.stores()
        ]

    def _lists(self) -> tuple[OwnList, ...]:
        if self._options.lists:
            return self._options.lists
        others = [store for store in self._services.stores() if store.id != MADE_UP.id]
        if any(store.devices for store in others):
            return ()
        today = datetime.fromtimestamp(self._clock.now(), ZoneInfo(MADE_UP.tz)).date()
        path = self._options.folder.lists / f"{MADE_UP.id}.csv"
        if not path.exists():
            write_private(path, price_list(today).encode())
        return (OwnList(MADE_UP, path, "csv"),)

    def _hang(self, own: OwnList, progress: Progress) -> bool:
        """Hang a list unless its store hangs already; the planogram comes last and is the proof."""
        if self._devices_of(own):
            return False
        report = self._import(own, progress)
        if report.errors:
            raise UpError(_refusal(own, report))
        progress(f"Hanging products in {own.store.name}", 0, 1)
        self._hang_products(own)
        return True

    def _devices_of(self, own: OwnList) -> int:
        facts = own.store
        try:
            return self._services.store(store=facts.id).devices
        except NotFound:
            return self._services.add_store(
                id=facts.id, name=facts.name, tz=facts.tz, currency=facts.currency,
                locale=facts.locale, jurisdiction=facts.jurisdiction, actor=ACTOR,
            ).devices  # fmt: skip

    def _import(self, own: OwnList, progress: Progress) -> ImportReport:
        label = f"Reading {own.path.name}"
        try:
            return self._services.import_prices(
                store=own.store.id, source=own.path, format=own.format, actor=ACTOR,
                progress=lambda done, total: progress(label, done, total),
            )  # fmt: skip
        except ServiceError as error:
            raise UpError(f"{own.path} was not taken: {error.message}") from error

    def _hang_products(self, own: OwnList) -> None:
        products = [_candidate(product) for product in self._products(own.store.id)]
        if not products:
            raise UpError(f"{own.path}: there is no product in it to hang")
        devices = self._options.devices or DEFAULT_DEVICES
        places = hang(own.store.id, products, devices, self._options.tiles or DEFAULT_TILES)
        self._services.add_planogram(
            store=own.store.id,
            positions=[(place.position, place.device, place.panel, place.sku) for place in places],
            actor=ACTOR,
        )

    def _products(self, store: str) -> Iterator[ProductView]:
        after = None
        while True:
            page = self._services.search(store=store, after=after, limit=_PAGE)
            yield from (product for product in page.products if product.price)
            after = page.next
            if after is None:
                return


def valid_token(accounts: Accounts, present: str | None) -> str:
    """Return the token that an earlier start gave out, or a new one where it holds no longer."""
    if present and accounts.authenticate_token(present):
        return present
    with suppress(AccountError):  # there is none of this name: nothing to end
        accounts.revoke_token(ACTOR)
    return accounts.issue_token(ACTOR, "write", created_by=ACTOR)


def _candidate(product: ProductView) -> Candidate:
    price = product.price
    promoted = price is not None and price.effective != price.regular
    return Candidate(product.sku, product.category or "", promoted)


def _refusal(own: OwnList, report: ImportReport) -> str:
    first = report.errors[0]
    where = f"row {first.row}, column {first.column}: {first.value!r}: {first.reason}"
    more = f" (and {len(report.errors) - 1} more)" if len(report.errors) > 1 else ""
    return f"{own.path} was not taken, because of {where}{more}"
