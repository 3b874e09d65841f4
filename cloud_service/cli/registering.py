"""Registering a store's devices at the hub, and writing what their Pis are installed with.

Connection strings are secrets: they go into files for their owner alone and are never printed.
"""

import re
from dataclasses import replace
from pathlib import Path

from cloud_service.cli.environment import read_settings
from cloud_service.cli.errors import Refused, WrongUsage
from cloud_service.cli.local import open_local
from cloud_service.cli.printing import counted, print_json, progress_bar, say
from cloud_service.delivery.errors import HubUnauthorized
from cloud_service.delivery.hub import AzureHub, open_hub
from cloud_service.delivery.installation import (
    AgentSettings,
    installation_files,
    pi_settings,
    write_installations,
)
from cloud_service.delivery.keys import load_keys
from cloud_service.delivery.registration import hung_panels, register

_DRIVER = re.compile(r"[a-z][a-z0-9-]*")


def register_store(
    store: str,
    output: Path,
    *,
    driver: str | None,
    trust: Path | None,
    bundles: str | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Register the devices of a store's planogram and write `output`/DEVICE for each."""
    _check_driver(driver)
    _check_address(bundles)
    hub, root = _hub(), load_keys(read_settings().keys).root
    with open_local() as services:
        panels = hung_panels(services.storage, store)
    if not panels:
        raise Refused(f"store {store} has no planogram yet, so there is no device to register")
    agents = [
        replace(pi_settings(device, shown, root, driver=driver, trust=trust), bundles=bundles)
        for device, shown in panels.items()
    ]
    _write(output, agents, _registered(hub, list(panels)), overwrite=overwrite)
    _tell(store, hub.host, output, agents, as_json=as_json)


def _check_driver(name: str | None) -> None:
    if name is not None and not _DRIVER.fullmatch(name):
        raise WrongUsage(f"--driver: {name!r} is no driver; expected a name such as waveshare")


def _check_address(address: str | None) -> None:
    if address is not None and not address.startswith(("https://", "http://")):
        raise WrongUsage(f"--bundles: {address!r} is no address such as https://prices.example.com")


def _hub() -> AzureHub:
    try:
        return open_hub(read_settings())
    except HubUnauthorized as error:
        raise WrongUsage(str(error)) from error


def _registered(hub: AzureHub, devices: list[str]) -> dict[str, str]:
    with progress_bar() as bar:
        task = bar.add_task("Registering devices", total=len(devices))
        return register(hub, devices, lambda done, _: bar.update(task, completed=done))


def _write(
    output: Path, agents: list[AgentSettings], credentials: dict[str, str], *, overwrite: bool
) -> None:
    files: dict[Path, bytes] = {}
    for agent in agents:
        files |= installation_files(output, agent, credentials[agent.device])
    write_installations(files, overwrite=overwrite)


def _tell(
    store: str, host: str, output: Path, agents: list[AgentSettings], *, as_json: bool
) -> None:
    if as_json:
        devices = [
            {"id": agent.device, "displays": len(agent.displays),
             "folder": str(output / agent.device)}
            for agent in agents
        ]  # fmt: skip
        print_json({"store": store, "hub": host, "devices": devices})
        return
    have = "has an identity" if len(agents) == 1 else "have an identity"
    say(f"{counted(len(agents), 'device')} of store {store} {have} at {host}")
    say(f"{output}/DEVICE holds agent.toml and connection_string, a secret; see infra/pi/README.md")
