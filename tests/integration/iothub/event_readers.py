"""azure-eventhub, unmodified, pointed at a simulated hub: over TLS or plain, blocking or not."""

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from azure.eventhub import EventData, EventHubConsumerClient, PartitionContext
from azure.eventhub.exceptions import EventHubError

from simulators.iothub.server.hub import SimulatedHub

PATIENCE = 20.0
QUICK: dict[str, Any] = {"retry_total": 0, "load_balancing_interval": 1}
"""Otherwise the SDK tries again for a minute, and looks around every half."""


def reading_arguments(hub: SimulatedHub, *, tls: bool) -> dict[str, Any]:
    """What the SDK needs to find the hub: two ports, two ways."""
    plain = hub.event_hub_connection_string or ""
    if not tls:
        return {"conn_str": plain}
    own = plain.replace(f":{hub.amqp_port}", "").replace(";UseDevelopmentEmulator=true", "")
    return {
        "conn_str": own,
        "custom_endpoint_address": f"sb://{hub.name}:{hub.amqps_port}",
        "connection_verify": str(hub.ca_file),
    }


def a_client(hub: SimulatedHub, *, tls: bool = False, **options: Any) -> EventHubConsumerClient:
    """Make a client; it connects when it is first used."""
    options = {"consumer_group": "$Default", **QUICK, **options}
    arguments = reading_arguments(hub, tls=tls)
    return EventHubConsumerClient.from_connection_string(**arguments, **options)


class Reading:
    """What a client that reads on a thread of its own receives, and what stops it."""

    def __init__(self, client: EventHubConsumerClient, **options: Any) -> None:
        self.events: queue.Queue[EventData] = queue.Queue()
        self.errors: queue.Queue[Exception] = queue.Queue()
        self._client = client
        self._options = options
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        self._client.receive(on_event=self._take, on_error=self._fail, **self._options)

    def _take(self, _: PartitionContext, event: EventData | None) -> None:
        assert event
        self.events.put(event)

    def _fail(self, _: PartitionContext, error: Exception) -> None:
        self.errors.put(error)

    def next(self) -> EventData:
        """Wait for the next event."""
        return self.events.get(timeout=PATIENCE)

    def bodies(self, count: int) -> list[str]:
        """Wait for so many events, and give what they say."""
        return [self.next().body_as_str() for _ in range(count)]

    def error(self) -> Exception:
        """Wait for what the reader fails with."""
        return self.errors.get(timeout=PATIENCE)

    def condition(self) -> str | None:
        """Wait for the failure, and give AMQP's name for it, without `amqp:`."""
        error = self.error()
        assert isinstance(error, EventHubError)
        return error.error

    def stop(self) -> None:
        """Close the client and wait for its thread."""
        self._client.close()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@contextmanager
def reading(hub: SimulatedHub, *, tls: bool = False, **options: Any) -> Iterator[Reading]:
    """Read all partitions, or the one that is named, until the block ends."""
    group = options.pop("consumer_group", "$Default")
    started = Reading(a_client(hub, tls=tls, consumer_group=group), **options)
    try:
        yield started
    finally:
        started.stop()
