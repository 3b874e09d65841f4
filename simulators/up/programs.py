"""The programs that make up the running store, and what each is told."""

import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from simulators.up.options import DEVICES_PER_PROCESS, MQTT_PORT, Options
from simulators.up.supervision import Program

_HUB, _CLOUD, _FLEET = range(3)


def hub(options: Options) -> Program:
    """The simulated Azure IoT Hub; all others lean on it."""
    command = (
        *_script("shelf-sim"), "hub",
        "--data-dir", str(options.folder.hub),
        "--host", options.hub_host,
        "--mqtt-port", str(MQTT_PORT),
        "--rest-port", str(options.rest_port),
        "--amqps-port", "0",
        "--amqp-port", "0",
    )  # fmt: skip
    return Program("hub", command, _environment({}), options.folder.log("hub"), _HUB)


def cloud(options: Options, hub_values: Mapping[str, str]) -> tuple[Program, Program]:
    """The console with the API, and the dispatcher; the hub's credentials are for both."""
    settings = {
        **hub_values,
        "EDGE_SHELF_DATA_DIR": str(options.folder.cloud),
        "EDGE_SHELF_HOST": options.host,
        "EDGE_SHELF_PORT": str(options.port),
    }
    return (
        _edge_shelf("serve", options, settings),
        _edge_shelf("dispatch", options, settings),
    )


def fleet(options: Options, devices: Sequence[str]) -> dict[str, Sequence[str]]:
    """Return which process runs which devices: neighbours together, as even as it goes."""
    if not devices:
        return {}
    count = min(options.processes or -(-len(devices) // DEVICES_PER_PROCESS), len(devices))
    return {f"fleet-{number + 1}": group for number, group in enumerate(_groups(devices, count))}


def agents(
    options: Options, trust: Mapping[str, str], name: str, devices: Sequence[str]
) -> Program:
    """A process of shelf agents; nothing to run where it has no devices."""
    files = (str(options.folder.device(device) / "agent.toml") for device in devices)
    settings = tuple(word for file in files for word in ("--settings", file))
    command = (sys.executable, "-m", "simulators.fleet", *settings) if settings else ()
    return Program(name, command, _environment(trust), options.folder.log(name), _FLEET)


def _edge_shelf(name: str, options: Options, settings: Mapping[str, str]) -> Program:
    command = (*_script("edge-shelf"), name)
    return Program(name, command, _environment(settings), options.folder.log(name), _CLOUD)


def _groups(devices: Sequence[str], count: int) -> list[Sequence[str]]:
    size, longer = divmod(len(devices), count)
    starts = [number * size + min(number, longer) for number in range(count + 1)]
    return [devices[start:end] for start, end in itertools.pairwise(starts)]


def _script(name: str) -> tuple[str, str]:
    return sys.executable, str(Path(sys.executable).with_name(name))


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return our environment without settings of another installation, and with these."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("EDGE_SHELF_", "IOTHUB_", "SHELF_AGENT_"))
    }
    return {**inherited, "PYTHONUNBUFFERED": "1", **settings}
