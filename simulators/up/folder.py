"""The data folder: what lies where, one user at a time, a fresh start that deletes only ours."""

import fcntl
import json
import os
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cloud_service.delivery.private_file import write_private
from simulators.up.errors import WrongStart

_MARK = "edge-shelf-data"
_OURS = ("hub", "cloud", "devices", "lists", "logs", "env", "processes.json")


@dataclass(frozen=True)
class Folder:
    """The places in a data folder. `root` is absolute, since env files and settings carry it."""

    root: Path

    @property
    def hub(self) -> Path:
        """The simulated hub's journal and certificates."""
        return self.root / "hub"

    @property
    def cloud(self) -> Path:
        """The cloud service's database and sealing keys."""
        return self.root / "cloud"

    @property
    def lists(self) -> Path:
        """Price lists as they were hung."""
        return self.root / "lists"

    @property
    def env(self) -> Path:
        """What a shell sources to speak to the running store."""
        return self.root / "env"

    def device(self, device: str) -> Path:
        """A device's settings, state and pictures."""
        return self.root / "devices" / device

    def log(self, program: str) -> Path:
        """What a program says."""
        return self.root / "logs" / f"{program}.log"

    def make(self) -> None:
        """Create the folder, for its owner alone, and mark it as ours."""
        for path in (self.hub, self.cloud, self.lists, self.root / "devices", self.root / "logs"):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self.root / _MARK).touch()

    def clear(self) -> None:
        """Delete what an earlier start made; refuse a folder that none has made."""
        if not self.root.exists():
            return
        if not (self.root / _MARK).exists() and any(self.root.iterdir()):
            raise WrongStart(
                f"{self.root} was not made by shelf-sim up and is not empty: "
                "nothing was deleted, choose another --data-dir"
            )
        for name in _OURS:
            _delete(self.root / name)

    def note_processes(self, pids: Mapping[str, int]) -> None:
        """Say in `processes.json` which process runs what."""
        text = json.dumps(dict(pids), indent=1) + "\n"
        write_private(self.root / "processes.json", text.encode())

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the folder for this process; raise WrongStart while another holds it."""
        handle = _opened(self.root)
        try:
            _lock(handle, self.root)
            yield
        finally:
            os.close(handle)


def _opened(root: Path) -> int:
    if root.is_file():
        raise WrongStart(f"{root} cannot hold the data: it is a file, choose another --data-dir")
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise WrongStart(f"{root} cannot hold the data: {error.strerror}") from error


def _lock(handle: int, root: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise WrongStart(
            f"{root} is in use by another shelf-sim up: end that one, or choose another --data-dir"
        ) from error


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def write_env(path: Path, values: Mapping[str, str]) -> None:
    """Write a file for a shell to source, readable by its owner alone, whole or not at all."""
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in values.items()]
    write_private(path, "".join(lines).encode())


def read_env(path: Path) -> dict[str, str]:
    """Read a file that `write_env` wrote; empty where there is none."""
    if not path.exists():
        return {}
    words = shlex.split(path.read_text(encoding="utf-8"), comments=True)
    return dict(word.split("=", 1) for word in words if "=" in word)
