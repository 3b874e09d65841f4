"""The last state on disk, in a way that a power cut at any instant leaves a whole one.

A snapshot is written to a new file, synced, and renamed over the old one, whose link is kept as the
previous generation; then the folder is synced. A file that is torn or not what it should be is
named in the log and the previous generation is used. Each file begins with a digest of the rest.

A disk that is full still takes an empty file: while snapshots cannot be kept, one says that the
glass has gone beyond the last of them, so that after a power cut every panel is drawn again.
"""

import contextlib
import hashlib
import logging
import os
from pathlib import Path

from pydantic import ValidationError

from shelf_agent.errors import MemoryFault
from shelf_agent.machine.snapshot import Snapshot

log = logging.getLogger(__name__)

NAME = "state.json"
PREVIOUS = "state.previous.json"
_NEW = "state.new.json"
_DOUBT = "state.doubt"


class Memory:
    """The folder where one agent keeps its last state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self) -> None:
        """Make the folder, readable by the agent alone; raise MemoryFault where that fails."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise MemoryFault(f"{self._folder}: {error.strerror}") from error

    def recall(self) -> Snapshot | None:
        """Return the newest whole snapshot; None where there is none."""
        for name in (NAME, PREVIOUS):
            snapshot = self._read(self._folder / name)
            if snapshot is not None:
                return snapshot.doubted() if self._mark.exists() else snapshot
        return None

    def keep(self, snapshot: Snapshot) -> None:
        """Keep a snapshot durably; raise MemoryFault with the reason, the old one left whole."""
        body = snapshot.model_dump_json().encode()
        try:
            self._write(_digest(body) + b"\n" + body)
        except OSError as error:
            raise MemoryFault(f"{self._folder}: {error.strerror}") from error

    def doubt(self) -> None:
        """Note that the glass goes beyond what is kept; raise MemoryFault where even that fails."""
        try:
            self._mark.touch()
        except OSError as error:
            raise MemoryFault(f"{self._mark}: {error.strerror}") from error

    @property
    def _mark(self) -> Path:
        return self._folder / _DOUBT

    def _read(self, path: Path) -> Snapshot | None:
        try:
            head, _, body = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("%s cannot be read: %s", path, error.strerror)
            return None
        if head != _digest(body):
            log.warning("%s is torn or was changed; the generation before it is used", path)
            return None
        try:
            return Snapshot.model_validate_json(body)
        except ValidationError as error:
            log.warning("%s is of another version: %s", path, error.errors()[0]["msg"])
            return None

    def _write(self, data: bytes) -> None:
        new, current = self._folder / _NEW, self._folder / NAME
        with new.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._keep_generation(current)
        new.replace(current)
        self._mark.unlink(missing_ok=True)
        _sync_folder(self._folder)

    def _keep_generation(self, current: Path) -> None:
        previous = self._folder / PREVIOUS
        with contextlib.suppress(FileNotFoundError):  # the first of its life has none before it
            previous.unlink(missing_ok=True)
            previous.hardlink_to(current)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()
