"""The bundles that a device can draw with: its installed one, those on its disk, those to fetch."""

import asyncio
import logging

from label_templates.bundles import StoredBundle, installed_bundle
from label_templates.render import Templating
from shelf_agent.bundles.fetching import Fetcher
from shelf_agent.bundles.store import BundleStore
from shelf_agent.errors import BundleFault
from shelf_agent.settings import Settings

log = logging.getLogger(__name__)


class Library:
    """One device's bundles."""

    def __init__(self, settings: Settings) -> None:
        """Raise SettingsError where the settings cannot be used; nothing is read yet."""
        self.installed = installed_bundle().digest
        """The bundle that came with the agent."""
        self._store = BundleStore(settings.bundle_dir, settings.bundle_bytes)
        self._fetcher = Fetcher(settings.bundles, settings.bundles_trust, self._store)

    def here(self) -> frozenset[str]:
        """Return the bundles that are whole on the disk; none where the disk does not take any."""
        try:
            self._store.prepare(installed_bundle())
            return self._store.whole()
        except BundleFault as fault:
            log.warning("template bundles cannot be kept: %s", fault)
            return frozenset()

    def open(self, digest: str) -> Templating:
        """Return a bundle to draw with; BundleFault where it is not here."""
        return installed_bundle() if digest == self.installed else self._store.open(digest)

    async def fetch(self, digest: str) -> StoredBundle:
        """Bring a bundle here, to be tried; BundleFault where it cannot be had."""
        return await self._fetcher.fetch(digest)

    async def keep(self, bundle: StoredBundle, keep: frozenset[str]) -> None:
        """Keep a bundle that was tried; others beyond the budget go, but for those in `keep`."""
        await asyncio.to_thread(self._store.keep_manifest, bundle.manifest)
        await asyncio.to_thread(self._store.trim, keep)
