"""A hub on a thread of its own, for programs and tests that block while they talk to it.

The Azure SDKs block the thread that calls them, the asynchronous client here and there too; a hub
on that thread's event loop could never answer.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, Self, TypeVar

from simulators.iothub.server.hub import SimulatedHub

PATIENCE: Final = 30.0

Result = TypeVar("Result")


class BackgroundHub:
    """Runs a hub between `with` and the block's end."""

    def __init__(self, hub: SimulatedHub) -> None:
        """Take a hub that is not started yet."""
        self.hub = hub
        self._started: Future[None] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="simulated-hub", daemon=True)

    def __enter__(self) -> Self:
        """Start; raises HubStartError."""
        self._thread.start()
        self._started.result(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and wait until all is written and closed."""
        if self._loop and self._stopping:
            with contextlib.suppress(RuntimeError):  # it ended by itself, and its loop is closed
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def call(self, work: Callable[[], Result]) -> Result:
        """Do something on the hub's own thread, and give what came of it."""
        if self._loop is None:
            raise RuntimeError("The hub is not running.")

        async def done() -> Result:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self._loop).result(PATIENCE)

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self.hub.on_failure(self._stopping.set)
        try:
            await self.hub.start()
        except BaseException as error:
            self._started.set_exception(error)
            return
        self._started.set_result(None)
        await self._stopping.wait()
        await self.hub.stop()
