"""A file on its way in: streamed to the disk, never held in memory, gone when it was read."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from cloud_service.api.problems import ProblemError

MAX_BYTES = 2**30
"""1 GiB: some five million rows; more is no price list of one store."""
_MAX_PROFILE_BYTES = 2**17
_CHUNK = 2**18


@dataclass(frozen=True)
class Upload:
    """A file that has arrived, and the mapping profile that was sent with it."""

    path: Path
    profile: str | None


async def receive(request: Request, most: int = MAX_BYTES) -> Upload:
    """Write the request's file to a temporary file, which the caller must delete, and return it.

    The file is the whole body, or the part named `file` of a multipart body, which may have a
    mapping profile in a part named `profile`.
    """
    path = await run_sync(_new_file)
    try:
        async with _parts(request) as form:
            await _write(path, _body(request) if form is None else _pieces(form), most)
            return Upload(path, None if form is None else await _profile(form))
    except BaseException:
        path.unlink()
        raise


def _new_file() -> Path:
    with tempfile.NamedTemporaryFile(prefix="edge-shelf-upload-", delete=False) as file:
        return Path(file.name)


@asynccontextmanager
async def _parts(request: Request) -> AsyncIterator[FormData | None]:
    """Open a multipart body; any other is none."""
    if not request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        yield None
        return
    async with request.form(max_files=2) as form:
        yield form


async def _write(path: Path, pieces: AsyncIterator[bytes], most: int) -> None:
    size = 0
    with path.open("wb") as file:
        async for piece in pieces:
            size += len(piece)
            if size > most:
                raise _too_large(most)
            file.write(piece)
    if not size:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "empty", "The file is empty.")


async def _body(request: Request) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece


async def _pieces(form: FormData) -> AsyncIterator[bytes]:
    part = form.get("file")
    if not isinstance(part, UploadFile):
        raise _malformed("A multipart upload holds the file in a part named `file`.")
    while piece := await part.read(_CHUNK):
        yield piece


async def _profile(form: FormData) -> str | None:
    part = form.get("profile")
    if not isinstance(part, UploadFile):
        return part
    content = await part.read(_MAX_PROFILE_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _malformed("The mapping profile is not UTF-8.") from error
    if len(content) > _MAX_PROFILE_BYTES:
        raise _malformed(f"The mapping profile is longer than {_MAX_PROFILE_BYTES} bytes.")
    return text


def _malformed(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", detail)


def _too_large(most: int) -> ProblemError:
    detail = f"The file is larger than {most // 2**20} MiB."
    return ProblemError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)
