"""The services opened in this process, for commands that must work before any server runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from cloud_service.accounts import Accounts
from cloud_service.cli.environment import read_settings
from cloud_service.clock import SystemClock
from cloud_service.services import Services, open_services


@contextmanager
def open_local() -> Iterator[Services]:
    """Open the services on the database that the settings name."""
    services = open_services(read_settings(), SystemClock())
    try:
        yield services
    finally:
        services.close()


@contextmanager
def open_accounts() -> Iterator[Accounts]:
    """Open users and tokens of the database that the settings name."""
    with open_local() as services:
        yield Accounts(services.storage, services.clock)
