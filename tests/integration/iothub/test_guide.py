"""The examples of docs/simulated-hub.md do what the page says."""

import asyncio
import json
import os
import queue
import re
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client as MqttClient

from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.provisioning.attestation import Attestation
from simulators.iothub.core.provisioning.enrollment import Enrollment
from simulators.iothub.core.tiers import Plan
from simulators.iothub.protocol.topics import Telemetry
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import utc_seconds
from simulators.iothub.server.neighbours import start_beside_others
from tests.integration.iothub.clients import messages_of
from tests.integration.iothub.light_device import Address, light_device
from tests.integration.iothub.test_wire import KEY, KEYS

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.integration

PATIENCE = 20.0
GUIDE = (Path(__file__).resolve().parents[3] / "docs" / "simulated-hub.md").read_text("utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
SHELL = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BackgroundHub]:
    """The page's hub: its folder is var/hub, and its variables are set."""
    monkeypatch.chdir(tmp_path)
    running = start_beside_others(tmp_path / "var" / "hub", plan=Plan.of("S1", 2))
    for name, text in running.hub.environment.items():
        monkeypatch.setenv(name, text)
    yield running
    running.__exit__()


def example(of: list[str], *saying: str) -> str:
    """Give the page's only example that says all of this."""
    (found,) = (each for each in of if all(words in each for words in saying))
    return found


def carry_out(saying: str, running: BackgroundHub, names: dict[str, Any]) -> None:
    """Carry an example in Python out, on this hub instead of the one on localhost."""
    source = example(PYTHON, saying)
    for place in ("HostName=localhost", '"localhost"'):
        source = source.replace(place, place.replace("localhost", running.hub.name))
    exec(source, names)  # noqa: S102  the page's own code


def shell(script: str, running: BackgroundHub) -> str:
    """Carry commands out as a shell does, and give what they print; none may fail."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/bash", "-euc", script.replace("localhost", running.hub.name)],
        env={**os.environ, "PATH": path},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def register(running: BackgroundHub, device_id: str) -> None:
    wish = IdentityWish(device_id, credentials=KEYS)
    running.call(lambda: running.hub.board.hub.create(wish, utc_seconds()))


async def test_a_service_makes_a_device_that_reads_its_twin(
    running: BackgroundHub, capsys: pytest.CaptureFixture[str]
) -> None:
    await asyncio.to_thread(carry_out, "print(device.authentication", running, {})
    key = capsys.readouterr().out.strip()
    names: dict[str, Any] = {}
    carry_out("async def main(key", running, names)
    await asyncio.wait_for(names["main"](key), PATIENCE)
    assert "'desired': {'$version': 1}" in capsys.readouterr().out


def test_a_service_comes_in_by_a_token_of_entra(running: BackgroundHub) -> None:
    names: dict[str, Any] = {}
    carry_out("EnvironmentCredential", running, names)
    assert names["registry"].get_service_statistics().connected_device_count == 0


def test_events_are_read(running: BackgroundHub) -> None:
    register(running, "shelf-1")
    board = running.hub.board
    identity = running.call(lambda: board.hub.device("shelf-1").identity)
    running.call(lambda: board.events.message(identity, Telemetry({}, b"opened")))
    said: queue.Queue[str] = queue.Queue()
    names: dict[str, Any] = {"print": said.put}
    reading = threading.Thread(target=carry_out, args=("reader.receive", running, names))
    reading.start()
    assert said.get(timeout=PATIENCE) == "opened"
    names["reader"].close()
    reading.join(PATIENCE)
    assert not reading.is_alive()


def test_any_mqtt_client_is_a_device_by_the_token_that_is_printed(running: BackgroundHub) -> None:
    login = json.loads(shell("shelf-sim token shelf-1 --create --json --data-dir var/hub", running))
    client = MqttClient(login["clientId"], clean_session=False)
    client.username_pw_set(login["userName"], login["password"])
    client.tls_set_context(ssl.create_default_context(cafile=running.hub.ca_file))
    client.connect(running.hub.host, running.hub.mqtt_port)
    client.loop_start()
    try:
        client.publish("devices/shelf-1/messages/events/", "opened", qos=1).wait_for_publish(20)
    finally:
        client.disconnect()
        client.loop_stop()
    (message,) = running.call(lambda: messages_of(running.hub, "shelf-1"))
    assert message.body == b"opened"


@pytest.mark.skipif(not shutil.which("mosquitto_pub"), reason="mosquitto's clients are not here")
def test_mosquitto_publishes(running: BackgroundHub) -> None:
    shell(example(SHELL, "mosquitto_pub"), running)
    (message,) = running.call(lambda: messages_of(running.hub, "shelf-1"))
    assert json.loads(message.body) == {"opened": 1}


def test_a_token_for_a_device_that_is_not_there_is_refused_in_words(running: BackgroundHub) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "simulators", "token", "nobody", "--data-dir", "var/hub"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "nobody" in done.stderr


def test_a_hub_runs_in_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = example(PYTHON, "with BackgroundHub").replace("var/hub", str(tmp_path / "hub"))
    exec(source.replace("rest_port=0", "rest_port=0, mqtt_port=0"), {})  # noqa: S102
    assert "HostName=localhost" in capsys.readouterr().out


@pytest.mark.parametrize("fixture", ["simulated_hub", "iothub"])
def test_any_projects_tests_have_a_hub(pytester: pytest.Pytester, fixture: str) -> None:
    pytester.makepyfile(example(PYTHON, f"({fixture})"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120).assert_outcomes(passed=1)


async def test_a_device_is_provisioned(
    running: BackgroundHub, capsys: pytest.CaptureFixture[str]
) -> None:
    hub, names = running.hub, dict[str, Any]()
    enrollment = Enrollment("individual", "pi-1", Attestation("symmetricKey", KEY, KEY))
    provisioning = running.call(lambda: hub.board.provisioning)
    assert provisioning
    running.call(lambda: provisioning.records.put(enrollment, "", utc_seconds()))
    carry_out("async def first_hour", running, names)
    await asyncio.wait_for(names["first_hour"](hub.keyring.id_scope, KEY), PATIENCE)
    assert capsys.readouterr().out.split() == [hub.name, "pi-1"]


async def test_the_meter_and_the_faults_are_commands(running: BackgroundHub) -> None:
    register(running, "shelf-1")
    limits = example(SHELL, "shelf-sim limits").splitlines()[1]
    assert "S1, 2 unit(s): 0 of 800,000 messages" in shell(limits, running)
    async with light_device(Address.of(running.hub), "shelf-1", KEY) as device:
        said = await asyncio.to_thread(shell, example(SHELL, "fault drop"), running)
        assert await device.is_closed_by_the_hub()
    assert "1: delay 3 s of twin reads, everybody, 5 time(s)" in said
    assert "2: throttle, shelf-1" in said
    assert running.call(lambda: running.hub.faults.waiting(utc_seconds())) == []
    exec(example(PYTHON, "LOSE_PATCH"), {"running": running})  # noqa: S102
    assert len(running.call(lambda: running.hub.faults.waiting(utc_seconds()))) == 1


def test_every_example_is_tried_or_known_to_need_another_machine() -> None:
    elsewhere = ("git clone", "pip install", "mosquitto", "hub.env", "shelf-sim hub")
    tried = ("shelf-sim limits", "fault drop")
    assert all(any(words in each for words in elsewhere + tried) for each in SHELL)
    assert len(PYTHON) == 9
