"""Many shelves in one process: the very agents that run on Pis, with captured panels.

One agent's failure is named, and it is started again; the others do not notice. All share one loop,
one renderer and a few threads, so that a store fits into a few processes.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from shelf_agent import settings
from shelf_agent.__main__ import quieten_sdk
from shelf_agent.errors import ShelfAgentError
from shelf_agent.machine.backoff import pause_s
from shelf_agent.runtime import ShelfAgent

log = logging.getLogger(__name__)

PANEL_THREADS = 4
"""Captured panels take milliseconds: a few threads serve hundreds."""
SDK_THREADS = 32
"""The device SDK blocks a thread while it subscribes; a fleet that starts would else queue up."""
NONE_STARTED = 2


class Fleet:
    """Agents by their settings files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._threads = ThreadPoolExecutor(PANEL_THREADS, "panels")
        self._agents: set[ShelfAgent] = set()
        self._stopped = asyncio.Event()

    async def run(self) -> int:
        """Run all until told to stop; return how many never started."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(SDK_THREADS, "sdk"))
        ends = await asyncio.gather(*(self._keep_running(path) for path in self._paths))
        self._threads.shutdown(cancel_futures=True)
        return ends.count(False)

    def stop(self) -> None:
        """End every agent after what it is just doing."""
        self._stopped.set()
        for agent in self._agents:
            agent.stop()

    async def _keep_running(self, path: Path) -> bool:
        failures = 0
        while not self._stopped.is_set():
            try:
                await self._run_one(path)
            except ShelfAgentError as error:
                log.error("%s", error)  # noqa: TRY400  the message says it all
                return False
            except Exception:
                log.exception("%s: the agent failed and is started again", path)
                failures += 1
                await self._wait(pause_s(failures, str(path)))
        return True

    async def _run_one(self, path: Path) -> None:
        agent = ShelfAgent(settings.load(path), self._threads)
        self._agents.add(agent)
        try:
            await agent.run()
        finally:
            self._agents.discard(agent)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return  # the pause is over


def run_fleet(paths: Sequence[Path]) -> int:
    """Run agents until SIGTERM or Ctrl-C; return the process's exit code.

    0: all started. 2: none could. 1: some could not; each is named in the log.
    """
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    quieten_sdk()
    failed = asyncio.run(_run(paths))
    return NONE_STARTED if failed == len(paths) else int(failed > 0)


async def _run(paths: Sequence[Path]) -> int:
    fleet = Fleet(paths)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, fleet.stop)
    return await fleet.run()
