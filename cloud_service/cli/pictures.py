"""`edge-shelf tiles`: drawing and checking without a server, and what hangs in a store."""

from pathlib import Path
from typing import Annotated

import typer

from cloud_service.cli.checks import check
from cloud_service.cli.connection import connect
from cloud_service.cli.errors import WrongUsage
from cloud_service.cli.paper import print_paper
from cloud_service.cli.sheet import sheet
from cloud_service.cli.tiles import app
from label_templates.contract.identifiers import parse_position_id, parse_store_id

__all__ = ["app"]

app.command("check")(check)
app.command("sheet")(sheet)
app.command("paper")(print_paper)


@app.command("image")
def fetch_image(
    store: Annotated[str, typer.Argument(help="The store's id.")],
    position: Annotated[str, typer.Argument(help="The position, such as b01-s2-p03.")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the PNG.")],
    wanted: Annotated[
        bool, typer.Option("--wanted", help="What it should show, not what it shows.")
    ] = False,
) -> None:
    """Write the picture of what a tile shows, as its device last confirmed it."""
    name = "wanted-image" if wanted else "image"
    with connect() as connection:
        content = connection.get_bytes(
            f"/stores/{parse_store_id(store)}/tiles/{parse_position_id(position)}/{name}"
        )
    try:
        output.write_bytes(content)
    except OSError as error:
        raise WrongUsage(f"{output} cannot be written: {error.strerror}") from error
