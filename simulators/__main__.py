"""shelf-sim: the stand-ins for Azure and for the shelves, as commands.

Each command imports what it runs only when it runs, so that `--help` is quick and a hub needs none
of the cloud's packages.
"""

from pathlib import Path
from typing import Annotated

import typer

from simulators.iothub.server.command import app as faults
from simulators.iothub.server.command import limits, token
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


Routes = Annotated[
    list[str] | None,
    typer.Option("--route", help="What services read besides messages of devices; repeatable."),
]
Groups = Annotated[
    list[str] | None, typer.Option("--consumer-group", help="Besides $Default; repeatable.")
]


@app.command()
def hub(  # noqa: PLR0913 - each is an option of the command
    *,
    data_dir: Annotated[Path, typer.Option(help="Where everything it keeps lies.")] = Path("var"),
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    mqtt_port: Annotated[int, typer.Option(help="Device SDKs know only 8883.")] = 8883,
    rest_port: Annotated[int, typer.Option(help="For the service API.")] = 8443,
    amqps_port: Annotated[int, typer.Option(help="Service SDKs know only 5671.")] = 5671,
    amqp_port: Annotated[int, typer.Option(help="For readers of events, without TLS.")] = 5672,
    tier: Annotated[
        str | None, typer.Option(help="F1, B1 to B3, S1 to S3: its throttles and quotas.")
    ] = None,
    units: Annotated[int, typer.Option(min=1, help="Units of the tier.")] = 1,
    partitions: Annotated[int, typer.Option(min=1, max=32, help="Of the events.")] = 4,
    route: Routes = None,
    consumer_group: Groups = None,
    linked_hub: Annotated[
        list[str] | None,
        typer.Option(help="Another hub's connection string, to provision to; may be repeated."),
    ] = None,
    device_ca: Annotated[
        list[Path] | None,
        typer.Option(help="An authority (PEM) that signs devices' certificates; may be repeated."),
    ] = None,
) -> None:
    """Run a simulated Azure IoT Hub until Ctrl-C. A port of 0 takes any free one."""
    from simulators.iothub.core.event_log import EventSettings  # noqa: PLC0415  # only when it runs
    from simulators.iothub.core.routing import ROUTES  # noqa: PLC0415
    from simulators.iothub.core.tiers import Plan  # noqa: PLC0415
    from simulators.iothub.server.hub import SimulatedHub  # noqa: PLC0415
    from simulators.iothub.server.running import run_hub  # noqa: PLC0415

    routes, groups = tuple(route or ()), ("$Default", *(consumer_group or ()))
    if unknown := set(routes).difference(ROUTES):
        known = ", ".join(ROUTES)
        raise typer.BadParameter(
            f"{unknown.pop()!r} is none; known are {known}", param_hint="--route"
        )
    events = EventSettings(partitions, routes, groups)
    try:
        plan = Plan.of(tier, units) if tier else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--tier") from error
    simulated = SimulatedHub(
        data_dir,
        host=host,
        mqtt_port=mqtt_port,
        rest_port=rest_port,
        amqps_port=amqps_port,
        amqp_port=amqp_port,
        device_authorities=device_ca or (),
        events=events,
        plan=plan,
        linked_hubs=linked_hub or (),
    )
    raise typer.Exit(run_hub(simulated))


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


for command in (up, unplug, plug, limits, token):
    app.command()(command)
app.add_typer(faults, name="fault")


def main() -> None:
    """Enter the command line."""
    app()


if __name__ == "__main__":
    main()
