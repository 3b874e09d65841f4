"""Direct methods on their way: questions to devices and modules, and the wait for their answers."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from simulators.iothub.core.document import JsonValue, parse_json
from simulators.iothub.core.errors import (
    BadDeviceAnswerError,
    BadRequestError,
    DeviceNotOnlineError,
    MethodTimedOutError,
)
from simulators.iothub.core.methods import MethodCall, PendingCalls
from simulators.iothub.protocol.session import Session
from simulators.iothub.protocol.topics import MethodAnswer


@dataclass(frozen=True, slots=True)
class MethodResult:
    """What a device answered to a direct method."""

    status: int
    payload: JsonValue


class Listener(Protocol):
    """A connection whose device listens for methods."""

    session: Session

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""


class MethodCalls:
    """The calls that wait: for a device to come, or for its answer."""

    def __init__(self, find: Callable[[str], Listener | None]) -> None:
        """Start with none; `find` gives who listens now, and raises if nobody can ever."""
        self._find = find
        self._pending = PendingCalls()
        self._answers: dict[str, asyncio.Future[MethodAnswer]] = {}
        self._awaited: dict[str, asyncio.Event] = {}

    async def call(self, name: str, call: MethodCall) -> MethodResult:
        """Ask a device or module and wait for its answer, as long as the call allows."""
        connection = await self._listener(name, call.connect_seconds)
        pending = self._pending.open(name)
        answer = asyncio.get_running_loop().create_future()
        self._answers[pending.request_id] = answer
        connection.session.ask_method(call.name, pending.request_id, call.payload)
        connection.flush()
        try:
            async with asyncio.timeout(call.response_seconds):
                return _result(await answer)
        except TimeoutError:
            raise MethodTimedOutError(
                f"Timed out waiting for the response from device {name}."
            ) from None
        finally:
            self._pending.give_up(pending)
            del self._answers[pending.request_id]

    async def _listener(self, name: str, patience: int) -> Listener:
        """Wait until the device is connected and listens for methods."""
        try:
            async with asyncio.timeout(patience):
                while (found := self._find(name)) is None:
                    await self._awaited.setdefault(name, asyncio.Event()).wait()
        except TimeoutError:
            raise DeviceNotOnlineError(f"Timed out waiting for device {name} to connect.") from None
        return found

    def is_listening(self, name: str) -> None:
        """Wake the calls that wait for this device."""
        if event := self._awaited.pop(name, None):
            event.set()

    def answered(self, name: str, answer: MethodAnswer) -> None:
        """Hand an answer to its call; one that is late or from another device is no matter."""
        if self._pending.answered(answer.request_id, name):
            self._answers[answer.request_id].set_result(answer)


def _result(answer: MethodAnswer) -> MethodResult:
    try:
        payload = parse_json(answer.payload) if answer.payload else None
    except BadRequestError as error:
        raise BadDeviceAnswerError(f"The device's answer is not JSON: {error}") from error
    return MethodResult(answer.status, payload)
