"""Finds who answers a request, and lets in only who may ask it.

Which address needs which permission:
https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-sas#access-control-and-permissions
"""

import asyncio
import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from simulators.iothub.core.errors import (
    BadRequestError,
    HubError,
    NotSimulatedError,
    ResourceNotFoundError,
)
from simulators.iothub.core.policies import Permission
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import Answer, refusal
from simulators.iothub.server.rest.enrollments import ROOMS, Enrollments
from simulators.iothub.server.rest.entra import Entra
from simulators.iothub.server.rest.loads import load_of
from simulators.iothub.server.rest.registry import Registry
from simulators.iothub.server.rest.simulator import Simulator
from simulators.iothub.server.rest.twins import Twins
from simulators.iothub.server.switchboard import Switchboard

logger = logging.getLogger(__name__)

_NOT_SIMULATED: Final = frozenset({"configurations", "jobs", "digitaltwins", "messages"})


@dataclass(frozen=True, slots=True)
class Route:
    """Who answers, and what the caller must be allowed."""

    needed: Permission
    answer: Callable[[], Answer]
    versioned: bool = True


class ServiceApi:
    """Answers requests out of the switchboard."""

    def __init__(
        self,
        switchboard: Switchboard,
        entra: Entra,
        enrollments: Enrollments,
        restart: Callable[[], None],
    ) -> None:
        """Serve this hub; `entra` gives out bearer tokens, `restart` begins it again."""
        self._enrollments = enrollments
        self._board = switchboard
        self._entra = entra
        self._registry = Registry(switchboard)
        self._twins = Twins(switchboard)
        self._simulator = Simulator(switchboard, restart)

    def handle(self, request: Request) -> Answer:
        """Answer a request; what must wait for a device comes as a coroutine."""
        if (answer := self._entra.answer(request)) is not None:
            return answer
        return self._guarded(request, lambda: self._handled(request))

    def _handled(self, request: Request) -> Answer:
        route = self._route(request)
        self._admit(request, route.needed)
        if route.versioned and "api-version" not in request.query:
            raise BadRequestError("The api-version is missing.")
        wait = self._wait(request)
        return self._later(wait, request, route) if wait else route.answer()

    def _wait(self, request: Request) -> float:
        """Take what a request costs; gives the seconds it has to wait."""
        doors = self._board.doors
        if not doors.is_watched or (load := load_of(request, self._board.hub)) is None:
            return 0.0
        return doors.take(load.operation, load.device, *load.sizes)

    async def _later(self, wait: float, request: Request, route: Route) -> Response:
        await asyncio.sleep(wait)
        answer = self._guarded(request, route.answer)
        return answer if isinstance(answer, Response) else await answer

    def _guarded(self, request: Request, work: Callable[[], Answer]) -> Answer:
        try:
            return work()
        except HubError as error:
            return refusal(error, self._board.clock())
        except Exception:
            logger.exception("A request to %s failed", "/".join(request.segments))
            return Response(500, HTTPStatus.INTERNAL_SERVER_ERROR.phrase)

    def _admit(self, request: Request, needed: Permission) -> None:
        authorization = request.headers.get("authorization", "")
        now = self._board.clock()
        self._board.hub.admission.service(authorization, needed, now, request.segments)

    def _route(self, request: Request) -> Route:
        match request.segments:
            case ("devices", "query"):
                return Route(Permission.SERVICE_CONNECT, lambda: self._twins.query(request))
            case ("devices", *rest):
                return self._devices(request, rest)
            case ("twins", device_id, *rest):
                return self._twin(request, device_id, rest)
        return self._beside(request)

    def _beside(self, request: Request) -> Route:
        match request.segments:
            case ("statistics", "devices" | "service" as what):
                return Route(
                    Permission.REGISTRY_READ, lambda: self._registry.statistics(request, what)
                )
            case (room, *_) if room in ROOMS:
                answer = functools.partial(self._enrollments.answer, request)
                return Route(Permission.PROVISION, answer)
            case ("$simulator", *path):
                answer = functools.partial(self._simulator.answer, request, path)
                return Route(Permission.REGISTRY_WRITE, answer, versioned=False)
            case (first, *_) if first in _NOT_SIMULATED:
                return _refused(NotSimulatedError(f"/{first} is not simulated."))
        return _refused(ResourceNotFoundError("There is nothing at this address."))

    def _devices(self, request: Request, rest: list[str]) -> Route:
        reads = request.method == "GET"
        needed = Permission.REGISTRY_READ if reads else Permission.REGISTRY_WRITE
        match rest:
            case []:
                return Route(needed, lambda: self._registry.all(request))
            case [device_id]:
                return Route(needed, lambda: self._registry.one(request, device_id))
            case [device_id, "modules"]:
                return Route(needed, lambda: self._registry.modules(request, device_id))
            case [device_id, "modules", module_id]:
                return Route(needed, lambda: self._registry.one(request, device_id, module_id))
        what = f"/devices/{{id}}/{rest[1]} is not simulated."
        return _refused(NotSimulatedError(what))

    def _twin(self, request: Request, device_id: str, rest: list[str]) -> Route:
        needed = Permission.SERVICE_CONNECT
        match rest:
            case []:
                return Route(needed, lambda: self._twins.one(request, device_id))
            case ["methods"]:
                return Route(needed, lambda: self._twins.method(request, device_id))
            case ["modules", module_id]:
                return Route(needed, lambda: self._twins.one(request, f"{device_id}/{module_id}"))
            case ["modules", module_id, "methods"]:
                name = f"{device_id}/{module_id}"
                return Route(needed, lambda: self._twins.method(request, name))
        return _refused(ResourceNotFoundError("There is nothing at this address."))


def _refused(error: HubError) -> Route:
    """Tell whoever may call the hub at all."""

    def answer() -> Answer:
        raise error

    return Route(Permission.SERVICE_CONNECT, answer)
