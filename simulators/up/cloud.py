"""The cloud service from inside this process, to set up what its own processes then run on."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from cloud_service.accounts import Accounts, Login
from cloud_service.clock import SystemClock
from cloud_service.delivery.hub import open_hub
from cloud_service.delivery.keys import ensure_keys
from cloud_service.delivery.registration import register
from cloud_service.services import open_services
from cloud_service.services.views.shelves import Status
from cloud_service.settings import Settings
from simulators.up.agents import Installer
from simulators.up.options import Options
from simulators.up.shop import HungStore, Progress, Shop, valid_token


class Cloud:
    """Stores, keys, accounts and devices, set up by the service's own use cases."""

    def __init__(self, options: Options, hub: dict[str, str]) -> None:
        self._options = options
        self._clock = SystemClock()
        self._hub = hub
        self._settings = Settings(
            data_dir=options.folder.cloud,
            database_url=None,
            key_dir=None,
            host=options.host,
            port=options.port,
            iothub_connection_string=SecretStr(hub["IOTHUB_CONNECTION_STRING"]),
        )
        self._services = open_services(self._settings, self._clock)
        self._accounts = Accounts(self._services.storage, self._clock)

    def close(self) -> None:
        """Let go of the database."""
        self._services.close()

    def set_up(self, progress: Progress) -> list[HungStore]:
        """Hang what must hang, register every device at the hub and write its agent's settings."""
        stores = Shop(self._services, self._clock, self._options).open(progress)
        month = datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m")
        root = ensure_keys(self._settings.keys, month).root
        self._register(stores, root, progress)
        return stores

    def token(self, present: str | None) -> str:
        """Return a token for the command line; see `valid_token`."""
        return valid_token(self._accounts, present)

    def first_login(self) -> Login | None:
        """Make the first login, where nobody can log in yet."""
        return self._accounts.ensure_first_user()

    def status(self) -> Status:
        """Return how far the shelves have followed."""
        return self._services.status()

    def _register(self, stores: list[HungStore], root: str, progress: Progress) -> None:
        panels = {device: shown for store in stores for device, shown in store.devices.items()}
        credentials = register(
            open_hub(self._settings), panels, partial(progress, "Registering devices")
        )
        trust = Path(self._hub["REQUESTS_CA_BUNDLE"])
        installer = Installer(self._options.folder, root, trust, self._options.url)
        for device, credential in credentials.items():
            installer.write(device, credential, panels[device])
