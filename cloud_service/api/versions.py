"""Versions of what is edited: its ETag, and the If-Match that hands it back.

An edit with If-Match is refused with 412 and what stands now where somebody else was faster;
without it, the last one wins.
"""

import re
from http import HTTPStatus
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from cloud_service.api.problems import ProblemError
from cloud_service.errors import Conflict

IfMatch = Annotated[str | None, Header()]


def etag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def version_of(if_match: str | None) -> int | None:
    """Return the version an If-Match names; `*` asks only that there is one."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = re.fullmatch(r'"?([0-9]{1,18})"?', if_match.strip())
    if found is None:
        detail = f'If-Match {if_match!r} is no ETag of it, such as "3".'
        raise ProblemError(HTTPStatus.BAD_REQUEST, "malformed", detail)
    return int(found[1])


def stale(present: BaseModel, version: int, error: Conflict) -> ProblemError:
    """Return the problem of an edit that came second, with what stands now."""
    return ProblemError(
        HTTPStatus.PRECONDITION_FAILED,
        "stale",
        str(error),
        present=present.model_dump(mode="json"),
        headers={"ETag": etag(version)},
    )
