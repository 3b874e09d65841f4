"""From nothing to a store whose shelves show their prices, and to its end without a trace."""

import asyncio
import functools
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import closing

from cloud_service.errors import ServiceError
from simulators.up import programs
from simulators.up.cloud import Cloud
from simulators.up.errors import UpError
from simulators.up.folder import read_env, write_env
from simulators.up.options import MQTT_PORT, Options
from simulators.up.plugs import Sockets
from simulators.up.screen import Screen
from simulators.up.shop import HungStore
from simulators.up.supervision import Supervisor
from simulators.up.waiting import is_healthy, listens, until_converged, until_it_answers

_TRUST = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")
_KEPT = (
    "A store that hangs keeps its devices, tiles and prices: --fresh hangs everything anew, "
    "edge-shelf prices import brings new prices"
)
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def run(options: Options, screen: Screen) -> None:
    """Start everything, on ports found free, and keep it running until SIGINT, SIGTERM or SIGHUP.

    Raises WrongStart before anything was started, UpError when something cannot be brought up.
    """
    with options.folder.taken():
        if options.fresh:
            options.folder.clear()
        options.folder.make()
        try:
            await _until_told_to_end(options, screen)
        except ServiceError as error:
            raise UpError(error.message) from error


async def _until_told_to_end(options: Options, screen: Screen) -> None:
    told = asyncio.Event()
    for number in _ENDS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    supervisor = Supervisor(screen.say, options.folder.note_processes)
    opening = asyncio.create_task(_Opening(options, screen, supervisor).run())
    ending = asyncio.create_task(told.wait())
    try:
        await asyncio.wait({opening, ending}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
    finally:
        opening.cancel()
        await asyncio.wait({opening})
        screen.say("Ending")
        await supervisor.stop()


class _Opening:
    """One start: the steps in which a store opens."""

    def __init__(self, options: Options, screen: Screen, supervisor: Supervisor) -> None:
        self._options = options
        self._folder = options.folder
        self._screen = screen
        self._supervisor = supervisor

    async def run(self) -> None:
        """Open the store, say so once its shelves show it, and look after it from then on."""
        hub = await self._start_hub()
        with closing(await asyncio.to_thread(Cloud, self._options, hub)) as cloud:
            with self._screen.progress():
                stores = await asyncio.to_thread(cloud.set_up, self._screen.advance)
                self._write_env(hub, cloud)
                sockets = await self._start_rest(hub, stores)
                stalled = await until_converged(cloud.status, self._screen.advance)
            self._tell(cloud, stores, stalled)
        await sockets.watch()

    async def _start_hub(self) -> dict[str, str]:
        """Return the variables by which clients find the hub and trust it."""
        written = self._folder.hub / "hub.env"
        written.unlink(missing_ok=True)  # it is there again once the hub listens
        await self._supervisor.start(programs.hub(self._options))
        host, ports = self._options.hub_host, (MQTT_PORT, self._options.rest_port)
        await self._answers(
            "hub", lambda: written.exists() and all(listens(host, port) for port in ports)
        )
        values = read_env(written)
        # The service SDK in this process, too, takes its trust store from the environment.
        os.environ.update({name: values[name] for name in _TRUST})
        return values

    async def _start_rest(self, hub: dict[str, str], stores: Sequence[HungStore]) -> Sockets:
        for program in programs.cloud(self._options, hub):
            await self._supervisor.start(program)
        trust = {name: hub[name] for name in _TRUST}
        agents = functools.partial(programs.agents, self._options, trust)
        devices = [device for store in stores for device in store.devices]
        groups = programs.fleet(self._options, devices)
        sockets = Sockets(self._folder, self._supervisor, groups, agents)
        await sockets.start()
        await self._answers("serve", lambda: is_healthy(self._options.url))
        return sockets

    async def _answers(self, name: str, answers: Callable[[], bool]) -> None:
        await until_it_answers(self._supervisor, self._folder, name, answers)

    def _write_env(self, hub: dict[str, str], cloud: Cloud) -> None:
        present = read_env(self._folder.env).get("EDGE_SHELF_TOKEN")
        own = {"EDGE_SHELF_URL": self._options.url, "EDGE_SHELF_TOKEN": cloud.token(present)}
        write_env(self._folder.env, {**own, **hub})

    def _tell(self, cloud: Cloud, stores: Sequence[HungStore], stalled: str | None) -> None:
        self._screen.name_stores(stores)
        if self._options.hangs_something and not all(store.hung_now for store in stores):
            self._screen.say(_KEPT)
        if stalled:
            self._screen.say(stalled)
        self._screen.greet(self._options.url, cloud.first_login(), self._folder)
