"""Runs one shelf agent: feeds the machine what happens and carries out what it wants.

One task owns the machine. Everything else, the hub, panels and timers, only posts events into its
queue. A batch of events leads to one write of the memory, and nothing that follows from a batch
is done before that write.
"""

import asyncio
import logging
import os
import time
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NoReturn

from label_templates.contract.wire import Document
from label_templates.render import renderer_digest
from shelf_agent import commands, health
from shelf_agent.bundles.library import Library
from shelf_agent.displays.glass import Glass
from shelf_agent.errors import (
    BundleFault,
    BundleMissing,
    CommandError,
    DisplayError,
    DrawingError,
    HubError,
    HubRefusesKey,
    MemoryFault,
    SettingsError,
)
from shelf_agent.hub import Call, Ears, Hub, Link
from shelf_agent.machine import effects as do
from shelf_agent.machine import events as on
from shelf_agent.machine.backoff import LONGEST_PAUSE_S, pause_s
from shelf_agent.machine.transitions import Machine
from shelf_agent.machine.values import Device, Now
from shelf_agent.memory import Memory
from shelf_agent.settings import Settings

if TYPE_CHECKING:
    from shelf_agent.machine.snapshot import Snapshot

log = logging.getLogger(__name__)

LONGEST_TIMER_S = 60.0
"""However long the machine would sleep, so that a clock that was set is noticed."""
STEADY_LINK_S = 60.0
"""A connection that lasted this long ends a row of failures."""
MOST_THREADS = 8


class ShelfAgent:
    """One device that runs: `await agent.run()` until `agent.stop()`."""

    def __init__(self, settings: Settings, threads: ThreadPoolExecutor | None = None) -> None:
        """Open displays and memory; raise SettingsError or MemoryFault where that cannot be.

        Threads may be given where several agents share a process.
        """
        count = min(len(settings.displays), MOST_THREADS)
        self._threads = threads or ThreadPoolExecutor(count, "panels")
        self._own_threads = threads is None
        self._library = Library(settings)
        self._glass = Glass(settings.displays, self._threads, self._library.open)
        self._memory = Memory(settings.state_dir)
        self._memory.prepare()
        self._hub = Hub(
            settings.connection_string.get_secret_value(), _trusted(settings), _product()
        )
        self._device = Device(
            id=settings.device, root_key=settings.root_key, bundle=self._library.installed,
            renderer=renderer_digest(), version=version("edge-shelf"), panels=self._glass.panels,
        )  # fmt: skip
        self._machine = Machine(self._device)
        self._watchdog = health.Watchdog(os.environ)
        self._events: asyncio.Queue[on.Event | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._link: Link | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._unkept: Snapshot | None = None
        self._memory_fault: str | None = None

    async def run(self) -> None:
        """Be the shelf until told to stop; whatever breaks unforeseen is raised."""
        log.info("%s: agent %s starts", self._device.id, self._device.version)
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                self._events.put_nowait(await asyncio.to_thread(self._started))
                self._spawn(self._stay_connected())
                await self._live()
                for task in self._tasks:
                    task.cancel()
        finally:
            self._close()
        log.info("%s: agent ends", self._device.id)

    def stop(self) -> None:
        """End the agent after what it is just doing; safe to call twice."""
        self._events.put_nowait(None)

    # The machine's own task.

    async def _live(self) -> None:
        self._watchdog.ready()
        going = True
        while going:
            batch = [await self._events.get()]
            while not self._events.empty():
                batch.append(self._events.get_nowait())
            going = None not in batch
            await self._take([event for event in batch if event is not None])
            self._watchdog.alive(self._sentence)
        self._watchdog.stopping()

    async def _take(self, batch: Sequence[on.Event]) -> None:
        effects: list[do.Effect] = []
        for event in batch:
            effects += self._machine.handle(event, _now())
        await self._remember(effects)
        for effect in effects:
            self._carry_out(effect)

    async def _remember(self, effects: Sequence[do.Effect]) -> None:
        """Keep the last of the snapshots; the others are part of it."""
        snapshots = [effect.snapshot for effect in effects if isinstance(effect, do.Remember)]
        newest = snapshots[-1] if snapshots else self._unkept
        if newest is None:
            return
        try:
            await asyncio.to_thread(self._memory.keep, newest)
        except MemoryFault as fault:
            self._unkept = newest
            self._memory_is(str(fault))
            await self._doubt()
            return
        self._unkept = None
        self._memory_is(None)

    async def _doubt(self) -> None:
        """Note that what follows goes beyond what is kept."""
        try:
            await asyncio.to_thread(self._memory.doubt)
        except MemoryFault as fault:
            log.error("%s: not even a doubt can be kept: %s", self._device.id, fault)  # noqa: TRY400

    def _memory_is(self, fault: str | None) -> None:
        """Tell the machine when the disk begins or ceases to fail, once."""
        if fault == self._memory_fault:
            return
        self._memory_fault = fault
        if fault is not None:
            log.error("%s: the last state cannot be kept: %s", self._device.id, fault)
        self._post(on.MemoryFailed(fault) if fault else on.MemoryKept())

    def _carry_out(self, effect: do.Effect) -> None:
        match effect:
            case do.Draw():
                self._spawn(self._draw(effect))
            case do.Refresh():
                self._spawn(self._refresh(effect))
            case do.FetchBundle():
                self._fetch_bundle(effect)
            case do.Report():
                self._spawn(self._report(effect))
            case do.ReadTwin(after_s):
                self._read_twin_after(after_s)
            case do.Wake(after_s):
                self._wake_after(after_s)
            case do.Note(text):
                log.info("%s: %s", self._device.id, text)

    def _wake_after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        longest = self._watchdog.interval_s or LONGEST_TIMER_S
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(min(seconds, longest), self._post, on.Tick())

    # What effects do; each ends with an event.

    async def _draw(self, effect: do.Draw) -> None:
        try:
            frame = await self._glass.draw(effect.picture)
        except DrawingError as error:
            self._post(on.DrawingFailed(effect.picture, str(error)))
            self._bundle_is_missing(error)
        else:
            self._post(on.Drawn(effect.picture, frame))

    async def _refresh(self, effect: do.Refresh) -> None:
        try:
            await self._glass.refresh(effect.picture, effect.frame)
        except (DisplayError, DrawingError) as error:
            self._post(on.DisplayFailed(effect.picture, str(error)))
            self._bundle_is_missing(error)
        else:
            self._post(on.Displayed(effect.picture, effect.frame))

    def _bundle_is_missing(self, error: Exception) -> None:
        if isinstance(error, BundleMissing):
            self._post(on.BundleLost(error.digest, str(error)))

    def _fetch_bundle(self, effect: do.FetchBundle) -> None:
        if self._fetching is not None:
            self._fetching.cancel()
        self._fetching = self._group.create_task(self._fetch(effect))
        self._tasks.add(self._fetching)

    async def _fetch(self, effect: do.FetchBundle) -> None:
        log.info("%s: fetching the template bundle %s", self._device.id, effect.digest)
        try:
            bundle = await self._library.fetch(effect.digest)
            await self._glass.check(bundle)
            await self._library.keep(bundle, effect.keep)
        except (BundleFault, DrawingError) as error:
            self._post(on.BundleFailed(effect.digest, str(error)))
        else:
            self._post(on.BundleFetched(effect.digest))

    async def _report(self, effect: do.Report) -> None:
        try:
            await self._open_link().report(effect.patch)
        except HubError as error:
            self._post(on.ReportFailed(effect.number, str(error)))
        else:
            self._post(on.ReportTaken(effect.number))

    def _read_twin_after(self, seconds: float) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.get_running_loop().call_later(
            seconds, lambda: self._spawn(self._read_twin())
        )

    async def _read_twin(self) -> None:
        try:
            desired, reported = await self._open_link().read_twin()
        except HubError as error:
            self._post(on.TwinReadFailed(str(error)))
        else:
            self._post(on.TwinRead(desired, reported))

    async def _answer(self, call: Call) -> None:
        status, payload = self._obey(call)
        try:
            await self._open_link().answer(call, status, payload)
        except HubError as error:
            log.warning("%s: command %s: %s", self._device.id, call.name, error)

    def _obey(self, call: Call) -> tuple[int, Document]:
        try:
            command = commands.parse(call.name, call.payload, self._device.panels)
        except CommandError as error:
            return commands.BAD_REQUEST, {"error": str(error)}
        match command:
            case commands.Refresh(position):
                self._post(on.RedrawAsked(position))
                return commands.OK, {"positions": [position] if position else self._positions()}
            case commands.Status():
                connected = self._link is not None
                return commands.OK, health.status(self._machine.reported(), connected=connected)

    # The hub.

    async def _stay_connected(self) -> NoReturn:
        failures = 0
        while True:
            began = time.monotonic()
            longest = await self._be_connected()
            steady = time.monotonic() - began >= STEADY_LINK_S
            failures = 1 if steady else failures + 1
            pause = pause_s(failures, self._device.id)
            await asyncio.sleep(max(pause, longest))

    async def _be_connected(self) -> float:
        """Connect and stay so until the connection drops; return the least pause in seconds."""
        ears = Ears(patch=lambda patch: self._post(on.PatchReceived(patch)), call=self._called)
        try:
            async with self._hub.connected(ears) as link:
                self._link = link
                log.info("%s: connected to %s", self._device.id, self._hub.host)
                self._post(on.Connected())
                await link.dropped.wait()
                log.warning("%s: the connection dropped", self._device.id)
        except HubRefusesKey as error:
            log.error("%s: %s", self._device.id, error)  # noqa: TRY400  the message says it all
            return LONGEST_PAUSE_S
        except HubError as error:
            log.warning("%s: %s", self._device.id, error)
        finally:
            if self._link is not None:
                self._link = None
                self._post(on.Disconnected())
        return 0.0

    def _called(self, call: Call) -> None:
        self._spawn(self._answer(call))

    def _open_link(self) -> Link:
        if self._link is None:
            raise HubError("there is no connection to the hub")
        return self._link

    # Small things.

    def _started(self) -> on.Started:
        snapshot = self._memory.recall()
        places = snapshot.places if snapshot else {}
        hanging = {position: known.frame for position, known in places.items()}
        return on.Started(snapshot, self._glass.bare(hanging), self._library.here())

    def _post(self, event: on.Event) -> None:
        self._events.put_nowait(event)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.add(self._group.create_task(work))
        self._tasks = {task for task in self._tasks if not task.done()}

    def _sentence(self) -> str:
        return health.sentence(self._machine.reported(), connected=self._link is not None)

    def _positions(self) -> list[str]:
        return sorted(self._device.panels)

    def _close(self) -> None:
        for timer in (self._timer, self._reading):
            if timer is not None:
                timer.cancel()
        if self._own_threads:
            self._threads.shutdown(cancel_futures=True)
        self._glass.close()


def _trusted(settings: Settings) -> str | None:
    if settings.trust is None:
        return None
    try:
        return settings.trust.read_text()
    except OSError as error:
        raise SettingsError(f"trust: {settings.trust}: {error.strerror}") from error


def _product() -> str:
    return f"edge-shelf/{version('edge-shelf')}"


def _now() -> Now:
    return Now(wall=time.time(), steady=time.monotonic())  # noqa: TID251  the process's edge
