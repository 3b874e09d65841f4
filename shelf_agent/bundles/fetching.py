"""Fetching template bundles by HTTPS: what is here already is not asked for, nothing is believed.

`GET {address}/v1/bundles/{digest}` gives the manifest, `GET {address}/v1/blobs/{sha256}` each blob.
Both are named by their hash, which is checked, so the address need not be trusted with more than
giving an answer; sizes and times are bounded all the same.
"""

import asyncio
import ssl
from pathlib import Path

import httpx

from label_templates.bundles import StoredBundle
from label_templates.bundles.errors import BundleError
from label_templates.bundles.manifest import MAX_MANIFEST_BYTES, Manifest, checked_manifest
from shelf_agent.bundles.store import BundleStore
from shelf_agent.errors import BundleFault, SettingsError

TIMES = httpx.Timeout(20.0, connect=10.0)
"""To connect, and between two pieces of an answer."""
LONGEST_S = 1800.0
"""For a whole bundle; what came until then need not come again."""
_PLAIN = {"Accept-Encoding": "identity"}
"""Sizes are those of what was asked for, not of something packed that grows."""


class Fetcher:
    """Brings bundles from one address into the store."""

    def __init__(self, address: str | None, trust: Path | None, store: BundleStore) -> None:
        """Take the address, None: nothing can be fetched; SettingsError where `trust` is no PEM."""
        self._address, self._store = address, store
        self._context = _context(trust) if address and address.startswith("https:") else False

    async def fetch(self, digest: str) -> StoredBundle:
        """Bring a bundle's blobs here; its manifest is not kept yet. Raises BundleFault."""
        if self._address is None:
            raise BundleFault(digest, "this device has no address for bundles, see its settings")
        try:
            async with asyncio.timeout(LONGEST_S), self._client(self._address) as client:
                manifest = await self._manifest(client, digest)
                await self._blobs(client, manifest)
        except TimeoutError as error:
            raise BundleFault(digest, f"not here after {LONGEST_S / 60:.0f} minutes") from error
        except BundleError as error:
            raise BundleFault(digest, str(error)) from error
        return self._store.over(manifest)

    def _client(self, address: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=address, verify=self._context, headers=_PLAIN, timeout=TIMES
        )

    async def _manifest(self, client: httpx.AsyncClient, digest: str) -> Manifest:
        data = await _get(client, f"/v1/bundles/{digest}", MAX_MANIFEST_BYTES)
        return checked_manifest(digest, data)

    async def _blobs(self, client: httpx.AsyncClient, manifest: Manifest) -> None:
        """Bring what is missing, one after the other: a blob is held whole until it is checked."""
        for part in await asyncio.to_thread(self._store.missing, manifest):
            data = await _get(client, f"/v1/blobs/{part.sha256}", part.size)
            await asyncio.to_thread(self._store.keep_blob, part, data)


async def _get(client: httpx.AsyncClient, path: str, most: int) -> bytes:
    """Return the body at a path; BundleError where there is none, or more than may be."""
    try:
        async with client.stream("GET", path) as answer:
            if answer.status_code != httpx.codes.OK:
                raise BundleError(f"GET {answer.url} answers {answer.status_code}")
            body = bytearray()
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > most:
                    raise BundleError(f"GET {answer.url} answers more than {most} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        address = str(client.base_url).rstrip("/")
        raise BundleError(f"GET {address}{path}: {why}") from error
    return bytes(body)


def _context(trust: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=trust)
    except OSError as error:
        raise SettingsError(f"bundles_trust: {trust}: {error.strerror or error}") from error
