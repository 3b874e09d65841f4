"""The dispatcher's process: pushes what was published and watches for what the shelves confirm.

Two loops in one process, on the same database and hub: `rounds` writes desired twins, `watch` reads
reported ones. Neither keeps anything in memory that it could not find again.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

from cloud_service.catalog.devices import claim_owners, release_owner
from cloud_service.clock import Clock, SystemClock
from cloud_service.delivery.acks import Acks
from cloud_service.delivery.hub import open_hub
from cloud_service.delivery.keys import Keyring, load_keys
from cloud_service.delivery.pace import Pause, TokenBucket
from cloud_service.delivery.rounds import Rounds
from cloud_service.delivery.sending import Sender
from cloud_service.delivery.twins import Twins
from cloud_service.delivery.watch import Reader, Watch
from cloud_service.errors import ServiceError
from cloud_service.settings import Settings
from cloud_service.shelves.bundles import keep_installed
from cloud_service.shelves.renderers import Renderers
from cloud_service.storage import Storage
from label_templates.bundles import installed_bundle

log = logging.getLogger(__name__)

IDLE_S = 0.1
"""Between two looks at whether work waits: a price is on its way a tenth of a second later."""
TROUBLE_S = 1.0
"""After an error that is not the hub's, such as a database that does not answer."""


class Dispatcher:
    """Both loops; `run` returns when `stop` is called."""

    def __init__(
        self, storage: Storage, clock: Clock, keyring: Keyring, twins: Twins, settings: Settings
    ) -> None:
        steady = time.monotonic
        self._stop = Flag()
        self._broken: Exception | None = None
        self._storage, self._clock = storage, clock
        writes = TokenBucket(settings.hub_writes_per_s, settings.hub_writes_per_s, steady)
        reads = TokenBucket(settings.hub_reads_per_s, settings.hub_reads_per_s, steady)
        sender = Sender(twins, writes, Pause(steady), self._stop)
        self.rounds = Rounds(storage, clock, keyring, installed_bundle().digest, sender)
        acks = Acks(storage, clock, Renderers(storage))
        reader = Reader(twins, reads, Pause(steady), steady)
        self.watch = Watch(storage, clock, acks, reader, settings.hub_sweep_s)

    def run(self) -> None:
        """Dispatch and watch until `stop`; then let what is under way end.

        What breaks unforeseen in either loop ends both and is raised.
        """
        with self._storage.alone() as unit:
            keep_installed(unit, self._clock.now())  # so that any process can serve what is named
        self._release_the_dead()
        watching = Thread(target=self._loop, args=(self.watch.run_once,), name="watch")
        watching.start()
        self._loop(self.rounds.run_once)
        watching.join()
        self.rounds.close()
        self.watch.close()
        if self._broken is not None:
            raise self._broken

    def stop(self) -> None:
        """Have `run` return soon."""
        self._stop.set()

    def _loop(self, work: Callable[[], int]) -> None:
        while not self._stop.is_set():
            try:
                worked = work()
            except ServiceError as error:
                log.warning("%s; trying again in %.0f s", error, TROUBLE_S)
                self._stop.wait(TROUBLE_S)
                continue
            except Exception as error:
                self._broken = error  # raised again by `run`, on the main thread
                self.stop()
                return
            if not worked:
                self._stop.wait(IDLE_S)

    def _release_the_dead(self) -> None:
        """Take over at once what dispatchers of this machine held that were killed."""
        with self._storage.begin() as unit:
            for owner in claim_owners(unit):
                if _is_dead(owner):
                    count = release_owner(unit, owner)
                    log.info("%s is gone; %d devices are taken over", owner, count)


def _is_dead(owner: str) -> bool:
    """Tell whether a claim's owner (machine:process:token) surely runs no more."""
    machine, process, _ = owner.rsplit(":", 2)
    if machine != socket.gethostname():
        return False
    if int(process) == os.getpid():
        return True  # this process holds nothing yet: an earlier one had its number
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def run_dispatcher(settings: Settings) -> None:
    """Dispatch until SIGTERM or SIGINT. Raises ServiceError where it cannot begin."""
    twins = open_hub(settings)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for noisy in ("uamqp", "azure", "msrest", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    storage = Storage(settings.database)
    dispatcher = Dispatcher(storage, SystemClock(), load_keys(settings.keys), twins, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: dispatcher.stop())
    log.info("dispatching to %s", twins.host)
    dispatcher.run()
    storage.close()
    log.info("dispatcher ended")
