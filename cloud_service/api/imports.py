"""/v1/stores/{store}/imports: a price list comes in, a report goes out.

The answer is one JSON report; asked for `application/jsonl` it is a line for each step of progress
and a last line with the report or the problem. A file that has arrived whole is imported even if
its sender is gone meanwhile: an import is all or nothing, whoever is listening.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Self

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from cloud_service.api.caller import ServicesOf, Writer
from cloud_service.api.problems import ProblemError, ProblemItem, body, problem_of, row_items
from cloud_service.api.request_id import request_id
from cloud_service.api.resources import Resource
from cloud_service.api.route import Route
from cloud_service.api.uploads import receive
from cloud_service.services import Services
from cloud_service.services.importing import FileFormat
from cloud_service.services.services import OnError
from cloud_service.services.views import ImportReport

router = APIRouter(route_class=Route, tags=["imports"])

LINES = "application/jsonl"
Line = dict[str, Any]
Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all)."""


class ImportResource(Resource):
    """What an import did, or would do; read = new + changed + unchanged + refused, in rows."""

    store_id: str
    change_id: str | None
    revision: int | None
    read: int
    new: int
    changed: int
    unchanged: int
    refused: int
    tiles: int
    dry_run: bool
    errors: tuple[ProblemItem, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        """Show an import's report."""
        same = {name: getattr(report, name) for name in cls.model_fields.keys() - {"errors"}}
        return cls(**same, errors=tuple(row_items(report.errors)))


@dataclass(frozen=True)
class Job:
    """One import: a file that has arrived, and what to do with it."""

    services: Services
    path: Path
    store: str
    format: FileFormat
    dry_run: bool
    on_error: OnError
    actor: str

    def run(self, progress: Progress | None = None) -> ImportResource:
        """Import the file and delete it; raise ProblemError where its rows were refused."""
        try:
            report = self._import(progress)
        finally:
            self.path.unlink()
        shown = ImportResource.of(report)
        if report.refused and not self.dry_run and self.on_error == "stop":
            raise _refused(shown)
        return shown

    def _import(self, progress: Progress | None) -> ImportReport:
        return self.services.import_prices(
            store=self.store,
            source=self.path,
            format=self.format,
            actor=self.actor,
            dry_run=self.dry_run,
            on_error=self.on_error,
            progress=progress,
        )


@router.post("/stores/{store}/imports", response_model=ImportResource)
async def import_prices(
    services: ServicesOf,
    caller: Writer,
    request: Request,
    store: str,
    *,
    format: Annotated[FileFormat, Query()],  # noqa: A002 - the parameter's name on the wire
    dry_run: bool = False,
    on_error: OnError = "stop",
) -> Response | ImportResource:
    """Import a price list, the body or a multipart part named `file`."""
    path = await receive(request)
    job = Job(services, path, store, format, dry_run, on_error, caller.name)
    if LINES in request.headers.get("Accept", ""):
        return StreamingResponse(_lines(job, request_id(request)), media_type=LINES)
    return await run_sync(job.run)


def _lines(job: Job, name: str) -> Iterator[str]:
    told: queue.SimpleQueue[Line] = queue.SimpleQueue()
    threading.Thread(target=_tell, args=(job, name, told), name=f"import-{name}").start()
    while True:
        line = told.get()
        yield json.dumps(line, ensure_ascii=False) + "\n"
        if "progress" not in line:
            return


def _tell(job: Job, name: str, told: queue.SimpleQueue[Line]) -> None:
    def progress(done: int, total: int) -> None:
        told.put({"progress": {"done_bytes": done, "total_bytes": total}})

    try:
        told.put({"report": job.run(progress).model_dump(mode="json")})
    except Exception as error:
        told.put({"problem": body(problem_of(error, name), name)})


def _refused(report: ImportResource) -> ProblemError:
    have = "has" if report.refused == 1 else "have"
    rows = "row" if report.read == 1 else "rows"
    return ProblemError(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "rows-refused",
        f"{report.refused} of {report.read} {rows} {have} errors; nothing was taken.",
        report.errors,
        report=report.model_dump(mode="json", exclude={"errors"}),
    )
