"""Prices that are set, imported and exported, each time as one change."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from cloud_service.catalog.stores import find_store
from cloud_service.changes.drafting import Sent, send
from cloud_service.changes.pricing import check_version, draft_of_prices
from cloud_service.changes.publishing import Author, Published
from cloud_service.errors import Invalid, NotFound
from cloud_service.pricing.book import listings
from cloud_service.pricing.exports.files import FileKind
from cloud_service.pricing.imports.arrivals import Arrival, find_arrival
from cloud_service.pricing.imports.table import Progress, Written
from cloud_service.pricing.imports.taking import Refusals
from cloud_service.services import products
from cloud_service.services.changes import latest_changes
from cloud_service.services.exporting import export_list
from cloud_service.services.importing import File, FileFormat, Import, OnError, run_import
from cloud_service.services.use_cases.ground import Ground
from cloud_service.services.views.changes import ChangeView
from cloud_service.services.views.imports import ImportReport
from cloud_service.services.views.prices import PriceSet, PricesSet

_AS_FOUND = Written()


class Prices(Ground):
    """Prices that are set, imported and exported, each time as one change."""

    def set_price(
        self,
        *,
        store: str,
        sku: str,
        amount_minor: int,
        actor: str,
        expected_version: int | None = None,
        note: str = "",
        confirm: bool = False,
        at: int | None = None,
    ) -> PriceSet:
        """Set what one piece costs from an instant on; a promotion that hides it then ends.

        `confirm` says that what looks like a slip is meant. Where somebody else must approve, the
        change waits. Raises Conflict where `expected_version` is not the version that stands.
        """
        with self.storage.alone() as unit:
            found, now = find_store(unit, store), self.clock.now()
            listing = listings(unit, found.zone, found.id, [sku], now).get(sku)
            check_version(sku, listing.version if listing else None, expected_version)
            old = products.effective_price(unit, found, sku, now)
            author = Author(actor, note, now)
            draft = draft_of_prices(unit, found, {sku: amount_minor}, author)
            sent = send(unit, replace(draft, confirmed=confirm, at=at), self.guard, author)
        done = _done(sent)
        return PriceSet(
            sent.draft.id,
            done.revision,
            store,
            sku,
            old,
            amount_minor,
            done.tiles,
            sent.draft.state,
        )

    def set_prices(
        self,
        *,
        store: str,
        prices: Iterable[tuple[str, int]],
        actor: str,
        note: str = "",
        confirm: bool = False,
        at: int | None = None,
    ) -> PricesSet:
        """Set many prices (SKU, amount) as one change, all or none; see set_price."""
        amounts = _amounts(prices)
        with self.storage.alone() as unit:
            found = find_store(unit, store)
            author = Author(actor, note, self.clock.now())
            draft = draft_of_prices(unit, found, amounts, author)
            sent = send(unit, replace(draft, confirmed=confirm, at=at), self.guard, author)
        done = _done(sent)
        return PricesSet(
            sent.draft.id, done.revision, store, done.prices, done.tiles, sent.draft.state
        )

    def import_prices(
        self,
        *,
        store: str,
        source: Path | BinaryIO,
        actor: str,
        format: FileFormat = "csv",
        profile: str | None = None,
        written: Written = _AS_FOUND,
        dry_run: bool = False,
        on_error: OnError = "stop",
        progress: Progress | None = None,
        refusals: Refusals | None = None,
        file: File | None = None,
        confirm: bool = False,
        note: str = "",
    ) -> ImportReport:
        """Take a price list as one change, or say what is wrong with it; see docs.

        `profile` is the text of a mapping profile, in place of a format. A row in error keeps the
        whole file out unless `on_error` is continue; `refusals` hears of each. A dry run does
        everything and then undoes it. A `file` is taken once: raises Conflict where it was. Where a
        guard rail asks for a second person, or for `confirm`, the list is kept as a change that
        waits.
        """
        order = Import(
            store=store,
            source=source,
            format=format,
            author=Author(actor, note, self.clock.now()),
            profile=profile,
            written=written,
            dry_run=dry_run,
            go_on=on_error == "continue",
            progress=progress,
            told=refusals,
            file=file,
            confirm=confirm,
        )
        return run_import(self.storage, order, self.guard)

    def export_prices(self, *, store: str, format: FileKind, target: BinaryIO) -> int:
        """Write the prices of a store's zone as a list that can be imported again.

        Return how many products are in it.
        """
        with self.storage.read() as unit:
            return export_list(unit, store, format, target, self.clock.now())

    def arrival(self, *, store: str, name: str) -> Arrival:
        """Return what came of the last file of a name that was to be taken once."""
        with self.storage.read() as unit:
            found = find_arrival(unit, find_store(unit, store).id, name)
            if found is None:
                raise NotFound(f"No file {name!r} has arrived for store {store}.")
            return found

    def changes(self, *, store: str | None = None, limit: int = 20) -> list[ChangeView]:
        """Return what was published last in a store, or anywhere, newest first."""
        with self.storage.read() as unit:
            return latest_changes(unit, store, limit)


def _amounts(prices: Iterable[tuple[str, int]]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for sku, amount in prices:
        if amounts.setdefault(sku, amount) != amount:
            raise Invalid(f"price of {sku}", "it is given twice, with different amounts")
    return amounts


def _done(sent: Sent) -> Published:
    """Return what was published; nothing yet where the change waits for approval."""
    return sent.published or Published(sent.draft.id, 0, 0, 0, 0)
