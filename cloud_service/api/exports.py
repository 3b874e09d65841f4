"""/v1/stores/{store}/price-list: the prices of a store as a file that can be imported again."""

import tempfile
import weakref
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.route import Route
from cloud_service.pricing.exports.files import FileKind
from cloud_service.services import Services

router = APIRouter(prefix="/stores/{store}", route_class=Route, tags=["exports"])

_PIECE = 1 << 16
_TYPES: dict[FileKind, str] = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in _TYPES.values()}, "description": "The list."}
}


class _Export:
    """A list that was written to the disk; gone when nobody has it any more."""

    def __init__(self, services: Services, store: str, kind: FileKind) -> None:
        # It is read where the answer goes out; the book is kept waiting only until it is written.
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        services.export_prices(store=store, format=kind, target=self._file)
        self.size = self._file.tell()

    def pieces(self) -> Iterator[bytes]:
        """Yield it from its beginning."""
        self._file.seek(0)
        while piece := self._file.read(_PIECE):
            yield piece


@router.get(
    "/price-list", dependencies=[may_read], response_class=StreamingResponse, responses=_FILE
)
def price_list(
    services: ServicesOf,
    store: str,
    *,
    format: Annotated[FileKind, Query()] = "csv",  # noqa: A002 - its name on the wire
) -> StreamingResponse:
    """Return the prices that count now in a store's zone, with the facts of their products."""
    export = _Export(services, store, format)
    headers = {
        "Content-Length": str(export.size),
        "Content-Disposition": f'attachment; filename="prices-{store}.{format}"',
    }
    return StreamingResponse(export.pieces(), headers=headers, media_type=_TYPES[format])
