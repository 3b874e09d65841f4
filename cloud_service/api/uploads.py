"""A file on its way in: streamed to the disk, never held in memory, gone when it was read."""

import tempfile
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.datastructures import UploadFile

from cloud_service.api.problems import ProblemError

MAX_BYTES = 2**30
"""1 GiB: some five million rows; more is no price list of one store."""
_CHUNK = 2**18


async def receive(request: Request) -> Path:
    """Write the request's file to a temporary file, which the caller must delete, and return it.

    The file is the whole body, or the part named `file` of a multipart body.
    """
    path = await run_sync(_new_file)
    try:
        await _write(path, _pieces(request))
    except BaseException:
        path.unlink()
        raise
    return path


def _new_file() -> Path:
    with tempfile.NamedTemporaryFile(prefix="edge-shelf-upload-", delete=False) as file:
        return Path(file.name)


async def _write(path: Path, pieces: AsyncIterator[bytes]) -> None:
    size = 0
    with path.open("wb") as file:
        async for piece in pieces:
            size += len(piece)
            if size > MAX_BYTES:
                raise _too_large()
            file.write(piece)
    if not size:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "empty", "The file is empty.")


async def _pieces(request: Request) -> AsyncIterator[bytes]:
    if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        async for piece in _part(request):
            yield piece
        return
    async for piece in request.stream():
        yield piece


async def _part(request: Request) -> AsyncIterator[bytes]:
    async with request.form(max_files=1) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            detail = "A multipart upload holds the price list in a part named `file`."
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", detail)
        while piece := await part.read(_CHUNK):
            yield piece


def _too_large() -> ProblemError:
    detail = f"The file is larger than {MAX_BYTES // 2**20} MiB."
    return ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)
