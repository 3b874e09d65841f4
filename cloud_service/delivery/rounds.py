"""The dispatcher's rounds: bring each device's desired twin to what its tiles must show.

They hold no state: killed at any point, the next round begins again from what is stored.

  claim    a lease of seconds on up to 200 devices, marked or due   one transaction
  prepare  compose, reconcile, and store what will be sent          one read, one transaction
  send     the twin writes, by a few threads                        no transaction
  settle   believe what the hub took, give the claims back          one transaction
"""

import logging
import os
import socket
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from cloud_service.catalog.devices import (
    Claim,
    claim_devices,
    defer_device,
    release_device,
    work_waits,
)
from cloud_service.catalog.planogram import Position, by_device, positions_of_devices
from cloud_service.clock import Clock
from cloud_service.delivery import pushed
from cloud_service.delivery.errors import (
    DeliveryError,
    DeviceBroken,
    DeviceUnknown,
    HubRefused,
    HubThrottled,
    HubUnauthorized,
    HubUnreachable,
    Overtaken,
)
from cloud_service.delivery.keys import Keyring
from cloud_service.delivery.pushed import Delivered
from cloud_service.delivery.reconcile import Situation, Wanted, Write, reconcile
from cloud_service.delivery.sending import Sender
from cloud_service.errors import Unavailable
from cloud_service.shelves.plan import DevicePlan, plan_devices
from cloud_service.storage import Storage, Unit
from cloud_service.storage.events import append_events
from label_templates.contract.errors import TwinError

log = logging.getLogger(__name__)

BATCH = 200
THREADS = 4
"""azure-iot-hub gains little from more: most of a call is spent in Python."""
BROKEN_S = 60
"""How long a device is left alone that cannot even be looked at."""
KNOWN_AHEAD_S = 400 * 86_400
"""Flips are asked for so far ahead, so that the one that ends what is shown is among them."""


@dataclass(frozen=True)
class Job:
    """A claimed device and what must be done about it."""

    claim: Claim
    write: Write | None = None
    """Stored already, to be sent; None: there is nothing to send."""
    etag: str | None = None
    """What the hub had after the write before; None: not known."""
    due_at: int | None = None
    problem: DeliveryError | TwinError | None = None
    failures: int = 0


@dataclass(frozen=True)
class Look:
    """What is known of a device when it is looked at."""

    claim: Claim
    plan: DevicePlan | None
    """None: it is not known any more."""
    before: Delivered
    positions: Sequence[Position]

    @property
    def idle(self) -> bool:
        """Tell whether the device was never told anything and has nothing to show."""
        return self.plan is None or (not self.positions and self.before.pushed is None)


class Rounds:
    """Does what waits; the steps are there to be tried singly."""

    def __init__(
        self, storage: Storage, clock: Clock, keyring: Keyring, installed: str, sender: Sender
    ) -> None:
        """Take what the rounds need; `installed`: the bundle of stores that chose no other."""
        self._storage, self._clock, self._keyring = storage, clock, keyring
        self._installed, self._sender = installed, sender
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="send")
        self.owner = owner_name()

    def run_once(self) -> int:
        """Claim, prepare, send and settle; return how many devices were looked at."""
        if self._sender.pause.left() > 0:
            return 0
        claims = self.claim()
        if claims:
            self.settle(self.send(self.prepare_each(claims)))
        return len(claims)

    def close(self) -> None:
        """Let the calls under way end."""
        self._pool.shutdown()

    def claim(self) -> list[Claim]:
        """Take devices that are marked or due."""
        now = self._clock.now()
        with self._storage.read() as unit:
            if not work_waits(unit, now):
                return []
        with self._storage.begin() as unit:
            return claim_devices(unit, now, BATCH, self.owner)

    def prepare_each(self, claims: Sequence[Claim]) -> list[Job]:
        """Prepare devices; one that breaks its batch is named and put back, the others go on."""
        try:
            return self.prepare(claims)
        except (Unavailable, SQLAlchemyError):
            raise  # the database's trouble, not a device's
        except Exception as error:
            if len(claims) > 1:
                return [job for claim in claims for job in self.prepare_each([claim])]
            device = claims[0].device_id
            log.exception("%s breaks the dispatcher's work and is put back", device)
            return [Job(claims[0], problem=DeviceBroken(device, error))]

    def prepare(self, claims: Sequence[Claim]) -> list[Job]:
        """Find out what each device must be sent, and store it before anything is sent."""
        now = self._clock.now()
        with self._storage.read() as unit:
            looks, epoch = self._look(unit, claims, now), pushed.current_epoch(unit)
        decided = [(look, self._decide(look, epoch, now)) for look in looks]
        with self._storage.begin() as unit:
            for look, job in decided:
                _store(unit, look, job)
            append_events(unit, now, [event for pair in decided for event in _events(*pair)])
        return [job for _, job in decided]

    def send(self, jobs: Sequence[Job]) -> list[tuple[Job, str | DeliveryError | None]]:
        """Send what is to be sent; each job comes back with its twin's etag or the problem."""
        return list(zip(jobs, self._pool.map(self._send, jobs), strict=True))

    def settle(self, outcomes: Iterable[tuple[Job, str | DeliveryError | None]]) -> None:
        """Believe what the hub took, note what went wrong, and give the claims back."""
        now = self._clock.now()
        with self._storage.begin() as unit:
            for job, outcome in outcomes:
                _settle(unit, job, outcome, now)

    def _look(self, unit: Unit, claims: Sequence[Claim], now: int) -> list[Look]:
        devices = [claim.device_id for claim in claims]
        plans = plan_devices(unit, devices, now, KNOWN_AHEAD_S)
        before = pushed.delivered(unit, devices)
        positions = by_device(positions_of_devices(unit, devices))
        return [
            Look(claim, plans.get(device), before[device], positions.get(device, []))
            for claim in claims
            for device in [claim.device_id]
        ]

    def _decide(self, look: Look, epoch: int, now: int) -> Job:
        if look.plan is None or look.idle:
            return Job(look.claim)
        before = look.before
        situation = Situation(
            device=before.device,
            wanted=Wanted(look.plan.store.words, self._bundle_of(look.plan), look.plan.tiles),
            pushed=before.pushed,
            heard=before.heard,
            epoch=epoch,
            now=now,
            sealer=self._keyring.sealer(before.device, before.keys),
        )
        try:
            write = reconcile(situation)
        except TwinError as error:
            return Job(look.claim, problem=error, failures=before.failures)
        stands = write or before.pushed
        due_at = stands.due_at if stands else None
        return Job(look.claim, write, before.etag, due_at, failures=before.failures)

    def _bundle_of(self, plan: DevicePlan) -> str:
        return plan.store.bundle or self._installed

    def _send(self, job: Job) -> str | DeliveryError | None:
        if job.write is None:
            return None
        try:
            return self._sender.send(job.claim.device_id, job.write, job.etag)
        except DeliveryError as error:
            return error


def owner_name() -> str:
    """Name this process for its claims: machine, process and a token of its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def _store(unit: Unit, look: Look, job: Job) -> None:
    if look.plan is None or job.problem is not None:
        return
    device = look.before.device
    if job.write is not None:
        pushed.store_write(unit, device, job.write, look.plan.revision)
    elif look.plan.revision != look.before.revision:
        pushed.follow(unit, device, look.plan.revision)


def _events(look: Look, job: Job) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Tell which tiles now wait for their shelf, and which need not move after all."""
    changed, device = job.write.changed if job.write else frozenset(), look.claim.device_id
    for place in look.positions:
        data = {"store": place.store_id, "position": place.position, "device": device}
        if place.position in changed:
            yield "tile.pending", data
        elif job.problem is None and place.wanted_revision > look.before.revision:
            yield "tile.shown", data


def _settle(unit: Unit, job: Job, outcome: str | DeliveryError | None, now: int) -> None:
    problem = job.problem or outcome
    if isinstance(problem, DeliveryError | TwinError):
        _put_back(unit, job, problem, now)
        return
    device = job.claim.device_id
    if job.write is not None and isinstance(problem, str):
        pushed.believe(unit, device, job.write.order, problem, now)
    elif job.failures:
        pushed.recover(unit, device)
    release_device(unit, job.claim, job.due_at)


def _put_back(unit: Unit, job: Job, problem: DeliveryError | TwinError, now: int) -> None:
    """Leave a device for later; the longer, the more often it failed."""
    device, failures = job.claim.device_id, job.failures + 1
    grave = isinstance(problem, DeviceBroken | DeviceUnknown | HubRefused | TwinError)
    pushed.fail(unit, device, str(problem), failures, grave=grave)
    if isinstance(problem, Overtaken):
        pushed.ahead(unit, device, problem.order)
    if isinstance(problem, HubUnreachable | HubThrottled | HubUnauthorized):
        wait = 1  # it is not the device's fault; the sender keeps off the hub as a whole
    elif isinstance(problem, DeviceBroken):
        wait = BROKEN_S
    else:
        wait = pushed.backoff(failures)
        log.warning("%s; tried %d times, again in %d s", problem, failures, wait)
    defer_device(unit, job.claim, now + wait)
