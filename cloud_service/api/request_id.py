"""Every answer carries a Request-Id: the caller's own where it is sane, otherwise a new one."""

import re
import uuid

from fastapi import Request

HEADER = "Request-Id"
_SANE = re.compile(r"[0-9A-Za-z_.:-]{8,64}")


def request_id(request: Request) -> str:
    """Return the request's id; the same one however often it is asked for."""
    known: str | None = getattr(request.state, "request_id", None)
    if known is None:
        known = _given(request) or uuid.uuid4().hex
        request.state.request_id = known
    return known


def _given(request: Request) -> str | None:
    text = request.headers.get(HEADER, "")
    return text if _SANE.fullmatch(text) else None
