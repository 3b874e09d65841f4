"""`shelf-sim hub` as a process: how it starts, ends, and what a kill leaves."""

import asyncio
import os
import re
import signal
import socket
import ssl
import stat
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulators.iothub.core.sas import make_token
from tests.integration.iothub.light_device import Address, LightDevice, light_device

pytestmark = pytest.mark.integration

KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
PATIENCE = 30.0
PORTS = ("--mqtt-port", "0", "--rest-port", "0", "--amqps-port", "0", "--amqp-port", "0")
COMMAND = (sys.executable, "-m", "simulators", "hub", *PORTS)


@dataclass
class Running:
    """A hub process and what it said of itself."""

    process: Process
    folder: Path
    mqtt_port: int
    environment: dict[str, str]

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.mqtt_port, str(self.folder / "ca.pem"))

    def service(self) -> httpx.AsyncClient:
        """A client of the REST API, with a policy token."""
        parts = dict(
            part.split("=", 1) for part in self.environment["IOTHUB_CONNECTION_STRING"].split(";")
        )
        token = make_token(parts["HostName"], parts["SharedAccessKey"], 2**33, "iothubowner")
        return httpx.AsyncClient(
            base_url=f"https://{parts['HostName']}",
            headers={"Authorization": token},
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
        ports = re.search(r"MQTT (\d+), REST (\d+)", line)
        assert ports, line
        yield Running(process, folder, int(ports[1]), read_environment(folder / "hub.env"))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_a_hub_ends_cleanly_on_sigterm_and_leaves_its_port_free(tmp_path: Path) -> None:
    async with hub_process(tmp_path) as running, running.service() as service:
        assert (await service.get("/devices")).status_code == 200
        running.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(running.process.wait(), PATIENCE) == 0
        assert running.process.stderr
        assert b"Traceback" not in await running.process.stderr.read()
        with socket.create_server(("127.0.0.1", running.mqtt_port)):
            pass


async def test_keys_and_state_are_for_their_owner_only(tmp_path: Path) -> None:
    async with hub_process(tmp_path):
        for name in ("ca-key.pem", "server-key.pem", "hub.db", "hub.env"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


async def test_the_environment_file_names_files_that_are_there(tmp_path: Path) -> None:
    async with hub_process(tmp_path) as running:
        names = {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"}
        files = {name: Path(running.environment[name]) for name in names}
        assert all(file.is_absolute() and file.is_file() for file in files.values())
        certificates = files["REQUESTS_CA_BUNDLE"].read_text().count("BEGIN CERTIFICATE")
        assert certificates > 50


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        process = await launch(tmp_path, "--rest-port", str(port))
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert said.decode() == (
        f"Port {port} on 127.0.0.1 is already taken; stop what holds it or choose another.\n"
    )


async def test_a_folder_belongs_to_one_hub(tmp_path: Path) -> None:
    async with hub_process(tmp_path):
        process = await launch(tmp_path)
        _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert said.decode() == f"Another hub is already running on {tmp_path}.\n"


async def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"not a database " * 100)
    process = await launch(tmp_path)
    _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "hub.db cannot be read" in said.decode()
    assert (tmp_path / "hub.db").read_bytes().startswith(b"not a database")


@dataclass
class Acknowledged:
    """The last number of each section that a hub said it had taken."""

    wanted: int
    numbers: dict[str, int] = field(default_factory=dict)
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def next(self, section: str) -> int:
        return self.numbers.get(section, 0) + 1

    def add(self, section: str) -> None:
        self.numbers[section] = self.next(section)
        if sum(self.numbers.values()) >= self.wanted:
            self.enough.set()


async def change_prices(service: httpx.AsyncClient, device_id: str, said: Acknowledged) -> None:
    """Change a desired price until the hub is gone."""
    while True:
        body = {"properties": {"desired": {"price": said.next(device_id)}}}
        try:
            answer = await service.patch(f"/twins/{device_id}", json=body)
        except httpx.TransportError:
            return
        assert answer.status_code == 200
        said.add(device_id)


async def report_on(device: LightDevice, said: Acknowledged) -> None:
    """Report until the hub is gone."""
    while True:
        number = said.next("reported")
        try:
            answer = await device.report(number, b'{"number": %d}' % number)
        except ConnectionError:
            return
        assert "/res/204/" in answer.topic
        said.add("reported")


async def properties_of(service: httpx.AsyncClient, device_id: str) -> dict[str, Any]:
    answer = await service.get(f"/twins/{device_id}")
    properties: dict[str, Any] = answer.json()["properties"]
    return properties


async def check_kept(service: httpx.AsyncClient, devices: list[str], said: Acknowledged) -> None:
    """All that was acknowledged is there; what was under way when the hub died may be too."""
    for section in (*devices, "reported"):
        properties = await properties_of(service, devices[0] if section == "reported" else section)
        desired, reported = properties["desired"], properties["reported"]
        found = reported["number"] if section == "reported" else desired["price"]
        assert found in (said.numbers[section], said.numbers[section] + 1), section
        said.numbers[section] = found


async def test_a_killed_hub_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    devices = [f"shelf-{number}" for number in range(4)]
    keys = {"symmetricKey": {"primaryKey": KEY, "secondaryKey": KEY}}
    async with hub_process(tmp_path) as running, running.service() as service:
        for device_id in devices:
            body = {"deviceId": device_id, "authentication": keys}
            assert (await service.put(f"/devices/{device_id}", json=body)).status_code == 200
        async with light_device(running.address, devices[0], KEY) as device:
            await device.subscribe()
    said = Acknowledged(0)
    for wanted in (60, 137, 251):
        said.wanted = wanted
        said.enough.clear()
        async with (
            hub_process(tmp_path) as running,
            running.service() as service,
            light_device(running.address, devices[0], KEY, session_present=True) as device,
        ):
            if wanted > 60:
                await check_kept(service, devices, said)
            changes = [change_prices(service, device_id, said) for device_id in devices]
            work = asyncio.gather(report_on(device, said), *changes)
            await asyncio.wait_for(said.enough.wait(), PATIENCE)
            os.kill(running.process.pid, signal.SIGKILL)
            await asyncio.wait_for(work, PATIENCE)
    async with hub_process(tmp_path) as running, running.service() as service:
        await check_kept(service, devices, said)
