"""Waiting for something to be true, with the reason in hand when it never will be."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

import httpx

from cloud_service.cli.printing import counted
from cloud_service.services.views.shelves import Status
from simulators.up.errors import UpError
from simulators.up.folder import Folder
from simulators.up.shop import Progress
from simulators.up.supervision import Supervisor

POLL_S = 0.1
LOOK_S = 0.4
"""Between two looks at all tiles, which cost more than asking a program whether it is up."""
GIVE_UP_DEATHS = 3
"""A program that died this often before it ever answered will not answer by itself."""
STALLED_S = 60.0
"""No tile has followed for so long: the person is told, and not kept waiting."""
_LAST_LINES = 8


async def until_it_answers(
    supervisor: Supervisor, folder: Folder, name: str, answers: Callable[[], bool]
) -> None:
    """Wait for a program to answer; raise UpError with its last words where it keeps dying."""
    while not await asyncio.to_thread(answers):
        if supervisor.deaths(name) >= GIVE_UP_DEATHS:
            raise UpError(f"{name} does not stay up; it last said:\n{last_words(folder, name)}")
        await asyncio.sleep(POLL_S)


async def until_converged(status: Callable[[], Status], progress: Progress) -> str | None:
    """Wait until no tile is pending; return a sentence where failures remain or nothing moves."""
    best, since = -1, asyncio.get_running_loop().time()
    while True:
        now = await asyncio.to_thread(status)
        progress("Tiles on the shelves", now.shown, now.shown + now.pending + now.failed)
        if not now.pending:
            return _named(now) if now.failed else None
        if now.shown > best:
            best, since = now.shown, asyncio.get_running_loop().time()
        if asyncio.get_running_loop().time() - since > STALLED_S:
            return _named(now)
        await asyncio.sleep(LOOK_S)


def _named(status: Status) -> str:
    """Say how many tiles lag and why the first of them does."""
    first = status.attention[0]
    return (
        f"{counted(status.pending, 'tile')} {'is' if status.pending == 1 else 'are'} pending and "
        f"{status.failed} {'has' if status.failed == 1 else 'have'} failed, "
        f"such as {first.position} of store {first.store_id}: {first.why}"
    )


def listens(host: str, port: int) -> bool:
    """Whether somebody takes connections there."""
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def is_healthy(url: str) -> bool:
    """Whether the cloud service says that it is well."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    return False


def last_words(folder: Folder, name: str) -> str:
    """Return the end of a program's log."""
    lines = folder.log(name).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(f"  {line}" for line in lines[-_LAST_LINES:]) or "  nothing"
