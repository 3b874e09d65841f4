"""The hub's registry, twins and admission."""

from typing import Any

import pytest

from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceAlreadyExistsError,
    DeviceNotFoundError,
    HubError,
    NotSimulatedError,
    PreconditionFailedError,
    UnauthorizedError,
)
from simulators.iothub.core.events import (
    AccessWithdrawn,
    ConnectionChanged,
    DeviceCreated,
    DeviceDeleted,
    DeviceUpdated,
    SubscriptionsChanged,
    TwinChanged,
)
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.sas import make_token
from simulators.iothub.core.twin import TwinPatch
from tests.unit.iothub.hubs import KEY, NOON, ToldHub, a_device

OTHER_KEY = "YW5vdGhlciBrZXkgb2YgbWFueSBieXRlcw=="


def test_devices_are_walked_in_the_order_of_their_names() -> None:
    hub = ToldHub()
    for device_id in ("c", "a", "b", "d"):
        a_device(hub, device_id)
    hub.delete("b", "*")
    assert [device.identity.device_id for device in hub.devices()] == ["a", "c", "d"]
    assert [device.identity.device_id for device in hub.devices("b")] == ["c", "d"]
    assert len(hub) == 3


def test_keys_that_are_not_given_are_made_and_never_the_same() -> None:
    hub = ToldHub()
    first = hub.create(IdentityWish("a"), NOON).identity
    second = hub.create(IdentityWish("b"), NOON).identity
    assert len({*first.keys, *second.keys}) == 4


@pytest.mark.parametrize(
    ("device_id", "body", "error"),
    [
        pytest.param("with space", {}, BadRequestError, id="name with a space"),
        pytest.param("x" * 129, {}, BadRequestError, id="name too long"),
        pytest.param("d", {"status": "asleep"}, BadRequestError, id="unknown status"),
        pytest.param("d", {"statusReason": "r" * 129}, BadRequestError, id="long reason"),
        pytest.param("d", {"authentication": []}, BadRequestError, id="authentication"),
        pytest.param(
            "d",
            {"authentication": {"symmetricKey": {"primaryKey": "short"}}},
            BadRequestError,
            id="short key",
        ),
        pytest.param(
            "d", {"authentication": {"type": "selfSigned"}}, NotSimulatedError, id="certificate"
        ),
    ],
)
def test_an_identity_that_azure_would_refuse_is_refused(
    device_id: str, body: dict[str, Any], error: type[HubError]
) -> None:
    with pytest.raises(error):
        IdentityWish.from_body(device_id, body)


def test_a_name_is_given_once() -> None:
    hub = ToldHub()
    a_device(hub)
    with pytest.raises(DeviceAlreadyExistsError):
        a_device(hub)
    assert [type(event) for event in hub.told] == [DeviceCreated]


def test_a_stale_etag_changes_nothing_and_nobody_is_told() -> None:
    hub = ToldHub()
    device = a_device(hub)
    twin, identity = device.twin, device.identity
    hub.told.clear()
    with pytest.raises(PreconditionFailedError):
        hub.patch_twin("shelf-1", TwinPatch(desired={"a": 1}), "AAAAAAAAAAI=", NOON)
    with pytest.raises(PreconditionFailedError):
        hub.update(IdentityWish("shelf-1", status="disabled"), "bm8=", NOON)
    with pytest.raises(PreconditionFailedError):
        hub.delete("shelf-1", "bm8=")
    assert (device.twin, device.identity, hub.told) == (twin, identity, [])


def test_a_bad_patch_changes_nothing_and_nobody_is_told() -> None:
    hub = ToldHub()
    twin = a_device(hub).twin
    hub.told.clear()
    with pytest.raises(BadRequestError):
        hub.patch_twin("shelf-1", TwinPatch(tags={"a": 1}, desired={"$b": 1}), "*", NOON)
    with pytest.raises(BadRequestError):
        hub.report("shelf-1", {"a": {"b.c": 1}}, NOON)
    assert (hub.device("shelf-1").twin, hub.told) == (twin, [])


def test_a_device_is_told_the_patch_of_its_desired_section() -> None:
    hub = ToldHub()
    a_device(hub)
    hub.told.clear()
    hub.patch_twin("shelf-1", TwinPatch(desired={"a": 1, "b": None}), "*", NOON)
    hub.patch_twin("shelf-1", TwinPatch(tags={"store": "1"}), "*", NOON)
    hub.replace_twin("shelf-1", TwinPatch(desired={"c": 1}), "*", NOON)
    hub.report("shelf-1", {"d": 1}, NOON)
    changes = [event for event in hub.told if isinstance(event, TwinChanged)]
    assert [(change.operation, change.desired) for change in changes] == [
        ("updateTwin", {"a": 1, "b": None}),
        ("updateTwin", None),
        ("replaceTwin", {"a": None, "c": 1}),
        ("updateTwin", None),
    ]


def test_a_disabled_a_deleted_and_a_rekeyed_device_lose_their_access() -> None:
    hub = ToldHub()
    for device_id in ("off", "gone", "rekeyed", "renamed"):
        a_device(hub, device_id)
    hub.told.clear()
    hub.update(IdentityWish("off", status="disabled"), "*", NOON)
    hub.delete("gone", "*")
    hub.update(IdentityWish("rekeyed", primary_key=OTHER_KEY), "*", NOON)
    hub.update(IdentityWish("renamed", status_reason="moved"), "*", NOON)
    withdrawn = [event.device_id for event in hub.told if isinstance(event, AccessWithdrawn)]
    assert withdrawn == ["off", "gone", "rekeyed"]
    assert [type(event) for event in hub.told if not isinstance(event, AccessWithdrawn)] == [
        DeviceUpdated,
        DeviceDeleted,
        DeviceUpdated,
        DeviceUpdated,
    ]


def token(resource: str, key: str = KEY, policy: str | None = None) -> str:
    return make_token(resource, key, int(NOON) + 60, policy)


def test_a_device_is_let_in_by_its_key_until_its_token_expires() -> None:
    hub = ToldHub()
    a_device(hub)
    assert hub.admit_device("shelf-1", token("localhost/devices/shelf-1"), NOON) == NOON + 60
    assert hub.admit_device("shelf-1", token("LOCALHOST:8883/devices/shelf-1"), NOON)
    assert hub.admit_device("shelf-1", token("localhost", KEY, "iothubowner"), NOON)
    hub.admit_service(token("localhost:8443", KEY, "iothubowner"), NOON)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="none"),
        pytest.param(token("localhost/devices/shelf-1", OTHER_KEY), id="another key"),
        pytest.param(token("localhost/devices/shelf-2"), id="another device"),
        pytest.param(token("elsewhere/devices/shelf-1"), id="another hub"),
        pytest.param(token("localhost/devices/shelf-1", KEY, "service"), id="unknown policy"),
    ],
)
def test_a_device_with_a_wrong_token_is_refused(password: str) -> None:
    hub = ToldHub()
    a_device(hub)
    with pytest.raises(UnauthorizedError):
        hub.admit_device("shelf-1", password, NOON)


def test_a_disabled_or_unknown_device_is_refused() -> None:
    hub = ToldHub()
    a_device(hub)
    hub.update(IdentityWish("shelf-1", status="disabled"), "*", NOON)
    with pytest.raises(UnauthorizedError, match="disabled"):
        hub.admit_device("shelf-1", token("localhost/devices/shelf-1"), NOON)
    with pytest.raises(UnauthorizedError, match="not registered"):
        hub.admit_device("shelf-9", token("localhost/devices/shelf-9"), NOON)


def test_a_device_key_does_not_open_the_service() -> None:
    hub = ToldHub()
    with pytest.raises(UnauthorizedError):
        hub.admit_service(token("localhost/devices/shelf-1"), NOON)


def test_a_persistent_session_keeps_what_a_device_listens_to() -> None:
    hub = ToldHub()
    a_device(hub)
    assert not hub.connected("shelf-1", NOON, clean=False)
    hub.subscribe("shelf-1", (("$iothub/twin/res/#", 1),))
    hub.disconnected("shelf-1", NOON + 1)
    assert hub.connected("shelf-1", NOON + 2, clean=False)
    assert not hub.connected("shelf-1", NOON + 3, clean=True)
    assert hub.device("shelf-1").filters == ()
    changes = [event.filters for event in hub.told if isinstance(event, SubscriptionsChanged)]
    assert changes == [(("$iothub/twin/res/#", 1),), ()]


def test_coming_and_going_is_noted_even_of_a_device_that_was_deleted() -> None:
    hub = ToldHub()
    device = a_device(hub)
    hub.connected("shelf-1", NOON + 1, clean=False)
    assert (device.connected, device.last_activity) == (True, NOON + 1)
    hub.delete("shelf-1", "*")
    hub.disconnected("shelf-1", NOON + 2)
    assert [event.connected for event in hub.told if isinstance(event, ConnectionChanged)] == [True]
    with pytest.raises(DeviceNotFoundError):
        hub.device("shelf-1")
