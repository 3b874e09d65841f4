"""The door to Azure IoT Hub: the only file that knows azure-iot-device.

What the SDK does, and what is done about it here:
- It reconnects every 10 s without jitter, and after a reconnect it may read the twin in a tight
  loop. So its own reconnecting and its reading are off, and each connection is a new client, which
  also renews the subscriptions a hub may have lost.
- It never gives up on a twin request. So every call has a time-out; a call that outlives it is left
  to end by itself, because a cancelled one breaks the SDK's callback.
- It calls handlers on threads of its own. So they only hand over to the agent's loop.
- A SAS token lives an hour and is renewed by reconnecting. So tokens live a day.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from azure.iot.device import MethodRequest, MethodResponse
from azure.iot.device import exceptions as sdk
from azure.iot.device.aio import IoTHubDeviceClient

from label_templates.contract.wire import Document
from shelf_agent.errors import HubError, HubRefusesKey, HubTimeout, HubUnreachable
from shelf_agent.settings import connection_parts

log = logging.getLogger(__name__)

TOKEN_LIFE_S = 24 * 3600
CONNECT_TIMEOUT_S = 70.0
"""The SDK itself waits 60 s for an answer to CONNECT."""
CALL_TIMEOUT_S = 30.0
CLOSE_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Call:
    """A direct method that the cloud calls."""

    name: str
    payload: Any
    request: MethodRequest


@dataclass(frozen=True)
class Ears:
    """Who hears what the hub says; all are called on the agent's loop."""

    patch: Callable[[Document], None]
    call: Callable[[Call], None]


class Link:
    """One open connection."""

    def __init__(self, client: IoTHubDeviceClient, host: str) -> None:
        self._client = client
        self._host = host
        self.dropped = asyncio.Event()

    async def read_twin(self) -> tuple[Document, Document]:
        """Return the whole desired and reported sections; raise HubError."""
        twin = await self._within(CALL_TIMEOUT_S, self._client.get_twin())
        return twin["desired"], twin["reported"]

    async def report(self, patch: Document) -> None:
        """Send a reported patch and wait until the hub keeps it; raise HubError."""
        await self._within(
            CALL_TIMEOUT_S, self._client.patch_twin_reported_properties(patch)
        )  # fmt: skip

    async def answer(self, call: Call, status: int, payload: Document) -> None:
        """Answer a direct method; raise HubError."""
        response = MethodResponse.create_from_method_request(call.request, status, payload)
        await self._within(CALL_TIMEOUT_S, self._client.send_method_response(response))

    async def open(self, ears: Ears) -> None:
        """Connect and subscribe; raise HubError."""
        loop = asyncio.get_running_loop()

        async def changed() -> None:
            if not self._client.connected:
                loop.call_soon_threadsafe(self.dropped.set)

        async def patched(patch: Document) -> None:
            loop.call_soon_threadsafe(ears.patch, patch)

        async def called(request: MethodRequest) -> None:
            call = Call(request.name, request.payload, request)
            loop.call_soon_threadsafe(ears.call, call)

        # The SDK's annotation is wrong: the handler is called without an argument.
        self._client.on_connection_state_change = changed  # type: ignore[assignment]
        await self._within(CONNECT_TIMEOUT_S, self._client.connect())
        await self._hear("on_twin_desired_properties_patch_received", patched)
        await self._hear("on_method_request_received", called)

    async def close(self) -> None:
        """End the connection and the client's threads; what fails then is only logged."""
        try:
            await self._within(CLOSE_TIMEOUT_S, self._client.shutdown())
        except HubError as error:
            log.debug("while closing: %s", error)

    async def _hear(self, event: str, handler: Callable[..., Coroutine[Any, Any, None]]) -> None:
        """Set a handler; the SDK's setter subscribes and waits for the hub, so not on the loop."""
        await self._within(CALL_TIMEOUT_S, asyncio.to_thread(setattr, self._client, event, handler))

    async def _within(self, seconds: float, work: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.ensure_future(work)
        task.add_done_callback(_see_error)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise HubTimeout(f"the hub {self._host} did not answer within {seconds:.0f} s")
        try:
            return task.result()
        except _FAILURES as error:
            raise _translated(error, self._host) from error


class Hub:
    """The hub of one device, to be connected to again and again."""

    def __init__(self, connection_string: str, trust: str | None, product: str) -> None:
        self._connection_string = connection_string
        self._trust = trust
        self._product = product
        self.host = connection_parts(connection_string)["HostName"]

    @asynccontextmanager
    async def connected(self, ears: Ears) -> AsyncIterator[Link]:
        """Connect for the length of a `with`; HubError says why that cannot be."""
        link = Link(self._client(), self.host)
        try:
            await link.open(ears)
            yield link
        finally:
            await link.close()

    def _client(self) -> IoTHubDeviceClient:
        try:
            return IoTHubDeviceClient.create_from_connection_string(
                self._connection_string,
                server_verification_cert=self._trust,
                sastoken_ttl=TOKEN_LIFE_S,
                product_info=self._product,
                auto_connect=False,
                connection_retry=False,
                ensure_desired_properties=False,
            )
        except (ValueError, TypeError) as error:
            raise HubRefusesKey("connection_string: the SharedAccessKey is no base64") from error


def _translated(error: Exception, host: str) -> HubError:
    if isinstance(error, sdk.CredentialError):
        return HubRefusesKey(
            f"the hub {host} refuses this device: its key in connection_string is wrong, or the"
            " device is unknown or disabled there"
        )
    if isinstance(error, sdk.OperationTimeout):
        return HubTimeout(f"the hub {host} did not answer in time")
    cause = str(error.__cause__ or error)
    if "TLS" in str(error) or "certificate" in cause.lower():
        return HubUnreachable(f"the certificate of the hub {host} is not trusted; see `trust`")
    if isinstance(error, _NO_CONNECTION):
        return HubUnreachable(f"no connection to the hub {host}")
    return HubError(f"the hub {host}: {cause}")


_FAILURES = (
    sdk.ClientError,
    sdk.ServiceError,
    sdk.OperationCancelled,
    sdk.OperationTimeout,
)
"""All that the SDK's calls raise; these four have no common ancestor but Exception."""
_NO_CONNECTION = (
    sdk.ConnectionFailedError,
    sdk.ConnectionDroppedError,
    sdk.NoConnectionError,
    sdk.OperationCancelled,
)


def _see_error(task: "asyncio.Future[Any]") -> None:
    """Look at a task's end, so that one nobody waits for any more is not reported as lost."""
    if not task.cancelled():
        task.exception()
