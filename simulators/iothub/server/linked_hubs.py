"""The hubs that devices are provisioned to: this one, and others by their service API."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import httpx

from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.hub import ANY_ETAG, Hub
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.sas import make_token
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.server.remote import API_VERSION

PATIENCE = 30.0
TOKEN_SECONDS = 3600


class LinkError(Exception):
    """A linked hub does not do what it is asked; the message says which and why."""


class LinkedHub(Protocol):
    """What provisioning needs of a hub. Twins are JSON with `tags` and `properties.desired`."""

    name: str

    async def enrol(
        self, device_id: str, credentials: Credentials, twin: JsonObject | None, *, edge: bool
    ) -> None:
        """Make a device, or give one that is there these credentials; `twin` replaces its own."""

    async def twin(self, device_id: str) -> JsonObject | None:
        """Read a device's tags and desired properties; None where there is no such device."""

    async def remove(self, device_id: str) -> None:
        """Take a device out; one that is not there is no matter."""


class OwnHub:
    """The hub in this process."""

    def __init__(self, name: str, hub: Hub, clock: Callable[[], float]) -> None:
        """`name` is what devices are told."""
        self.name = name
        self._hub = hub
        self._clock = clock

    async def enrol(
        self, device_id: str, credentials: Credentials, twin: JsonObject | None, *, edge: bool
    ) -> None:
        """Make a device, or give one that is there these credentials; `twin` replaces its own."""
        wish, now = IdentityWish(device_id, credentials=credentials, iot_edge=edge), self._clock()
        patch = None if twin is None else TwinPatch.from_body(twin)
        if self._hub.find_identity(device_id) is None:
            self._hub.create(wish, now, patch)
            return
        self._hub.update(wish, ANY_ETAG, now)
        if patch is not None:
            whole = TwinPatch(patch.tags or {}, patch.desired or {})
            self._hub.replace_twin(device_id, whole, ANY_ETAG, now)

    async def twin(self, device_id: str) -> JsonObject | None:
        """Read a device's tags and desired properties; None where there is no such device."""
        if self._hub.find_identity(device_id) is None:
            return None
        twin = self._hub.device(device_id).twin
        return {"tags": twin.tags.value(), "properties": {"desired": twin.desired.value()}}

    async def remove(self, device_id: str) -> None:
        """Take a device out; one that is not there is no matter."""
        if self._hub.find_identity(device_id) is not None:
            self._hub.delete(device_id, ANY_ETAG)


class OtherHub:
    """A hub of its own, by its connection string; any IoT Hub, simulated or not."""

    def __init__(self, connection_string: str, trust: Path, clock: Callable[[], float]) -> None:
        """Raises ValueError for what is no connection string; `trust` holds authorities (PEM)."""
        parts = dict(part.partition("=")[::2] for part in connection_string.split(";") if part)
        try:
            self._address, self._key = parts["HostName"], parts["SharedAccessKey"]
            self._policy = parts["SharedAccessKeyName"]
        except KeyError as error:
            raise ValueError(f"A linked hub's connection string lacks {error}.") from None
        self.name = self._address.partition(":")[0]
        self._trust = trust
        self._clock = clock

    async def enrol(
        self, device_id: str, credentials: Credentials, twin: JsonObject | None, *, edge: bool
    ) -> None:
        """Make a device, or give one that is there these credentials; `twin` replaces its own."""
        body: JsonObject = {
            "deviceId": device_id,
            "status": "enabled",
            "authentication": credentials.view(),
            "capabilities": {"iotEdge": edge},
        }
        path = f"/devices/{quote(device_id, safe='')}"
        present = await self._ask("GET", path, missing_is_fine=True)
        await self._ask("PUT", path, body, {} if present is None else {"If-Match": '"*"'})
        if twin is not None:
            whole = {
                "deviceId": device_id,
                "tags": twin.get("tags") or {},
                "properties": {"desired": twin.get("properties", {}).get("desired") or {}},
            }
            await self._ask("PUT", f"/twins/{quote(device_id, safe='')}", whole)

    async def twin(self, device_id: str) -> JsonObject | None:
        """Read a device's tags and desired properties; None where there is no such device."""
        found = await self._ask("GET", f"/twins/{quote(device_id, safe='')}", missing_is_fine=True)
        if found is None:
            return None
        desired = (found.get("properties") or {}).get("desired") or {}
        own = {name: value for name, value in desired.items() if not name.startswith("$")}
        return {"tags": found.get("tags", {}), "properties": {"desired": own}}

    async def remove(self, device_id: str) -> None:
        """Take a device out; one that is not there is no matter."""
        path = f"/devices/{quote(device_id, safe='')}"
        await self._ask("DELETE", path, headers={"If-Match": '"*"'}, missing_is_fine=True)

    async def _ask(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        headers: dict[str, str] | None = None,
        *,
        missing_is_fine: bool = False,
    ) -> JsonObject | None:
        expiry = int(self._clock()) + TOKEN_SECONDS
        token = make_token(self._address, self._key, expiry, self._policy)
        trust = await asyncio.to_thread(ssl.create_default_context, cafile=self._trust)
        try:
            async with httpx.AsyncClient(verify=trust, timeout=PATIENCE) as client:
                answer = await client.request(
                    method,
                    f"https://{self._address}{path}",
                    params={"api-version": API_VERSION},
                    headers={"Authorization": token, **(headers or {})},
                    json=body,
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise LinkError(f"The hub {self.name} does not answer: {error}") from error
        if answer.status_code == 404 and missing_is_fine:
            return None
        if answer.is_error:
            raise LinkError(f"The hub {self.name} refuses: {answer.reason_phrase}")
        try:
            return dict(answer.json()) if answer.content else {}
        except ValueError as error:
            raise LinkError(f"The hub {self.name} answers with something else: {error}") from error
