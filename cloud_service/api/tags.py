"""/v1/stores/{store}/tags: paper tags for positions whose panel is dead, as words and as a PDF."""

from collections.abc import Iterator
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from cloud_service.api.caller import ServicesOf, may_read
from cloud_service.api.resources.tags import TagsResource
from cloud_service.api.route import Route
from cloud_service.services.paper import TagChoice
from cloud_service.services.views.shelves import TileState

router = APIRouter(
    prefix="/stores/{store}", route_class=Route, tags=["paper"], dependencies=[may_read]
)

MEDIA_TYPE = "application/pdf"
LEFT_OUT = "Tags-Left-Out"
"""The header that says how many tags could not be drawn and are missing."""

_IN_MEMORY = 8 * 2**20
_PIECE = 2**18
_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "Sheets, to be printed in actual size."}
}
Sheet = Annotated[str | None, Query(alias="format", max_length=20)]


def _choice(
    bay: Annotated[list[Annotated[int, Query(ge=1)]] | None, Query(max_length=999)] = None,
    position: Annotated[list[str] | None, Query(max_length=1_000)] = None,
    state: Annotated[list[TileState] | None, Query()] = None,
) -> TagChoice:
    """Take the positions meant; each parameter may be given several times."""
    return TagChoice(bay, position, state)


ChoiceOf = Annotated[TagChoice, Depends(_choice)]


@router.get("/tags")
def list_tags(
    services: ServicesOf, store: str, choice: ChoiceOf, sheet: Sheet = None
) -> TagsResource:
    """Say what paper tags would say now; without a format, on the country's usual paper."""
    return TagsResource.of(services.tags(store=store, format=sheet, choice=choice))


@router.get("/tags.pdf", responses=_PDF, response_class=StreamingResponse)
def print_tags(
    services: ServicesOf,
    store: str,
    choice: ChoiceOf,
    sheet: Sheet = None,
    on_error: Literal["stop", "continue"] = "stop",
) -> StreamingResponse:
    """Return paper tags as a PDF; `on_error=continue` leaves out what cannot be drawn."""
    # The answer closes the file when it was sent.
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        printed = services.print_tags(
            store=store, file=file, format=sheet, choice=choice, on_error=on_error
        )
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'inline; filename="tags-{store}-{printed.format}.pdf"',
        "Content-Length": str(file.seek(0, SEEK_END)),
        "Cache-Control": "private, no-store",
        LEFT_OUT: str(printed.left_out),
    }
    return StreamingResponse(_pieces(file), media_type=MEDIA_TYPE, headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
