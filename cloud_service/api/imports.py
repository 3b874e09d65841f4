"""/v1/stores/{store}/imports: a price list comes in, a report goes out.

The answer is one JSON report; asked for `application/jsonl` it is a line for each step of progress
and a last line with the report or the problem; asked for `text/csv` it is the rows in error, all
of them. A file that has arrived whole is imported even if its sender is gone meanwhile: an import
is all or nothing, whoever is listening.
"""

import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from cloud_service.api.caller import ServicesOf, Writer, may_read
from cloud_service.api.checks import CheckedTileResource
from cloud_service.api.problems import ProblemError, ProblemItem, body, problem_of, row_items
from cloud_service.api.refusals import Refusals
from cloud_service.api.request_id import request_id
from cloud_service.api.resources.changes import FindingResource
from cloud_service.api.resources.resource import Resource, instant
from cloud_service.api.route import Route
from cloud_service.api.uploads import Upload, receive
from cloud_service.pricing.imports.table import Written
from cloud_service.services import Services
from cloud_service.services.importing import File, FileFormat, OnError
from cloud_service.services.views.changes import ChangeState
from cloud_service.services.views.imports import ImportReport

router = APIRouter(prefix="/stores/{store}/imports", route_class=Route, tags=["imports"])

LINES = "application/jsonl"
CSV = "text/csv"
Line = dict[str, Any]
Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all)."""


class Asked(BaseModel):
    """What to do with a list, and how it is written where that is not to be found out.

    A parameter that does not exist is refused: a slip in `dry_run` must not publish prices.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: FileFormat | None = None
    dry_run: bool = False
    on_error: OnError = "stop"
    confirm: bool = False
    """What looks like slips is meant."""
    note: Annotated[str, Field(max_length=500)] = ""
    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal["point", "comma"] | None = None
    sheet: str | None = None
    repair_gtins: bool = False
    errors: Literal["listed", "all"] = "listed"
    file: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """The name of a file that is to be taken once; `sha256` is what its content must be."""
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None

    @property
    def written(self) -> Written:
        """How the list is written."""
        return Written(
            encoding=self.encoding,
            delimiter=self.delimiter,
            decimals=self.decimal,
            sheet=self.sheet,
            repair=self.repair_gtins,
        )


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
    state: ChangeState | None
    """What became of it: `submitted` waits for a second person, `draft` to be confirmed."""
    findings: tuple[FindingResource, ...]
    """What the guard rails say of it."""
    read_as: str
    errors: tuple[ProblemItem, ...]
    notes: tuple[str, ...]
    unfit: int
    """Tiles that must not hang with the prices that were taken, so that their old ones do."""
    unfit_tiles: tuple[CheckedTileResource, ...]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        """Show an import's report."""
        own = cls.model_fields.keys() - {"errors", "unfit_tiles", "findings"}
        same = {name: getattr(report, name) for name in own}
        unfit = tuple(CheckedTileResource.of(tile) for tile in report.unfit_tiles)
        found = tuple(FindingResource(**vars(one)) for one in report.findings)
        errors = tuple(row_items(report.errors))
        return cls(**same, errors=errors, unfit_tiles=unfit, findings=found)

    @property
    def sums(self) -> dict[str, Any]:
        """All but the lists."""
        return self.model_dump(mode="json", exclude={"errors", "notes", "unfit_tiles", "findings"})


class ArrivalResource(Resource):
    """What came of the last file of a name: a change, nothing that differs, or a refusal."""

    name: str
    sha256: str
    at: datetime | None
    change_id: str | None
    refused: str | None


@dataclass(frozen=True)
class Job:
    """One import: a file that has arrived, and what to do with it."""

    services: Services
    upload: Upload
    store: str
    asked: Asked
    actor: str
    refusals: Refusals | None

    def run(self, progress: Progress | None = None) -> ImportResource:
        """Import the file and delete it; raise ProblemError where its rows were refused."""
        try:
            report = self._import(progress)
        finally:
            self.upload.path.unlink()
        shown = ImportResource.of(report)
        if report.refused and not self.asked.dry_run and self.asked.on_error == "stop":
            raise _refused(shown)
        return shown

    def _import(self, progress: Progress | None) -> ImportReport:
        asked = self.asked
        return self.services.import_prices(
            store=self.store,
            source=self.upload.path,
            actor=self.actor,
            format=asked.format or "csv",
            profile=self.upload.profile,
            written=asked.written,
            dry_run=asked.dry_run,
            on_error=asked.on_error,
            progress=progress,
            confirm=asked.confirm,
            note=asked.note,
            refusals=self.refusals.add if self.refusals else None,
            file=File(asked.file, asked.sha256) if asked.file else None,
        )


@router.post("", response_model=ImportResource)
async def import_prices(
    services: ServicesOf,
    caller: Writer,
    request: Request,
    store: str,
    asked: Annotated[Asked, Query()],
) -> Response | ImportResource:
    """Import a price list: the body, or a multipart part `file`, with its `profile` or without.

    The answer is a report, lines of progress with a report at the end, or the rows in error.
    """
    wanted = request.headers.get("Accept", "")
    upload = await receive(request)
    if upload.profile is not None and asked.format is not None:
        upload.path.unlink()
        raise _both()
    refusals = Refusals() if CSV in wanted or asked.errors == "all" else None
    job = Job(services, upload, store, asked, caller.name, refusals)
    if LINES in wanted:
        return StreamingResponse(_lines(job, request_id(request)), media_type=LINES)
    if refusals is not None and CSV in wanted:
        return await run_sync(_errors, job, refusals)
    return await run_sync(job.run)


@router.get("/files/{name:path}", dependencies=[may_read])
def arrival(services: ServicesOf, store: str, name: str) -> ArrivalResource:
    """Return what came of the last file of a name that was to be taken once."""
    found = services.arrival(store=store, name=name)
    return ArrivalResource(
        name=found.name,
        sha256=found.sha256,
        at=instant(found.at),
        change_id=found.change_id,
        refused=found.refused,
    )


def _lines(job: Job, name: str) -> Iterator[str]:
    told: queue.SimpleQueue[Line] = queue.SimpleQueue()
    threading.Thread(target=_tell, args=(job, name, told), name=f"import-{name}").start()
    while "progress" in (line := told.get()):
        yield _line(line)
    if job.refusals is not None:
        yield from (_line({"errors": errors}) for errors in job.refusals.lists())
    yield _line(line)


def _line(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def _tell(job: Job, name: str, told: queue.SimpleQueue[Line]) -> None:
    def progress(done: int, total: int) -> None:
        told.put({"progress": {"done_bytes": done, "total_bytes": total}})

    try:
        told.put({"report": job.run(progress).model_dump(mode="json")})
    except Exception as error:
        told.put({"problem": body(problem_of(error, name), name)})


def _errors(job: Job, refusals: Refusals) -> Response:
    """Answer with the rows in error as CSV, and with the report's sums in a header."""
    status = HTTPStatus.OK
    try:
        sums = job.run().sums
    except ProblemError as error:
        sums = getattr(error.problem, "report", {})
        status = HTTPStatus(error.problem.status)
        if not sums:
            raise
    headers = {
        "Import-Report": json.dumps(sums),
        "Content-Disposition": 'attachment; filename="errors.csv"',
    }
    return StreamingResponse(refusals.pieces(), status, headers, media_type=CSV)


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


def _both() -> ProblemError:
    detail = "A list has a format or a mapping profile, not both."
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "malformed", detail)
