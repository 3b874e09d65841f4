"""`edge-shelf serve`: the console and the API in one process."""

from typing import Annotated

import typer

from cloud_service.cli.environment import read_settings
from cloud_service.server import run_server

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
) -> None:
    """Run the console and the API until Ctrl-C. Settings: EDGE_SHELF_DATABASE_URL and others."""
    run_server(read_settings(host=host, port=port))
