"""Frames as PNG answers: cached for ever under an address with the right tag, else revalidated."""

from http import HTTPStatus
from typing import Any

from fastapi import Request, Response

from label_templates.drawing.frame import Frame

MEDIA_TYPE = "image/png"
_FOR_EVER = "private, max-age=31536000, immutable"
_ASK_AGAIN = "private, no-cache"

PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "The pixels, one by one."}
}
"""What OpenAPI says of an endpoint that answers with a picture."""


def picture(request: Request, frame: Frame, tag: str) -> Response:
    """Answer with a frame whose content the tag names."""
    named = request.query_params.get("tag") == tag
    headers = {"ETag": f'"{tag}"', "Cache-Control": _FOR_EVER if named else _ASK_AGAIN}
    if f'"{tag}"' in request.headers.get("If-None-Match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(frame.png(), media_type=MEDIA_TYPE, headers=headers)
