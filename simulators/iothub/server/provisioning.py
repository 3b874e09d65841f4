"""The provisioning service at work: lets registrants in, and assigns them to hubs.

An assignment may have to ask other hubs, so it runs beside the connection: the device is told 202
and asks again, as with Azure.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from cryptography import x509

from simulators.iothub.core.document import JsonObject, JsonValue, compact, parse_object
from simulators.iothub.core.errors import (
    BadRequestError,
    HubError,
    OperationNotFoundError,
    UnauthorizedError,
)
from simulators.iothub.core.identity import new_etag
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.provisioning.attestation import Proof, thumbprints
from simulators.iothub.core.provisioning.enrollment import Enrollment
from simulators.iothub.core.provisioning.records import Records
from simulators.iothub.core.provisioning.registration import Registration, assigned
from simulators.iothub.protocol.packets import Verdict
from simulators.iothub.protocol.registrations import Registrant, StatusAsked
from simulators.iothub.protocol.session import Session
from simulators.iothub.protocol.session_events import Asked
from simulators.iothub.server.device_certificates import common_name, is_signed_by
from simulators.iothub.server.linked_hubs import LinkedHub, LinkError

logger = logging.getLogger(__name__)

RETRY_SECONDS: Final = 1
"""After how long a device asks again; Azure says 3."""
LONGEST_PAYLOAD: Final = 8 * 1024


class Registering(Protocol):
    """What is needed of a registrant's connection."""

    session: Session
    expires: float

    def certificates(self) -> tuple[x509.Certificate, ...]:
        """Give what the device showed, its own certificate first."""

    def flush(self) -> None:
        """Send what the session has to say, once the journal allows."""

    def close(self) -> None:
        """End the connection after what was said is sent."""


@dataclass(slots=True)
class Operation:
    """A registration under way: `answer` is what became of it, once something has."""

    registration_id: str
    enrollment: Enrollment
    proof: Proof
    answer: JsonObject | None = None


class Provisioning:
    """Serves the devices that want to be provisioned; `hubs` are those that are linked."""

    def __init__(
        self, records: Records, hubs: Sequence[LinkedHub], clock: Callable[[], float]
    ) -> None:
        """Begin with nobody registering."""
        self.records = records
        self._hubs = {hub.name: hub for hub in hubs}
        self._clock = clock
        self._guests: dict[Session, tuple[Enrollment, Proof]] = {}
        self._operations: dict[str, Operation] = {}
        self._running: set[asyncio.Task[None]] = set()

    # -- who comes

    def arrive(self, connection: Registering, user: Registrant, password: str | None) -> None:
        """Let a registrant in, or refuse it."""
        proof = self._proof(connection, password)
        try:
            if user.scope.lower() != self.records.scope.lower():
                raise UnauthorizedError(f"There is no provisioning service {user.scope:.60}.")
            enrollment, expires = self.records.admit(user.registration_id, proof, self._clock())
        except HubError as error:
            logger.warning("%s was refused: %s", user.registration_id, error)
            connection.session.refuse(Verdict.NOT_AUTHORIZED)
            connection.close()
            return
        connection.expires = expires
        self._guests[connection.session] = enrollment, proof
        connection.session.accept((), session_present=False)

    def _proof(self, connection: Registering, password: str | None) -> Proof:
        shown = connection.certificates()
        if not shown:
            return Proof(password)
        own, now = shown[0], self._clock()

        def signed_by(pem: str) -> bool:
            return is_signed_by(shown, pem, now)

        return Proof(password, thumbprints(own), common_name(own), signed_by)

    def left(self, session: Session) -> None:
        """A registrant is gone; its registration goes on."""
        self._guests.pop(session, None)

    # -- what they ask

    def serve(self, connection: Registering, asked: Asked) -> None:
        """Answer a registrant."""
        session, request_id = connection.session, asked.request_id
        try:
            operation_id = (
                asked.operation_id
                if isinstance(asked, StatusAsked)
                else self._begin(session, asked.body)
            )
            answer = self._state(session.name, operation_id)
        except HubError as error:
            session.answer_registrant(error.status, request_id, self._refusal(error))
            return
        if answer is None:
            waiting = compact({"operationId": operation_id, "status": "assigning"})
            session.answer_registrant(202, request_id, waiting, RETRY_SECONDS)
        else:
            session.answer_registrant(200, request_id, compact(answer))

    def _refusal(self, error: HubError) -> bytes:
        return compact(
            {
                "errorCode": error.number,
                "trackingId": secrets.token_hex(16),
                "message": error.message,
                "timestampUtc": instant_text(self._clock()),
            }
        )

    def _state(self, name: str, operation_id: str) -> JsonObject | None:
        operation = self._operations.get(operation_id)
        if operation is None or not name.endswith(f"/{operation.registration_id}"):
            raise OperationNotFoundError(f"There is no operation {operation_id!r:.80}.")
        return operation.answer and {"operationId": operation_id, **operation.answer}

    def _begin(self, session: Session, body: bytes) -> str:
        enrollment, proof = self._guests[session]
        registration_id = session.name.rpartition("/")[2]
        payload = _payload(body, registration_id)
        if (running := self._running_for(registration_id)) is not None:
            return running
        self._forget(registration_id)
        operation_id = f"5.{secrets.token_hex(8)}.{secrets.token_hex(16)}"
        operation = Operation(registration_id, enrollment, proof)
        self._operations[operation_id] = operation
        task = asyncio.get_running_loop().create_task(self._run(operation, payload))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return operation_id

    def _running_for(self, registration_id: str) -> str | None:
        """Give the operation that is under way for a device: one at a time is enough."""
        for number, operation in self._operations.items():
            if operation.registration_id == registration_id and operation.answer is None:
                return number
        return None

    def _forget(self, registration_id: str) -> None:
        """Of a device that registers again, only the last time counts."""
        for number, operation in tuple(self._operations.items()):
            if operation.registration_id == registration_id and operation.answer:
                del self._operations[number]

    async def _run(self, operation: Operation, payload: JsonValue) -> None:
        try:
            registration = await self._assign(operation)
        except (HubError, LinkError) as error:
            logger.warning("%s cannot be assigned: %s", operation.registration_id, error)
            number = error.number if isinstance(error, HubError) else 400209
            operation.answer = self._failed(operation.registration_id, number, str(error))
            return
        registration = replace(registration, payload=payload)
        self.records.register(registration)
        state = registration.view()
        operation.answer = {"status": "assigned", "registrationState": state}

    def _failed(self, registration_id: str, number: int, reason: str) -> JsonObject:
        state = {
            "registrationId": registration_id,
            "status": "failed",
            "errorCode": number,
            "errorMessage": reason,
            "lastUpdatedDateTimeUtc": instant_text(self._clock()),
        }
        return {"status": "failed", "registrationState": state}

    async def _assign(self, operation: Operation) -> Registration:
        enrollment, registration_id = operation.enrollment, operation.registration_id
        before = self.records.find_registration(registration_id)
        plan = assigned(enrollment, registration_id, list(self._hubs), before)
        hub = self._hubs[plan.hub]
        device_id = enrollment.device_id or registration_id
        twin = enrollment.twin if plan.fresh else None
        old = self._hubs.get(plan.leave or "")
        if old and before and not plan.fresh:
            twin = await old.twin(before.device_id)
        credentials = enrollment.attestation.credentials(
            operation.proof, registration_id, group=enrollment.is_group
        )
        if not plan.fresh and twin is None and await hub.twin(device_id) is None:
            twin = enrollment.twin  # somebody took the device out meanwhile, so it begins again
        fresh_twin = {} if plan.fresh and before and twin is None else twin
        await hub.enrol(device_id, credentials, fresh_twin, edge=enrollment.edge)
        if old and before:
            await old.remove(before.device_id)
        now = self._clock()
        return Registration(
            registration_id,
            device_id,
            plan.hub,
            plan.substatus,
            before.created if before else now,
            now,
            new_etag(secrets.token_bytes),
            enrollment.name if enrollment.is_group else None,
        )

    async def rest(self) -> None:
        """End what is under way: the hub stops."""
        for task in tuple(self._running):
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)


def _payload(body: bytes, registration_id: str) -> JsonValue:
    """Read what a device sends along; it is handed back, as there is no function to answer it."""
    if not body.strip():
        return None
    if len(body) > LONGEST_PAYLOAD:
        raise BadRequestError(f"A registration takes at most {LONGEST_PAYLOAD} bytes.")
    asked = parse_object(body)
    if asked.get("registrationId", registration_id) != registration_id:
        raise BadRequestError("registrationId differs from the one in the user name.")
    return asked.get("payload")
