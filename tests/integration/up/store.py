"""A whole simulated store in processes, started and ended as a person would."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from simulators.iothub.server.neighbours import ADDRESSES, reserved
from simulators.up.folder import read_env

PATIENCE_S = 90.0
"""How long anything may take on a busy machine."""


def free_port(host: str = "127.0.0.1") -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server((host, 0)) as trial:
        return int(trial.getsockname()[1])


def hub_address() -> tuple[str, socket.socket]:
    """Return an address for a hub, from the far end of those for tests, and what reserves it."""
    for address in reversed(ADDRESSES):
        if reservation := reserved(address):
            return address, reservation
    raise AssertionError("every address that tests may use is taken")


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class RunningStore:
    """`shelf-sim up` on ports of its own; leaving the context ends it, however the test went."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.address, self._reservation = hub_address()
        self.port = free_port()
        self.rest_port = free_port(self.address)
        self._process: subprocess.Popen[str] | None = None
        self._said = root.with_name(root.name + ".out")

    def start(self, *options: str) -> Self:
        """Start it; it is not waited for."""
        command = [
            str(Path(sys.executable).with_name("shelf-sim")), "up", "--data-dir", str(self.root),
            "--port", str(self.port), "--hub-host", self.address,
            "--rest-port", str(self.rest_port), *options,
        ]  # fmt: skip
        with self._said.open("w") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=out, text=True)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reservation.close()

    @property
    def process(self) -> "subprocess.Popen[str]":
        assert self._process is not None
        return self._process

    @property
    def said(self) -> str:
        """All that it has printed."""
        return self._said.read_text()

    @property
    def pids(self) -> dict[str, int]:
        """Which process runs what."""
        found: dict[str, int] = json.loads((self.root / "processes.json").read_text())
        return found

    @property
    def env(self) -> dict[str, str]:
        """What a shell would have sourced."""
        return read_env(self.root / "env")

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for a condition; fail with all that was printed where it never comes."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, f"not within {PATIENCE_S:.0f} s: {what}\n{self.said}"
            assert self.process.poll() is None, f"it ended before {what}\n{self.said}"
            time.sleep(0.05)

    def until_open(self) -> None:
        """Wait until it has told where everything is."""
        self.until(lambda: "Ctrl-C" in self.said, "it is open")

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C would and return its exit code."""
        os.kill(self.process.pid, number)
        return self.process.wait(timeout=PATIENCE_S)

    def login(self) -> tuple[str, str] | None:
        """Return the login that was told, if one was."""
        found = re.search(r"Log in\s+(\S+)\s+(\S+)", self.said)
        return (found[1], found[2]) if found else None
