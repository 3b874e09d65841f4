"""Errors as RFC 9457 problem details, each item naming its place: JSON pointer, or row and column.

`type` is a stable URN ending in the code that scripts compare; `detail` is for people.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from cloud_service.errors import Invalid, ServiceError, Undrawable
from cloud_service.pricing.imports.rows import RowError
from label_templates.contract.errors import ContractError

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class ProblemItem(BaseModel):
    """One thing that is wrong. `row` counts lines of a file, the header being 1."""

    model_config = ConfigDict(frozen=True)

    code: str
    detail: str
    pointer: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class Problem(BaseModel):
    """The body of every error; some carry more, such as the `present` resource."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: tuple[ProblemItem, ...] = ()


class ProblemError(Exception):
    """A request that ends with a problem; `more` are members beyond RFC 9457's."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        errors: Iterable[ProblemItem] = (),
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            type=f"urn:edge-shelf:{code}",
            title=status.phrase,
            status=status,
            detail=detail,
            errors=tuple(errors),
            **more,
        )
        self.headers = headers


def answer(error: ProblemError, request_id: str) -> JSONResponse:
    """Return the response that says what went wrong."""
    return JSONResponse(
        body(error, request_id),
        status_code=error.problem.status,
        headers=error.headers,
        media_type=MEDIA_TYPE,
    )


def body(error: ProblemError, request_id: str) -> dict[str, Any]:
    """Return what the response says, without members that are null."""
    named = error.problem.model_copy(update={"request_id": request_id})
    return named.model_dump(mode="json", exclude_none=True)


def problem_of(error: Exception, request_id: str) -> ProblemError:
    """Return an error as a problem; what nobody foresaw is logged and tells no more than its id."""
    found = _translate(error)
    if found is None:
        _log.error("request %s failed", request_id, exc_info=error)
    return found or ProblemError(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong here; the service's log has it under this request's id.",
    )


def _translate(error: Exception) -> ProblemError | None:
    match error:
        case ProblemError():
            return error
        case ServiceError():
            return _of_service(error)
        case ContractError():
            return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, _code(error), str(error))
        case RequestValidationError():
            return _malformed(error)
        case HTTPException():
            status = HTTPStatus(error.status_code)
            return ProblemError(status, _slug(status.phrase), str(error.detail))
        case _:
            return None


def _of_service(error: ServiceError) -> ProblemError:
    items = []
    if isinstance(error, Invalid):
        items = [ProblemItem(code=_code(error), detail=error.reason, pointer=error.place)]
    if isinstance(error, Undrawable):
        items = [
            ProblemItem(code=_code(error), detail=reason, pointer=position)
            for position, reason in error.reasons
        ]
    return ProblemError(HTTPStatus(error.status), _code(error), str(error), items)


def row_items(errors: Iterable[RowError]) -> list[ProblemItem]:
    """Return the broken rows of a file as items of a problem."""
    return [
        ProblemItem(
            code="row", row=item.row, column=item.column, value=item.value, detail=item.reason
        )
        for item in errors
    ]


def _code(error: Exception) -> str:
    return _slug(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")))


def _slug(words: str) -> str:
    return "-".join(words.lower().split())


def _malformed(error: RequestValidationError) -> ProblemError:
    items = [_item(found["loc"], found) for found in error.errors()]
    detail = "; ".join(f"{item.pointer}: {item.detail}" for item in items[:3])
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", detail, items)


def _item(place: tuple[str | int, ...], found: dict[str, Any]) -> ProblemItem:
    """A body's place is a JSON pointer (RFC 6901); a parameter's is its name."""
    where, *path = place
    pointer = "".join(f"/{part}" for part in path) if where == "body" else f"{where} {path[-1]}"
    return ProblemItem(code=str(found["type"]), detail=str(found["msg"]), pointer=pointer or "/")
