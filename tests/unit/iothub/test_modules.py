"""Modules: identities below a device, with twins of their own."""

import pytest

from simulators.iothub.core.bulk import change_in_bulk
from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceNotFoundError,
    ModuleAlreadyExistsError,
    NoSuchModuleError,
    TooManyModulesError,
)
from simulators.iothub.core.events import AccessWithdrawn, DeviceDeleted
from simulators.iothub.core.hub import MOST_MODULES
from simulators.iothub.core.identity import Identity, IdentityWish, Scopes
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.core.views import identity_view, twin_head
from tests.unit.iothub.hubs import KEY, NOON, ToldHub, a_device, a_module


def test_modules_belong_to_their_device_and_are_not_counted_with_it() -> None:
    hub = ToldHub()
    for device_id in ("shelf-1", "shelf-1.b", "shelf-10"):
        a_device(hub, device_id)
    a_module(hub, "shelf-1", "b")
    a_module(hub, "shelf-1", "a")
    a_module(hub, "shelf-10", "c")
    assert [module.identity.name for module in hub.modules_of("shelf-1")] == [
        "shelf-1/a",
        "shelf-1/b",
    ]
    assert [module.identity.name for module in hub.modules("shelf-1/a")] == [
        "shelf-1/b",
        "shelf-10/c",
    ]
    assert len(hub) == 3
    assert [device.identity.name for device in hub.devices()] == [
        "shelf-1",
        "shelf-1.b",
        "shelf-10",
    ]


def test_a_module_needs_its_device_and_a_name_of_its_own() -> None:
    hub = ToldHub()
    with pytest.raises(DeviceNotFoundError):
        a_module(hub)
    a_device(hub)
    with pytest.raises(NoSuchModuleError):
        hub.device("shelf-1/camera")
    a_module(hub)
    with pytest.raises(ModuleAlreadyExistsError):
        a_module(hub)


def test_a_device_has_at_most_fifty_modules() -> None:
    hub = ToldHub()
    a_device(hub)
    for number in range(MOST_MODULES):
        a_module(hub, "shelf-1", f"m{number}")
    with pytest.raises(TooManyModulesError):
        a_module(hub, "shelf-1", "one-more")


def test_the_twins_of_a_device_and_its_module_are_two() -> None:
    hub = ToldHub()
    a_device(hub)
    a_module(hub)
    hub.patch_twin("shelf-1/camera", TwinPatch(desired={"zoom": 2}), "*", NOON)
    assert hub.report("shelf-1/camera", {"zoom": 2}, NOON) == 2
    assert hub.device("shelf-1").twin.desired.value() == {}
    head = twin_head(hub.device("shelf-1/camera"))
    assert (head["deviceId"], head["moduleId"]) == ("shelf-1", "camera")
    assert "capabilities" not in head


def test_a_module_is_shown_without_a_state_of_its_own() -> None:
    hub = ToldHub()
    a_device(hub)
    shown = identity_view(a_module(hub))
    assert (shown["deviceId"], shown["moduleId"], shown["managedBy"]) == ("shelf-1", "camera", "me")
    assert "status" not in shown
    assert shown["authentication"]["symmetricKey"]["primaryKey"] == KEY


def test_who_deletes_a_device_deletes_its_modules() -> None:
    hub = ToldHub()
    device = a_device(hub)
    a_device(hub, "shelf-10")
    module = a_module(hub)
    a_module(hub, "shelf-10")
    hub.told.clear()
    hub.delete("shelf-1", "*")
    assert hub.told == [
        DeviceDeleted("shelf-1/camera", module.identity, module.twin),
        AccessWithdrawn("shelf-1/camera", "it was deleted"),
        DeviceDeleted("shelf-1", device.identity, device.twin),
        AccessWithdrawn("shelf-1", "it was deleted"),
    ]
    assert [module.identity.name for module in hub.modules()] == ["shelf-10/camera"]


def test_who_disables_a_device_cuts_its_modules_off_too() -> None:
    hub = ToldHub()
    a_device(hub)
    a_module(hub)
    hub.told.clear()
    hub.update(IdentityWish("shelf-1", status="disabled"), "*", NOON)
    cut = [event.device_id for event in hub.told if isinstance(event, AccessWithdrawn)]
    assert cut == ["shelf-1/camera", "shelf-1"]


def test_modules_change_in_bulk_like_devices() -> None:
    hub = ToldHub()
    entries = [
        {"id": "shelf-1"},
        {"id": "shelf-1", "moduleId": "camera", "properties": {"desired": {"zoom": 1}}},
        {"id": "shelf-1", "moduleId": "absent", "importMode": "delete"},
    ]
    result = change_in_bulk(hub, entries, NOON)
    assert [(each["moduleId"], each["errorCode"]) for each in result["errors"]] == [
        ("absent", "ModuleNotFound")
    ]
    assert hub.device("shelf-1/camera").twin.desired.value() == {"zoom": 1}


@pytest.mark.parametrize("module_id", ["a/b", "with space", "x" * 129])
def test_a_module_with_a_name_that_azure_would_refuse_is_refused(module_id: str) -> None:
    with pytest.raises(BadRequestError):
        IdentityWish.from_module_body("shelf-1", module_id, {})


def test_an_edge_device_is_given_a_scope_and_keeps_it() -> None:
    hub = ToldHub()
    body = {"capabilities": {"iotEdge": True}, "parentScopes": ["ms-azure-iot-edge://up-1"]}
    made = hub.create(IdentityWish.from_body("gateway", body), NOON).identity
    assert made.scopes.own == f"ms-azure-iot-edge://gateway-{made.generation}"
    assert made.scopes.parents == ("ms-azure-iot-edge://up-1",)
    changed = hub.update(IdentityWish.from_body("gateway", body), "*", NOON).identity
    assert changed.scopes == made.scopes


def test_identities_are_read_back_as_they_were_written() -> None:
    identity = Identity(
        "shelf-1",
        "1",
        "etag",
        "enabled",
        None,
        NOON,
        Credentials.of_thumbprints("AB" * 20, None),
        module_id="camera",
        scopes=Scopes("up", ("higher",)),
    )
    assert Identity.from_plain(identity.plain()) == identity


def test_identities_of_earlier_hubs_had_nothing_but_keys() -> None:
    earlier = {
        "device_id": "shelf-1",
        "generation": "1",
        "etag": "etag",
        "status": "enabled",
        "status_reason": None,
        "status_updated": NOON,
        "primary_key": KEY,
        "secondary_key": KEY,
        "iot_edge": False,
    }
    assert Identity.from_plain(earlier).credentials == Credentials.of_keys(KEY, KEY)
