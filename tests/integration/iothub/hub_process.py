"""`shelf-sim hub` as a process of its own, for tests that end or kill it."""

import asyncio
import os
import re
import signal
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from simulators.iothub.core.sas import make_token
from tests.integration.iothub.light_device import Address

PATIENCE = 30.0
PORTS = ("--mqtt-port", "0", "--rest-port", "0", "--amqps-port", "0", "--amqp-port", "0")
COMMAND = (sys.executable, "-m", "simulators", "hub", *PORTS)


@dataclass
class Running:
    """A hub process and what it said of itself."""

    process: Process
    folder: Path
    mqtt_port: int
    amqp_port: int
    environment: dict[str, str]

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.mqtt_port, str(self.folder / "ca.pem"))

    @property
    def name(self) -> str:
        """The hub's name with the port of its REST API."""
        return self._policy()["HostName"]

    def token(self) -> str:
        """A policy's token that is good for as long as the test."""
        return make_token(self.name, self._policy()["SharedAccessKey"], 2**33, "iothubowner")

    def _policy(self) -> dict[str, str]:
        text = self.environment["IOTHUB_CONNECTION_STRING"]
        return dict(part.split("=", 1) for part in text.split(";"))

    def kill(self) -> None:
        """Kill it as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)

    def service(self) -> httpx.AsyncClient:
        """A client of the REST API, with a policy token."""
        return httpx.AsyncClient(
            base_url=f"https://{self.name}",
            headers={"Authorization": self.token()},
            params={"api-version": "2021-04-12"},
            verify=ssl.create_default_context(cafile=self.folder / "ca.pem"),
            timeout=PATIENCE,
        )


async def launch(folder: Path, *options: str) -> Process:
    command = (*COMMAND, "--data-dir", str(folder), *options)
    return await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)


def read_environment(file: Path) -> dict[str, str]:
    pairs = (re.fullmatch(r"export (\w+)='?(.*?)'?", line) for line in file.read_text().split("\n"))
    return {pair[1]: pair[2] for pair in pairs if pair}


@asynccontextmanager
async def hub_process(folder: Path) -> AsyncIterator[Running]:
    process = await launch(folder)
    assert process.stdout
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        await process.stdout.readline()
        ports = re.search(r"MQTT (\d+), REST \d+, AMQP over TLS \d+, AMQP (\d+)", line)
        assert ports, line
        environment = read_environment(folder / "hub.env")
        yield Running(process, folder, int(ports[1]), int(ports[2]), environment)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
