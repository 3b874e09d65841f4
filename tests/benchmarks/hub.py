"""The simulated hub under ten thousand devices: connections, memory, round trips, services.

Hub and devices are two processes on the same cores, everything over TLS, the journal on. Beside the
connections stands a bare asyncio server that welcomes the same devices; beside the services' calls,
the service SDK against a server that answers without reading.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import pytest
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import Twin, TwinProperties

DEVICES = int(os.environ.get("EDGE_SHELF_BENCH_DEVICES", "10000"))
ROUNDS = 4
CALLS, THREADS = 600, 4
HOST = "127.0.0.46"


class Program:
    """A process that takes a command a line and answers with a line of JSON."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.first = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.stdout.close()
        self._process.kill()
        self._process.wait()

    def ask(self, word: str, count: int = 0) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self.tell(word, count)
        return self._answer()

    def tell(self, word: str, count: int = 0) -> None:
        """Send a command whose answer is taken later, by `answer`."""
        assert self._process.stdin
        self._process.stdin.write(f"{word} {count}\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the answer to a command."""
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        if not (line := self._process.stdout.readline()):
            raise RuntimeError("the program ended")
        return dict(json.loads(line))


def lines() -> Iterator[dict[str, Any]]:
    """Measure all of it."""
    with TemporaryDirectory() as folder:
        here = Path(folder)
        bare = _bare_connections(here)
        with _hub(here) as hub:
            yield from _devices(here, hub, bare)


@contextmanager
def _hub(folder: Path) -> Iterator[Program]:
    with Program("hub_program", str(folder / "hub"), HOST) as hub:
        yield hub


def _bare_connections(here: Path) -> dict[str, float]:
    """Connect the devices to a server that only says yes; its certificate is a hub's."""
    with _hub(here):
        pass
    pair = here / "hub" / "server.pem", here / "hub" / "server-key.pem"
    with (
        Program("bare_program", "echo", HOST, *map(str, pair)) as server,
        Program("swarm", HOST, str(here / "hub" / "ca.pem"), str(DEVICES)) as swarm,
    ):
        before = server.ask("memory")["resident"]
        seconds = swarm.ask("connect")["seconds"]
        grown = server.ask("memory")["resident"] - before
    return {"per_second": DEVICES / seconds, "kb": grown / DEVICES / 1024}


def _devices(here: Path, hub: Program, bare: dict[str, float]) -> Iterator[dict[str, Any]]:
    with Program("swarm", HOST, hub.first["ca"], str(DEVICES)) as swarm:
        empty = hub.ask("memory")["resident"]
        hub.ask("register", DEVICES)
        seconds = swarm.ask("connect")["seconds"]
        yield _line("connections", DEVICES / seconds, "1/s", "bare-asyncio", bare["per_second"])
        grown = hub.ask("memory")["resident"] - empty
        yield _line("kb-per-connection", grown / DEVICES / 1024, "KB", "bare-asyncio", bare["kb"])
        yield from _round_trips(hub, swarm)
        yield from _services(here, hub)
        hub.ask("fill", DEVICES)
        grown = hub.ask("memory")["resident"] - empty
        yield _line("kb-with-twin", grown / DEVICES / 1024, "KB", "bare-asyncio", bare["kb"])


def _round_trips(hub: Program, swarm: Program) -> Iterator[dict[str, Any]]:
    """Patch every device and wait until each has reported and been answered, some times over."""
    rounds = [_one_round(hub, swarm) for _ in range(ROUNDS)]
    seconds, cpu = min(rounds)
    yield _line("round-trips", DEVICES / seconds, "1/s")
    yield _line("round-trips-per-cpu", DEVICES / cpu, "1/s")


def _one_round(hub: Program, swarm: Program) -> tuple[float, float]:
    before = hub.ask("memory")["cpu"]
    swarm.ask("expect", DEVICES)
    began = time.perf_counter()
    hub.tell("patch", DEVICES)
    swarm.ask("wait")
    seconds = time.perf_counter() - began
    hub.answer()
    return seconds, hub.ask("memory")["cpu"] - before


def _services(here: Path, hub: Program) -> Iterator[dict[str, Any]]:
    """Ask as often as the SDK can, with as many threads as help it."""
    pair = here / "hub" / "server.pem", here / "hub" / "server-key.pem"
    with ExitStack() as stack:
        environment = stack.enter_context(pytest.MonkeyPatch.context())
        environment.setenv("REQUESTS_CA_BUNDLE", hub.first["ca"])
        bare = stack.enter_context(Program("bare_program", "twin", HOST, *map(str, pair)))
        string = hub.first["connection"]
        port = bare.first["port"]
        other = ";".join([f"HostName={HOST}:{port}", *string.split(";")[1:]])
        ours, least = _calls_per_second([string, other])
    yield _line("update-twin", ours, "1/s", "sdk-alone", least)


def _calls_per_second(strings: Sequence[str]) -> list[float]:
    return [max(_rate(string) for _ in range(2)) for string in strings]


def _rate(string: str) -> float:
    registries = [IoTHubRegistryManager.from_connection_string(string) for _ in range(THREADS)]

    def work(number: int) -> None:
        for turn in range(CALLS // THREADS):
            twin = Twin(properties=TwinProperties(desired={"turn": turn}))
            registries[number].update_twin(f"shelf-{number:05}", twin, "*")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))  # connect
        began = time.perf_counter()
        list(pool.map(work, range(THREADS)))
        seconds = time.perf_counter() - began
    for registry in registries:
        registry.protocol.close()
    return CALLS / seconds


def _line(
    name: str, value: float, unit: str, beside: str | None = None, other: float = 0.0
) -> dict[str, Any]:
    compared = {} if beside is None else {beside: round(other, 1)}
    ratio = {} if beside is None else {beside: round(value / other, 3)}
    return {"name": name, "value": round(value, 1), "unit": unit, "beside": compared,
            "ratio": ratio}  # fmt: skip
