"""shelf-sim: the stand-ins for Azure and for the shelves, as commands.

Each command imports what it runs only when it runs, so that `--help` is quick and a hub needs none
of the cloud's packages.
"""

from pathlib import Path
from typing import Annotated

import typer

from simulators.up.command import plug, unplug, up

app = typer.Typer(
    name="shelf-sim",
    help="Stand-ins for Azure IoT Hub and for shelves, on one machine.",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def _commands() -> None:
    """Stand-ins for Azure IoT Hub and for shelves, on one machine."""


@app.command()
def hub(
    data_dir: Annotated[Path, typer.Option(help="Where everything it keeps lies.")] = Path("var"),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    mqtt_port: Annotated[int, typer.Option(help="Device SDKs know only 8883.")] = 8883,
    rest_port: Annotated[int, typer.Option(help="For the service API.")] = 8443,
) -> None:
    """Run a simulated Azure IoT Hub until Ctrl-C."""
    from simulators.iothub.server.hub import run_hub  # noqa: PLC0415  # only when it runs

    raise typer.Exit(run_hub(data_dir, host, mqtt_port, rest_port))


@app.command()
def fleet(
    settings: Annotated[list[Path], typer.Option(help="An agent's settings; once for each shelf.")],
) -> None:
    """Run simulated shelves, real agents with captured panels, until Ctrl-C."""
    from simulators.fleet.running import run_fleet  # noqa: PLC0415  # only when it runs

    raise typer.Exit(run_fleet(settings))


@app.command()
def world(
    seeds: Annotated[int, typer.Option(min=1, help="How many worlds: seeds 1, 2, 3 ...")] = 20,
    seed: Annotated[int | None, typer.Option(help="Only this one, to look into it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Run agents, dispatcher and hub in virtual time among faults, and hold them to the law."""
    from simulators.world.command import run_worlds  # noqa: PLC0415  only when it runs

    chosen = [seed] if seed is not None else list(range(1, seeds + 1))
    raise typer.Exit(run_worlds(chosen, as_json=as_json))


for command in (up, unplug, plug):
    app.command()(command)


def main() -> None:
    """Enter the command line."""
    app()


if __name__ == "__main__":
    main()
