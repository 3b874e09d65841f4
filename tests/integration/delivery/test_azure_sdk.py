"""The door to the hub through the unmodified azure-iot-hub, against the simulated hub."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, sleep

import pytest
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import Twin, TwinProperties

from cloud_service.delivery.errors import (
    DeviceUnknown,
    EtagMoved,
    HubRefused,
    HubUnauthorized,
    HubUnreachable,
)
from cloud_service.delivery.hub import AzureHub
from cloud_service.delivery.keys import ensure_keys
from label_templates.contract import seal, wire
from simulators.iothub.server.hub import SimulatedHub
from tests.book import open_book, settings_in
from tests.integration.delivery.chain import PANEL, PRODUCTS

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def azure(simulated_hub: SimulatedHub) -> AzureHub:
    """Our door to the running hub."""
    return AzureHub(simulated_hub.connection_string)


@pytest.fixture
def device(azure: AzureHub, request: pytest.FixtureRequest) -> str:
    """A device of the test's own."""
    name = f"delivery-{abs(hash(request.node.name)) % 10**9}"
    azure.ensure_identity(name)
    return name


def test_a_device_is_registered_once_and_keeps_its_key(azure: AzureHub, device: str) -> None:
    again = azure.ensure_identity(device)
    assert again == azure.ensure_identity(device)
    assert again.startswith(f"HostName={azure.host};DeviceId={device};SharedAccessKey=")


def test_a_patch_with_the_right_etag_is_taken_with_its_nulls(azure: AzureHub, device: str) -> None:
    etag = azure.patch(device, {"a": {"b": 1, "c": "2026-11-22T06:00:00Z"}}, _etag(azure, device))
    azure.patch(device, {"a": {"b": None, "d": True}}, etag)
    assert azure.read(device).desired == {"a": {"c": "2026-11-22T06:00:00Z", "d": True}}


def test_a_patch_with_a_stale_etag_changes_nothing(azure: AzureHub, device: str) -> None:
    stale = _etag(azure, device)
    azure.patch(device, {"a": 1}, stale)
    with pytest.raises(EtagMoved, match=f"{device}: somebody else wrote the twin"):
        azure.patch(device, {"a": 2}, stale)
    assert azure.read(device).desired == {"a": 1}


def test_a_twin_edited_by_hand_moves_the_etag_and_is_replaced_whole(
    azure: AzureHub, device: str, simulated_hub: SimulatedHub
) -> None:
    read = azure.read(device)
    portal = IoTHubRegistryManager.from_connection_string(simulated_hub.connection_string)
    edit = Twin(tags={"aisle": "7"}, properties=TwinProperties(desired={"mine": 1}))
    portal.update_twin(device, edit, etag="*")
    with pytest.raises(EtagMoved):
        azure.replace(read, {"ours": 1})
    azure.replace(azure.read(device), {"ours": 1})
    after = azure.read(device)
    assert (after.desired, after.tags) == ({"ours": 1}, {"aisle": "7"})


def test_the_heads_of_all_twins_are_walked_page_by_page(
    azure: AzureHub, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [f"{device}-{number}" for number in range(5)]
    for name in others:
        azure.ensure_identity(name)
    monkeypatch.setattr("cloud_service.delivery.hub.PAGE", 2)
    heads = {head.device: head for head in azure.heads()}
    assert {device, *others} <= heads.keys()
    read = azure.read(device).head
    assert heads[device] == read
    assert not read.connected


def test_an_unknown_device_is_named(azure: AzureHub) -> None:
    with pytest.raises(DeviceUnknown, match="nobody: the hub does not know this device"):
        azure.read("nobody")


def test_what_the_hub_refuses_is_said_in_its_own_words(azure: AzureHub, device: str) -> None:
    with pytest.raises(HubRefused, match="400"):
        azure.patch(device, {"a.b": 1}, _etag(azure, device))


def test_a_wrong_key_is_told_from_a_silent_hub(simulated_hub: SimulatedHub) -> None:
    host, name, _ = simulated_hub.connection_string.split(";")
    wrong = AzureHub(f"{host};{name};SharedAccessKey=d3Jvbmc=")
    with pytest.raises(HubUnauthorized, match="does not accept the connection string"):
        wrong.read("x")
    silent = AzureHub(f"HostName=127.0.0.1:1;{name};SharedAccessKey=d3Jvbmc=")
    with pytest.raises(HubUnreachable, match="does not answer"):
        silent.read("x")


def test_a_connection_string_of_another_kind_is_refused() -> None:
    with pytest.raises(HubUnauthorized, match="HostName="):
        AzureHub("postgresql://nobody@nowhere")


def test_a_dispatcher_killed_again_and_again_still_brings_every_price(
    azure: AzureHub, simulated_hub: SimulatedHub, tmp_path: Path
) -> None:
    devices = [f"killed-{number:02}" for number in range(12)]
    for name in devices:
        azure.ensure_identity(name)
    services = open_book(tmp_path, rows=PRODUCTS)
    ring = ensure_keys(settings_in(tmp_path).keys, "2026-11")
    places = [
        (f"b{bay:02}-s1-p{place:02}", name, PANEL, "1001")
        for bay, name in enumerate(devices, 1)
        for place in range(1, 5)
    ]
    services.add_planogram(store="0204", positions=places, actor="test")
    environment = {
        **os.environ,
        **simulated_hub.environment,
        "EDGE_SHELF_DATA_DIR": str(tmp_path),
        "EDGE_SHELF_HUB_WRITES_PER_S": "5",  # so that a kill finds it at work
    }

    def dispatch() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from cloud_service.cli import main; main()", "dispatch"]
        return subprocess.Popen(command, env=environment)

    def prices() -> set[int]:
        found = (wire.read_desired(azure.read(name).desired) for name in devices)
        return {tile.now.price for desired in found for tile in desired.tiles.values()}

    process = dispatch()
    _until(lambda: any(azure.read(name).desired for name in devices))
    for amount in (111, 222):
        services.set_price(store="0204", sku="1001", amount_minor=amount, actor="test")
        _until(partial(_some_have, azure, devices, amount))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process = dispatch()
    services.set_price(store="0204", sku="1001", amount_minor=333, actor="test")
    try:
        _until(lambda: all(azure.read(name).desired for name in devices) and prices() == {333})
        for name in devices:
            desired = wire.read_desired(azure.read(name).desired)
            seal.verify(desired, name, ring.list)
    finally:
        process.terminate()
        assert process.wait(20) == 0
        services.close()


def _some_have(azure: AzureHub, devices: list[str], amount: int) -> bool:
    twins = (azure.read(name).desired for name in devices)
    return any(
        tile.now.price == amount
        for twin in twins
        if twin
        for tile in wire.read_desired(twin).tiles.values()
    )


def _etag(azure: AzureHub, device: str) -> str:
    return azure.read(device).head.etag


def _until(true: Callable[[], bool], timeout_s: float = 60.0) -> None:
    end = monotonic() + timeout_s
    while not true():
        assert monotonic() < end, "not within the time-out"
        sleep(0.05)
