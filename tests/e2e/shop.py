"""A whole simulated shop: `shelf-sim up` in processes of its own, as a user starts it."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
ENVIRONMENT = dict(os.environ)
"""The environment as the tests found it, before any fixture of theirs changed it."""


class ShopError(AssertionError):
    """The shop did not do what was waited for."""


def wait_for(
    what: str, holds: Callable[[], object], seconds: float = 60, every: float = 0.1
) -> None:
    """Wait until a condition holds; fail, naming it, when it does not within the time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise ShopError(f"after {seconds:.0f} s still not: {what}")
        time.sleep(every)


@dataclass
class Shop:
    """A running `shelf-sim up` and the ways its users reach it."""

    data_dir: Path
    process: subprocess.Popen[bytes]
    output: Path
    settings: dict[str, str] = field(default_factory=dict)

    def printed(self) -> str:
        """All that `up` printed so far."""
        return self.output.read_text(errors="replace")

    @property
    def url(self) -> str:
        """Where the console is."""
        return self.settings["EDGE_SHELF_URL"]

    def run(self, *arguments: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Run `edge-shelf` with the shop's own env file."""
        return subprocess.run(
            [BIN / "edge-shelf", *arguments],
            env={**ENVIRONMENT, **self.settings},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def ask(self, *arguments: str) -> Any:
        """Run `edge-shelf ... --json` and return what it says; fail where it fails."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr or done.stdout
        return json.loads(done.stdout)

    def status(self) -> dict[str, Any]:
        """`edge-shelf status --json`."""
        return dict(self.ask("status"))

    def wait_until_converged(self, tiles: int, seconds: float = 240) -> None:
        """Wait until every tile is shown."""

        def all_shown() -> bool:
            counts = self.status()["tiles"]
            return bool(counts == {**counts, "shown": tiles, "pending": 0, "failed": 0})

        wait_for(f"{tiles} tiles shown", all_shown, seconds, every=0.5)

    def programs(self) -> dict[str, int]:
        """Return the process id of each program of the shop that is running now."""
        return dict(json.loads((self.data_dir / "processes.json").read_text()))

    def processes(self) -> list[int]:
        """Return the ids of all processes that belong to this shop."""
        return [
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and str(self.data_dir) in _command_line(entry)
        ]

    def picture(self, device: str, position: str) -> Path:
        """The PNG of what hangs at a position."""
        return self.data_dir / "devices" / device / f"{position}.png"


def _command_line(entry: Path) -> str:
    try:
        raw = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
    except OSError:
        return ""
    return raw.replace(b"\0", b" ").decode(errors="replace")


def read_env(path: Path) -> dict[str, str]:
    """Read a file of `export NAME=value` lines."""
    words = (shlex.split(line.removeprefix("export ")) for line in path.read_text().splitlines())
    return dict(pair[0].split("=", 1) for pair in words if pair and "=" in pair[0])


@contextmanager
def open_shop(
    data_dir: Path, *options: str, host: str = "127.0.0.1", seconds: float = 240
) -> Iterator[Shop]:
    """Start a shop, wait until it is ready, and end it with what Ctrl-C sends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    output = data_dir / "up.txt"
    command: list[str | Path] = [
        BIN / "shelf-sim",
        "up",
        "--data-dir",
        str(data_dir),
        "--hub-host",
        host,
        *options,
    ]
    with output.open("ab") as sink:
        process = subprocess.Popen(
            command, env=ENVIRONMENT, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    shop = Shop(data_dir, process, output)
    try:
        wait_for("up has printed its address", lambda: _is_ready(shop), seconds)
        shop.settings = read_env(data_dir / "env")
        yield shop
    finally:
        end(shop)


def _is_ready(shop: Shop) -> bool:
    if shop.process.poll() is not None:
        raise ShopError(f"up ended with {shop.process.returncode}:\n{shop.printed()}")
    return "Ctrl-C" in shop.printed()


def end(shop: Shop, how: int = signal.SIGINT) -> None:
    """End the shop and make sure that none of its processes stays."""
    if shop.process.poll() is None:
        os.killpg(shop.process.pid, how) if how == signal.SIGINT else shop.process.send_signal(how)
    try:
        shop.process.wait(60)
        wait_for("no process of the shop stays", lambda: not shop.processes(), 20)
    finally:
        for pid in shop.processes():
            killed(pid)


def killed(pid: int) -> bool:
    """Kill a process; False where it had ended already."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def lines(text: str) -> Sequence[str]:
    """Lines of a text that are not empty."""
    return [line for line in text.splitlines() if line.strip()]
