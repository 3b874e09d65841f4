"""A simulated hub as a process: from the command line until a signal."""

import asyncio
import gc
import logging
import shlex
import signal
import sys
from typing import Final

from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub

CANNOT_START: Final = 2
FAILED: Final = 1


def run_hub(hub: SimulatedHub) -> int:
    """Run a hub until SIGINT or SIGTERM; gives the process's exit code."""
    collect_seldom()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        return asyncio.run(_run(hub))
    except HubStartError as error:
        print(error, file=sys.stderr)  # noqa: T201  # the command's own words
        return CANNOT_START


def collect_seldom() -> None:
    """Look for garbage seldom, as far as this process is the hub's own.

    Ten thousand connections are a million objects that stay; to walk through them all again and
    again takes a quarter of the hub's time, and hardly anything of it ends in a cycle.
    """
    gc.set_threshold(100_000, 50, 100)


async def _run(hub: SimulatedHub) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with hub:
        print(_greeting(hub), flush=True)  # noqa: T201  # the command's own words
        hub.on_failure(stopped.set)
        await stopped.wait()
        return FAILED if hub.failure else 0


def _greeting(hub: SimulatedHub) -> str:
    ports = [f"MQTT {hub.mqtt_port}", f"REST {hub.rest_port}"]
    if hub.amqps_port is not None:
        ports.append(f"AMQP over TLS {hub.amqps_port}")
    if hub.amqp_port is not None:
        ports.append(f"AMQP {hub.amqp_port}")
    names = "IOTHUB_CONNECTION_STRING"
    if hub.event_hub_connection_string:
        names += " and EVENTHUB_CONNECTION_STRING"
    return (
        f"The simulated IoT Hub listens on {hub.host}: {', '.join(ports)}\n"
        f"For clients, {names}: source {shlex.quote(str(hub.env_file))}"
    )
