"""The use cases of the cloud service, for every door alike, and how they are opened."""

from cloud_service.changes.guards import Freeze, Rails
from cloud_service.clock import Clock
from cloud_service.pricing.window import Window
from cloud_service.services.catalogue import Catalogue
from cloud_service.services.desk import Desk
from cloud_service.services.schema import metadata
from cloud_service.services.use_cases.bundles import Bundles
from cloud_service.services.use_cases.events import Events
from cloud_service.services.use_cases.paper import Paper
from cloud_service.services.use_cases.pictures import Drawn
from cloud_service.services.use_cases.prices import Prices
from cloud_service.services.use_cases.products import Products
from cloud_service.services.use_cases.shelves import Shelves
from cloud_service.services.use_cases.stores import Stores
from cloud_service.settings import Settings
from cloud_service.shelves.bundles import keep_installed
from cloud_service.storage import Storage
from cloud_service.storage.schema import migrate


class Services(Stores, Shelves, Products, Prices, Drawn, Paper, Bundles, Events):
    """All use cases. Amounts are minor units of the store's currency, instants UTC seconds.

    Every one raises a ServiceError that says what is wrong and has changed nothing then. One
    Services serves several threads.
    """

    def __init__(self, storage: Storage, clock: Clock, rails: Rails | None = None) -> None:
        super().__init__(storage, clock, rails)
        self.desk = Desk(storage, clock, lambda: self.guard)
        self.catalogue = Catalogue(storage, clock, lambda: self.guard)

    def close(self) -> None:
        """Close the database."""
        self.storage.close()


def open_services(settings: Settings, clock: Clock) -> Services:
    """Open the database, bring its schema up to date and return the use cases."""
    storage = Storage(settings.database)
    migrate(storage, metadata)
    with storage.alone() as unit:
        keep_installed(unit, clock.now())
    return Services(storage, clock, rails_of(settings))


def rails_of(settings: Settings) -> Rails:
    """Return the guard rails that an installation wants."""
    freezes = tuple(
        Freeze(Window(int(one.since.timestamp()), int(one.until.timestamp())), one.why)
        for one in settings.guard_freezes
    )
    return Rails(
        ten_fold=settings.guard_ten_fold,
        confirm_percent=settings.guard_confirm_percent,
        approve_percent=settings.guard_approve_percent,
        approve_products=settings.guard_approve_products,
        below_cost=settings.guard_below_cost,
        increase_in_hours=settings.guard_increase_in_hours,
        freezes=freezes,
        trusted=frozenset(settings.guard_trusted),
    )
