"""The connections that are open on a listener, so that a hub that stops leaves none behind."""

import asyncio
from typing import Protocol


class Endable(Protocol):
    """A connection that can be ended at once."""

    def cut(self, reason: str) -> None:
        """End it; `connection_lost` follows."""


class OpenConnections:
    """Counts connections in and out."""

    def __init__(self) -> None:
        """Start with none."""
        self._open: set[Endable] = set()
        self._emptied = asyncio.Event()

    def add(self, connection: Endable) -> None:
        """A connection was made."""
        self._open.add(connection)

    def discard(self, connection: Endable) -> None:
        """A connection is gone."""
        self._open.discard(connection)
        if not self._open:
            self._emptied.set()

    async def cut_all(self) -> None:
        """End all of them, and wait until they are gone."""
        self._emptied.clear()
        for connection in tuple(self._open):
            connection.cut("the hub stops")
        if self._open:
            await self._emptied.wait()
        # TLS tells us first and closes its socket in the loop's next turns.
        for _ in range(3):
            await asyncio.sleep(0)
