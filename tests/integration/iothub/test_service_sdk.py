"""azure-iot-hub, unmodified, against the simulated hub."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
import requests
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import (
    CloudToDeviceMethod,
    ExportImportDevice,
    QuerySpecification,
    Twin,
    TwinProperties,
)
from msrest.exceptions import HttpOperationError

from simulators.iothub.core.sas import make_token
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.clients import make_device

pytestmark = pytest.mark.integration


def refusal(error: pytest.ExceptionInfo[HttpOperationError]) -> tuple[int, str]:
    response = error.value.response
    return response.status_code, response.reason


def twin_of(desired: dict[str, Any] | None = None, tags: dict[str, Any] | None = None) -> Twin:
    return Twin(properties=TwinProperties(desired=desired) if desired else None, tags=tags)


def every_item(registry: IoTHubRegistryManager, query: str, page: int) -> list[list[Any]]:
    pages, token = [], None
    while True:
        result = registry.query_iot_hub(QuerySpecification(query=query), token, page)
        pages.append(result.items)
        if (token := result.continuation_token) is None:
            return pages


def test_a_device_is_registered_with_the_keys_it_was_given(
    registry: IoTHubRegistryManager,
) -> None:
    key = base64.b64encode(b"k" * 32).decode()
    made = registry.create_device_with_sas("given-keys", key, key, "enabled")
    found = registry.get_device("given-keys")
    assert found.authentication.symmetric_key.primary_key == key
    assert (found.etag, found.generation_id) == (made.etag, made.generation_id)
    assert (found.status, found.connection_state) == ("enabled", "Disconnected")


def test_a_device_cannot_be_registered_twice(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "only-once")
    with pytest.raises(HttpOperationError) as error:
        make_device(registry, "only-once")
    assert refusal(error) == (409, "Conflict")


def test_an_identity_is_changed_only_with_its_current_etag(
    registry: IoTHubRegistryManager,
) -> None:
    made = make_device(registry, "etag-checked")
    keys = made.authentication.symmetric_key
    arguments = ("etag-checked", made.etag, keys.primary_key, keys.secondary_key)
    changed = registry.update_device_with_sas(*arguments, "disabled")
    assert changed.status == "disabled"
    with pytest.raises(HttpOperationError) as error:
        registry.update_device_with_sas(*arguments, "enabled")
    assert refusal(error) == (412, "Precondition Failed")
    assert registry.get_device("etag-checked").status == "disabled"


def test_a_deleted_device_is_gone_and_its_successor_is_another(
    registry: IoTHubRegistryManager,
) -> None:
    first = make_device(registry, "reborn")
    registry.update_twin("reborn", twin_of({"price": 1}), "*")
    registry.delete_device("reborn")
    with pytest.raises(HttpOperationError) as error:
        registry.get_device("reborn")
    assert refusal(error) == (404, "Not Found")
    assert make_device(registry, "reborn").generation_id != first.generation_id
    assert registry.get_twin("reborn").properties.desired["$version"] == 1


def test_a_stale_etag_leaves_the_twin_as_it_was(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "stale")
    first = registry.get_twin("stale")
    second = registry.update_twin("stale", twin_of({"price": 1}), first.etag)
    assert second.etag != first.etag
    with pytest.raises(HttpOperationError) as error:
        registry.update_twin("stale", twin_of({"price": 2}), first.etag)
    assert refusal(error) == (412, "Precondition Failed")
    assert "ErrorCode:PreconditionFailed" in error.value.response.json()["Message"]
    assert registry.get_twin("stale").properties.desired["price"] == 1


def test_a_twin_update_merges_and_its_nulls_remove(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "merged")
    registry.update_twin("merged", twin_of({"a": {"x": 1, "y": 2}, "b": 3}, {"store": "0204"}), "*")
    twin = registry.update_twin("merged", twin_of({"a": {"x": None, "z": 4}}, {"bay": 1}), "*")
    desired = {key: value for key, value in twin.properties.desired.items() if key[0] != "$"}
    assert desired == {"a": {"y": 2, "z": 4}, "b": 3}
    assert twin.tags == {"store": "0204", "bay": 1}


def test_a_replaced_twin_keeps_nothing_of_the_old_one(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "replaced")
    whole = registry.update_twin("replaced", twin_of({"a": 1, "b": 2}, {"store": "0204"}), "*")
    whole.properties.desired = {"c": 3}
    twin = registry.replace_twin("replaced", whole, whole.etag)
    assert {key for key in twin.properties.desired if key[0] != "$"} == {"c"}
    assert twin.properties.desired["$metadata"]["c"]["$lastUpdatedVersion"] == 3


def test_a_twin_that_is_too_large_is_refused_whole(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "too-large")
    many = {f"text-{number}": "x" * 4000 for number in range(9)}
    with pytest.raises(HttpOperationError) as error:
        registry.update_twin("too-large", twin_of(many, {"store": "0204"}), "*")
    assert refusal(error) == (400, "Bad Request")
    twin = registry.get_twin("too-large")
    assert (twin.tags, twin.properties.desired["$version"]) == ({}, 1)


def test_devices_are_listed(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "aaa-first")
    make_device(registry, "aaa-second")
    assert [device.device_id for device in registry.get_devices(2)] == ["aaa-first", "aaa-second"]


def test_a_hundred_devices_are_registered_at_once_and_each_failure_is_named(
    registry: IoTHubRegistryManager,
) -> None:
    entries = [ExportImportDevice(id=f"bulk-{n:03}", import_mode="create") for n in range(100)]
    assert registry.bulk_create_or_update_devices(entries).is_successful
    result = registry.bulk_create_or_update_devices(entries[:1])
    assert not result.is_successful
    assert [(each.device_id, each.error_code) for each in result.errors] == [
        ("bulk-000", "DeviceAlreadyExists")
    ]


def test_a_query_walks_through_all_pages_without_repeating_a_device(
    registry: IoTHubRegistryManager,
) -> None:
    entries = [
        ExportImportDevice(id=f"paged-{n:02}", import_mode="create", tags={"walk": "paged"})
        for n in range(25)
    ]
    registry.bulk_create_or_update_devices(entries)
    pages = every_item(registry, "SELECT * FROM devices WHERE tags.walk = 'paged'", 10)
    assert [len(page) for page in pages] == [10, 10, 5]
    found = [twin.device_id for page in pages for twin in page]
    assert found == [f"paged-{n:02}" for n in range(25)]


def test_a_query_that_is_not_understood_is_refused(registry: IoTHubRegistryManager) -> None:
    with pytest.raises(HttpOperationError) as error:
        registry.query_iot_hub(QuerySpecification(query="SELECT * FROM devices WHERE"))
    assert refusal(error) == (400, "Bad Request")


def test_a_method_for_a_device_that_is_not_there_fails_at_once(
    registry: IoTHubRegistryManager,
) -> None:
    make_device(registry, "absent")
    with pytest.raises(HttpOperationError) as error:
        registry.invoke_device_method("absent", CloudToDeviceMethod(method_name="identify"))
    assert refusal(error) == (404, "Not Found")
    assert '"errorCode": 404103' in error.value.response.json()["Message"]


def test_statistics_count_the_registry(registry: IoTHubRegistryManager) -> None:
    make_device(registry, "counted")
    statistics = registry.get_device_registry_statistics()
    assert statistics.total_device_count >= 1
    assert statistics.enabled_device_count <= statistics.total_device_count


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda hub: hub.protocol.configuration.get("x"), id="configurations"),
        pytest.param(lambda hub: hub.protocol.jobs.get_import_export_jobs(), id="jobs"),
        pytest.param(
            lambda hub: hub.protocol.digital_twin.get_digital_twin("x"), id="digital twins"
        ),
        pytest.param(
            lambda hub: hub.protocol.cloud_to_device_messages.receive_feedback_notification(),
            id="feedback",
        ),
    ],
)
def test_what_is_not_simulated_says_so(
    registry: IoTHubRegistryManager, ask: Callable[[IoTHubRegistryManager], Any]
) -> None:
    with pytest.raises(HttpOperationError) as error:
        ask(registry)
    assert refusal(error) == (501, "Not Implemented")
    assert "not simulated" in error.value.response.json()["Message"]


@pytest.mark.parametrize(
    ("key", "resource", "lifetime"),
    [
        pytest.param("a3k=", None, 3600, id="another key"),
        pytest.param(None, None, -10, id="expired"),
        pytest.param(None, "elsewhere.azure-devices.net", 3600, id="another hub"),
    ],
)
def test_a_service_without_a_valid_token_is_refused(
    simulated_hub: SimulatedHub, key: str | None, resource: str | None, lifetime: int
) -> None:
    address = f"{simulated_hub.name}:{simulated_hub.rest_port}"
    policy_key = simulated_hub.connection_string.partition("SharedAccessKey=")[2]
    expiry = int(simulated_hub.board.clock()) + lifetime
    token = make_token(resource or address, key or policy_key, expiry, "iothubowner")
    response = requests.get(
        f"https://{address}/devices?api-version=2021-04-12",
        headers={"Authorization": token},
        verify=str(simulated_hub.ca_file),
        timeout=20,
    )
    assert (response.status_code, response.reason) == (401, "Unauthorized")
    assert response.headers["iothub-errorcode"] == "IotHubUnauthorizedAccess"
