"""`shelf-sim hub` as a process: how it starts and how it ends."""

import asyncio
import signal
import socket
import stat
from pathlib import Path

import pytest

from tests.integration.iothub.hub_process import PATIENCE, hub_process, launch

pytestmark = pytest.mark.integration


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
