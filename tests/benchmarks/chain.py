"""Seconds from a price set by the API to the pixels on a simulated shelf, through every process.

The comparator is the least that Azure's own SDKs need on the same hub: a bare desired patch by
azure-iot-hub until a bare azure-iot-device client has it in hand; no database, no price book, no
seal, no drawing.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from azure.iot.device import IoTHubDeviceClient
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import Twin, TwinProperties

from tests.e2e.shelf import Api
from tests.e2e.shop import Shop, open_shop

PART = "chain"
STORE, DEVICE = "1001", "bare-device"
ROUNDS = 60
PATIENCE_S = 30


def lines() -> Iterator[dict[str, Any]]:
    """Measure single price changes, one after the other, beside bare desired patches."""
    options = ("--devices", "4", "--tiles", "24", "--processes", "2", "--port", "8043")
    with (
        TemporaryDirectory() as folder,
        open_shop(Path(folder) / "shop", *options, host="127.0.0.43") as shop,
        Api.of(shop) as api,
    ):
        shop.wait_until_converged(96)
        ours = _price_to_pixels(shop, api)
        bare = _bare_patches(shop)
    yield _line("price-to-pixels-median", median(ours), median(bare))
    yield _line("price-to-pixels-p95", _p95(ours), _p95(bare))


def _price_to_pixels(shop: Shop, api: Api) -> list[float]:
    dice = random.Random(1)
    tiles = [tile for tile in api.tiles(STORE) if tile["sku"] is not None]
    return [_one_price(shop, api, dice.choice(tiles), 100 + turn) for turn in range(ROUNDS)]


def _one_price(shop: Shop, api: Api, tile: dict[str, Any], minor: int) -> float:
    picture = shop.picture(tile["device_id"], tile["position"])
    before = picture.stat().st_mtime_ns
    began = time.perf_counter()
    price = {"price": {"amount_minor": minor, "currency": "USD"}}
    api.client.put(f"/v1/stores/{STORE}/prices/{tile['sku']}", json=price).raise_for_status()
    _until(lambda: picture.stat().st_mtime_ns != before)
    return time.perf_counter() - began


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the shelf did not follow")
        time.sleep(0.002)


def _bare_patches(shop: Shop) -> list[float]:
    os.environ.update(shop.settings)
    registry = IoTHubRegistryManager.from_connection_string(
        shop.settings["IOTHUB_CONNECTION_STRING"]
    )
    registry.create_device_with_sas(DEVICE, "", "", "enabled")
    with _bare_device(shop, registry) as arrived:
        return [_one_patch(registry, arrived, turn) for turn in range(ROUNDS)]


def _one_patch(registry: IoTHubRegistryManager, arrived: threading.Semaphore, turn: int) -> float:
    etag = registry.get_twin(DEVICE).etag
    began = time.perf_counter()
    twin = Twin(properties=TwinProperties(desired={"turn": turn}))
    registry.update_twin(DEVICE, twin, etag)
    if not arrived.acquire(timeout=PATIENCE_S):
        raise TimeoutError("the bare device did not hear of its patch")
    return time.perf_counter() - began


@contextmanager
def _bare_device(shop: Shop, registry: IoTHubRegistryManager) -> Iterator[threading.Semaphore]:
    key = registry.get_device(DEVICE).authentication.symmetric_key.primary_key
    host = "127.0.0.43"
    arrived = threading.Semaphore(0)
    device = IoTHubDeviceClient.create_from_connection_string(
        f"HostName={host};DeviceId={DEVICE};SharedAccessKey={key}",
        server_verification_cert=Path(shop.settings["NODE_EXTRA_CA_CERTS"]).read_text(),
    )
    device.connect()
    device.on_twin_desired_properties_patch_received = lambda _: arrived.release()
    try:
        yield arrived
    finally:
        device.shutdown()


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


def _line(name: str, ours: float, bare: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(ours, 3),
        "unit": "s",
        "beside": {"bare-sdk": round(bare, 3)},
        "ratio": {"bare-sdk": round(ours / bare, 1)},
    }
