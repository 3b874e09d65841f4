"""`edge-shelf dispatch`: brings each device's desired twin to what its tiles must show."""

import typer

from cloud_service.cli.environment import read_settings
from cloud_service.delivery.dispatcher import run_dispatcher

app = typer.Typer(add_completion=False)


@app.command()
def dispatch() -> None:
    """Push prices and read acks until Ctrl-C. The hub is IOTHUB_CONNECTION_STRING."""
    run_dispatcher(read_settings())
