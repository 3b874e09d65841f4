"""Files written whole or not at all and never readable by others, and a folder of one's own."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from simulators.iothub.server.errors import HubStartError


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Put a file with this content and these rights in the place of what is there."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
        stream.write(content)
    fresh.replace(file)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one hub; the lock ends with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "hub.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HubStartError(f"Another hub is already running on {folder}.") from None
        yield
