"""The provisioning service's REST API: enrolments, groups, and who has registered.

https://learn.microsoft.com/rest/api/iot-dps/service/
"""

import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from simulators.iothub.core.document import JsonObject, compact, parse_object, word_of
from simulators.iothub.core.errors import BadRequestError, HubError, ResourceNotFoundError
from simulators.iothub.core.instants import instant_text
from simulators.iothub.core.provisioning.enrollment import Enrollment, Kind, name_field
from simulators.iothub.core.provisioning.records import Records
from simulators.iothub.server.http_listener import Request, Response
from simulators.iothub.server.rest.answers import (
    JSON_TYPE,
    etag_of,
    not_allowed,
    nothing,
    ok,
    whole_number,
)

if TYPE_CHECKING:
    from http import HTTPStatus

ROOMS: Final = frozenset({"enrollments", "enrollmentGroups", "registrations"})
MOST_ITEMS: Final = 1000
MOST_BULK: Final = 10
_KINDS: Final[dict[str, Kind]] = {"enrollments": "individual", "enrollmentGroups": "group"}
_LISTS: Final[dict[Kind, str]] = {kind: room for room, kind in _KINDS.items()}
_ITEMS: Final[dict[Kind, str]] = {"individual": "enrollment", "group": "enrollmentGroup"}
_MODES: Final = ("create", "update", "updateIfMatchETag", "delete")


class Enrollments:
    """Answers requests about enrolments and registrations."""

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        """Serve these records; `clock` gives UTC seconds."""
        self._records = records
        self._clock = clock

    def answer(self, request: Request) -> Response:
        """Answer a request; an error has the shape of this service, not that of the hub."""
        try:
            return self._answer(request)
        except HubError as error:
            return refusal(error, self._clock())

    def _answer(self, request: Request) -> Response:
        match request.segments:
            case ("enrollments" | "enrollmentGroups" as room, *rest):
                return self._enrolments(request, _KINDS[room], rest)
            case ("registrations", registration_id):
                return self._registration(request, registration_id)
            case ("registrations", group, "query") if request.method == "POST":
                found = [each.view() for each in self._records.registrations_of(group)]
                return _page(request, found, "deviceRegistration")
        raise ResourceNotFoundError("There is nothing at this address.")

    def _enrolments(self, request: Request, kind: Kind, rest: Sequence[str]) -> Response:
        match (request.method, *rest):
            case ("POST",):
                return self._bulk(request, kind)
            case ("POST", "query"):
                parse_object(request.body)
                found = [self._view(each) for each in self._records.enrollments(kind)]
                return _page(request, found, _ITEMS[kind])
            case ("POST", name, "attestationmechanism"):
                return ok(self._records.enrollment(kind, name).attestation.view(secrets=True))
            case ("GET", name):
                return self._shown(self._records.enrollment(kind, name))
            case ("PUT", name):
                wanted = Enrollment.from_body(kind, name, parse_object(request.body))
                return self._shown(self._records.put(wanted, etag_of(request), self._clock()))
            case ("DELETE", name):
                self._records.delete(kind, name, etag_of(request))
                return nothing()
        raise not_allowed(request)

    def _view(self, enrollment: Enrollment) -> JsonObject:
        registration = self._records.find_registration(enrollment.name)
        return enrollment.view(registration.view() if registration else None)

    def _shown(self, enrollment: Enrollment) -> Response:
        headers = {**JSON_TYPE, "ETag": f'"{enrollment.etag}"'}
        return Response(200, "OK", compact(self._view(enrollment)), headers)

    def _registration(self, request: Request, registration_id: str) -> Response:
        if request.method == "GET":
            return ok(self._records.registration(registration_id).view())
        if request.method == "DELETE":
            self._records.forget(registration_id, etag_of(request))
            return nothing()
        raise not_allowed(request)

    def _bulk(self, request: Request, kind: Kind) -> Response:
        body, name = parse_object(request.body), _LISTS[kind]
        entries, mode = body.get(name), word_of(body.get("mode"), _MODES)
        if mode is None:
            raise BadRequestError(
                f"mode is {body.get('mode')!r:.60}; known are {', '.join(_MODES)}."
            )
        if not isinstance(entries, list) or not 0 < len(entries) <= MOST_BULK:
            raise BadRequestError(f"{name} must be a list of 1 to {MOST_BULK}.")
        if not all(isinstance(entry, dict) for entry in entries):
            raise BadRequestError(f"Each of the {name} must be an object.")
        errors = [error for entry in entries if (error := self._one_of_bulk(kind, mode, entry))]
        return ok({"isSuccessful": not errors, "errors": errors})

    def _one_of_bulk(self, kind: Kind, mode: str, entry: JsonObject) -> JsonObject | None:
        field = name_field(kind)
        name = str(entry.get(field, ""))
        etag = str(entry.get("etag", "")).strip('"')
        try:
            if mode == "delete":
                self._records.delete(kind, name, etag)
            else:
                matched = etag if mode == "updateIfMatchETag" else ""
                wanted = Enrollment.from_body(kind, name, entry)
                self._records.put(wanted, matched, self._clock())
        except HubError as error:
            return {field: name, "errorCode": error.number, "errorStatus": error.message}
        return None


def refusal(error: HubError, now: float) -> Response:
    """Tell as the provisioning service tells."""
    body = {
        "errorCode": error.number,
        "trackingId": secrets.token_hex(16),
        "message": error.message,
        "timestampUtc": instant_text(now),
    }
    status: HTTPStatus = error.status
    return Response(status, status.phrase, compact(body), JSON_TYPE)


def _page(request: Request, found: Sequence[JsonObject], item_type: str) -> Response:
    """Give a page; the continuation says how many went before."""
    size = whole_number(request.headers.get("x-ms-max-item-count"), "x-ms-max-item-count")
    start = whole_number(request.headers.get("x-ms-continuation"), "x-ms-continuation") or 0
    end = start + min(size or MOST_ITEMS, MOST_ITEMS)
    headers = {**JSON_TYPE, "x-ms-item-type": item_type}
    if end < len(found):
        headers["x-ms-continuation"] = str(end)
    return Response(200, "OK", compact(list(found[start:end])), headers)
