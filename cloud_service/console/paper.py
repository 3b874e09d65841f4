"""Paper tags for a bay, or for one of its tiles whose panel is dead, as sheets to be printed."""

from io import BytesIO
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from cloud_service.console.room import Visiting
from cloud_service.services.paper import TagChoice

router = APIRouter(prefix="/stores/{store}")


@router.get("/bays/{number}/tags.pdf")
def print_tags(
    visit: Visiting,
    store: str,
    number: int,
    position: Annotated[list[str] | None, Query(max_length=1_000)] = None,
) -> Response:
    """Send the tags of a bay on the paper that the store's country uses."""
    file = BytesIO()
    choice = TagChoice(bays=[number], positions=position)
    printed = visit.services.print_tags(store=store, file=file, choice=choice)
    name = f"tags-{store}-{number}-{printed.format}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(file.getvalue(), media_type="application/pdf", headers=headers)
