"""What Azure does not have: reading the meter, and faults on demand, under /$simulator.

Whoever may write the registry may ask; no api-version is needed.
"""

from collections.abc import Callable
from http import HTTPStatus

from simulators.iothub.core.document import parse_object
from simulators.iothub.core.errors import BadRequestError, ResourceNotFoundError
from simulators.iothub.core.faults import Fault
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import not_allowed, nothing, ok, whole_number
from simulators.iothub.server.switchboard import Switchboard


class Simulator:
    """Answers requests to /$simulator."""

    def __init__(self, switchboard: Switchboard, restart: Callable[[], None]) -> None:
        """Serve this hub; `restart` cuts everybody off and begins again, after the answer."""
        self._board = switchboard
        self._restart = restart

    def answer(self, request: Request, path: list[str]) -> Response:
        """Answer a request to an address below /$simulator."""
        match (request.method, *path):
            case ("GET", "limits"):
                return self._limits()
            case (_, "faults", *rest):
                return self._faults(request, rest)
            case ("POST", "devices", device_id, "drop"):
                self._board.drop(device_id, "a fault on demand")
                return nothing()
            case ("POST", "devices", device_id, "steal"):
                self._board.steal(device_id)
                return nothing()
            case ("POST", "restart"):
                self._restart()
                return Response(HTTPStatus.ACCEPTED, HTTPStatus.ACCEPTED.phrase)
        raise ResourceNotFoundError(f"There is nothing at this address for {request.method}.")

    def _limits(self) -> Response:
        allowance = self._board.doors.allowance
        return ok({"tier": None} if allowance is None else allowance.view(self._board.clock()))

    def _faults(self, request: Request, rest: list[str]) -> Response:
        faults, now = self._board.doors.faults, self._board.clock()
        match (request.method, *rest):
            case ("GET",):
                return ok([fault.view() for fault in faults.waiting(now)])
            case ("POST",):
                fault = faults.add(Fault.from_body(parse_object(request.body), now))
                return ok(fault.view(), HTTPStatus.CREATED)
            case ("DELETE",):
                faults.lift_all()
                return nothing()
            case ("DELETE", number):
                faults.lift([_number(number)])
                return nothing()
        raise not_allowed(request)


def _number(text: str) -> int:
    number = whole_number(text, "The fault's id")
    if number is None:
        raise BadRequestError("The fault's id is missing.")
    return number
