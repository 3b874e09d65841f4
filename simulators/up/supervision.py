"""Keeps a handful of programs running: starts, restarts and ends them, and leaves none behind.

Each program runs in a session of its own, so that Ctrl-C reaches us alone and we end them in turn,
and is bound to us (bound.py), so that it dies with us even if we are killed.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simulators.up import bound

END_TIMEOUT_S = 8.0
"""How long a program may take to end when asked, before it is killed."""

_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 15.0
_STEADY_S = 20.0
"""After running this long a program's earlier deaths are forgiven: it restarts at once."""


@dataclass(frozen=True)
class Program:
    """One program to keep running; `env` is all of its environment."""

    name: str
    command: tuple[str, ...]
    """Empty: there is nothing to run now; `Supervisor.change` may bring something."""
    env: Mapping[str, str]
    log: Path
    wave: int = 0
    """Programs of a higher wave lean on those of a lower one and are ended before them."""


class Supervisor:
    """Runs programs until it is stopped.

    `say` is told, in a sentence, what happens to them; `note` which process runs which program.
    """

    def __init__(
        self, say: Callable[[str], None], note: Callable[[Mapping[str, int]], None]
    ) -> None:
        self._say = say
        self._note = note
        self._keepers: dict[str, _Keeper] = {}

    async def start(self, program: Program) -> None:
        """Start a program and go on keeping it running."""
        keeper = self._keepers[program.name] = _Keeper(program, self._say, self._changed)
        await keeper.start()

    def change(self, program: Program) -> None:
        """Run this program in place of the one of its name, which is killed at once."""
        self._keepers[program.name].change(program)

    def pid(self, name: str) -> int | None:
        """Return the process id of a program, None while it is down."""
        return self._keepers[name].pid

    def deaths(self, name: str) -> int:
        """Return how often a program has died since it was started."""
        return self._keepers[name].deaths

    async def stop(self) -> None:
        """End every program, wave by wave; returns when none is left."""
        for wave in sorted({keeper.wave for keeper in self._keepers.values()}, reverse=True):
            ending = [keeper for keeper in self._keepers.values() if keeper.wave == wave]
            await asyncio.gather(*(keeper.end() for keeper in ending))
        self._changed()

    def _changed(self) -> None:
        running = {name: keeper.pid for name, keeper in self._keepers.items()}
        self._note({name: pid for name, pid in running.items() if pid is not None})


class _Keeper:
    """Keeps one program running until told to end it."""

    def __init__(
        self, program: Program, say: Callable[[str], None], changed: Callable[[], None]
    ) -> None:
        self._program = program
        self._running = program
        self._say = say
        self._changed = changed
        self._ending = False
        self._news = asyncio.Event()
        self._process: Process | None = None
        self._task: asyncio.Task[None] | None = None
        self.wave = program.wave
        self.deaths = 0

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        _put_aside(self._program.log)
        self._task = asyncio.create_task(self._keep(await self._spawned()))

    def change(self, program: Program) -> None:
        self._program = program
        self._signal(signal.SIGKILL)
        self._news.set()

    async def end(self) -> None:
        self._ending = True
        self._news.set()
        self._signal(signal.SIGTERM)
        if self._task is None:
            return
        done, _ = await asyncio.wait([self._task], timeout=END_TIMEOUT_S)
        if not done:
            self._signal(signal.SIGKILL)
        await self._task

    async def _keep(self, process: Process | None) -> None:
        pause = _FIRST_PAUSE_S
        while not self._ending:
            began = asyncio.get_running_loop().time()
            died = await self._died(process)
            steady = asyncio.get_running_loop().time() - began >= _STEADY_S
            pause = _FIRST_PAUSE_S if steady else min(pause * 2, _LONGEST_PAUSE_S)
            if died:
                await self._news_within(pause)
            if not self._ending:
                process = await self._spawned()
        if process is not None:
            await process.wait()

    async def _died(self, process: Process | None) -> bool:
        """Wait for the process to end; true where nobody had asked it to."""
        if process is None:
            await self._news_within(None)
            return False
        code = await process.wait()
        if self._ending or self._running is not self._program:
            return False
        self.deaths += 1
        hint = f"; why, may stand in {self._program.log}" if self.deaths > 1 else ""
        self._say(f"{self._program.name} ended ({_reason(code)}) and is started again{hint}")
        return True

    async def _news_within(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), seconds)

    async def _spawned(self) -> Process | None:
        """Start what is wanted now; what was decided meanwhile holds for the new process too."""
        program = self._running = self._program
        self._news.clear()
        self._process = await _spawn(program) if program.command else None
        self._changed()
        if self._ending:
            self._signal(signal.SIGTERM)
        elif self._program is not program:
            self._signal(signal.SIGKILL)
        return self._process

    def _signal(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)


async def _spawn(program: Program) -> Process:
    """Start the program bound to us; the parent the kernel watches is this very thread."""
    binding = (sys.executable, "-I", "-S", bound.__file__, str(os.getpid()))
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *binding,
            *program.command,
            env=program.env,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _put_aside(log: Path) -> None:
    """Begin a new log; the one of the last time is kept beside it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))


def _reason(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
