"""All enrolments and registrations of the service, and every change to them.

Like the hub's core it does no I/O: callers hand in the instant and are told of each change.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulators.iothub.core.credentials import Entropy
from simulators.iothub.core.errors import (
    DeviceRegistrationNotFoundError,
    EnrollmentNotFoundError,
    PreconditionFailedError,
    UnauthorizedError,
)
from simulators.iothub.core.provisioning.attestation import Proof
from simulators.iothub.core.provisioning.enrollment import Enrollment, Kind
from simulators.iothub.core.provisioning.registration import Registration

ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class EnrollmentKept:
    """An enrolment is new or changed."""

    enrollment: Enrollment


@dataclass(frozen=True, slots=True)
class EnrollmentDeleted:
    """An enrolment is gone."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class RegistrationKept:
    """A device was assigned, first of all or again."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class RegistrationDeleted:
    """A device's registration is gone; its identity at its hub stays."""

    registration_id: str


RecordEvent: TypeAlias = EnrollmentKept | EnrollmentDeleted | RegistrationKept | RegistrationDeleted


class Records:
    """The service's state. `scope` names the service in devices' user names."""

    def __init__(self, scope: str, entropy: Entropy, tell: Callable[[RecordEvent], None]) -> None:
        """Start empty; `restore` puts back what an earlier run kept."""
        self.scope = scope
        self._entropy = entropy
        self._tell = tell
        self._enrollments: dict[Kind, dict[str, Enrollment]] = {"individual": {}, "group": {}}
        self._registrations: dict[str, Registration] = {}

    def restore(
        self, enrollments: Iterable[Enrollment], registrations: Iterable[Registration]
    ) -> None:
        """Put back what an earlier run kept; nobody is told."""
        for enrollment in enrollments:
            self._enrollments[enrollment.kind][enrollment.name] = enrollment
        for registration in registrations:
            self._registrations[registration.registration_id] = registration

    # -- enrolments

    def enrollments(self, kind: Kind) -> Iterator[Enrollment]:
        """Walk the enrolments of a kind by their names."""
        return iter(each for _, each in sorted(self._enrollments[kind].items()))

    def enrollment(self, kind: Kind, name: str) -> Enrollment:
        """Give an enrolment; raises EnrollmentNotFoundError."""
        if (found := self._enrollments[kind].get(name)) is None:
            raise EnrollmentNotFoundError(f"There is no enrolment {name!r:.140}.")
        return found

    def put(self, wanted: Enrollment, etag: str, now: float) -> Enrollment:
        """Write an enrolment; without an etag it is a new one, or takes the old one's place."""
        before = self._enrollments[wanted.kind].get(wanted.name)
        if etag and etag != ANY and (before is None or before.etag != etag):
            raise PreconditionFailedError("The etag sent is not that of the stored enrolment.")
        kept = wanted.kept(before, self._entropy, now)
        self._enrollments[kept.kind][kept.name] = kept
        self._tell(EnrollmentKept(kept))
        return kept

    def delete(self, kind: Kind, name: str, etag: str) -> None:
        """Take an enrolment out, if the etag is still the stored one."""
        found = self.enrollment(kind, name)
        if etag not in ("", ANY, found.etag):
            raise PreconditionFailedError("The etag sent is not that of the stored enrolment.")
        del self._enrollments[kind][name]
        self._tell(EnrollmentDeleted(kind, name))

    # -- devices

    def admit(self, registration_id: str, proof: Proof, now: float) -> tuple[Enrollment, float]:
        """Find the enrolment that lets a device in, its own before a group's.

        Gives the instant until which it may stay, too; raises UnauthorizedError.
        """
        resource = f"{self.scope}/registrations/{registration_id}"
        if own := self._enrollments["individual"].get(registration_id):
            return own, self._checked(own, proof, resource, registration_id, now)
        reason = UnauthorizedError(f"{registration_id} is not enrolled.")
        for group in self.enrollments("group"):
            try:
                return group, self._checked(group, proof, resource, registration_id, now)
            except UnauthorizedError as refusal:
                reason = refusal
        raise reason

    @staticmethod
    def _checked(
        enrollment: Enrollment, proof: Proof, resource: str, registration_id: str, now: float
    ) -> float:
        until = enrollment.attestation.check(
            proof, resource, registration_id, now, group=enrollment.is_group
        )
        if enrollment.status != "enabled":
            raise UnauthorizedError(f"The enrolment {enrollment.name} is disabled.")
        return until

    def registration(self, registration_id: str) -> Registration:
        """Give a device's registration; raises DeviceRegistrationNotFoundError."""
        if (found := self._registrations.get(registration_id)) is None:
            raise DeviceRegistrationNotFoundError(f"{registration_id!r:.140} is not registered.")
        return found

    def find_registration(self, registration_id: str) -> Registration | None:
        """Give a device's registration, None where there is none."""
        return self._registrations.get(registration_id)

    def registrations_of(self, group: str) -> list[Registration]:
        """Give those who came by a group, by their ids."""
        self.enrollment("group", group)
        found = sorted(self._registrations.items())
        return [registration for _, registration in found if registration.group == group]

    def register(self, registration: Registration) -> None:
        """Write where a device was assigned."""
        self._registrations[registration.registration_id] = registration
        self._tell(RegistrationKept(registration))

    def forget(self, registration_id: str, etag: str) -> None:
        """Take a registration out, if the etag is still the stored one."""
        found = self.registration(registration_id)
        if etag not in ("", ANY, found.etag):
            raise PreconditionFailedError("The etag sent is not that of the stored registration.")
        del self._registrations[registration_id]
        self._tell(RegistrationDeleted(registration_id))
