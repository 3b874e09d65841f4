"""The hub's registry, twins and admission."""

from typing import Any

import pytest

from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.errors import (
    BadRequestError,
    DeviceAlreadyExistsError,
    DeviceNotFoundError,
    PreconditionFailedError,
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
from simulators.iothub.core.twin import TwinPatch
from tests.unit.iothub.hubs import NOON, ToldHub, a_device

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
    assert len({*first.credentials.keys, *second.credentials.keys}) == 4


@pytest.mark.parametrize(
    ("device_id", "body"),
    [
        pytest.param("with space", {}, id="name with a space"),
        pytest.param("x" * 129, {}, id="name too long"),
        pytest.param("d", {"status": "asleep"}, id="unknown status"),
        pytest.param("d", {"statusReason": "r" * 129}, id="long reason"),
        pytest.param("d", {"authentication": []}, id="authentication"),
        pytest.param(
            "d",
            {"authentication": {"symmetricKey": {"primaryKey": "short"}}},
            id="short key",
        ),
        pytest.param(
            "d",
            {"authentication": {"type": "selfSigned"}},
            id="no thumbprint",
        ),
        pytest.param(
            "d",
            {
                "authentication": {
                    "type": "selfSigned",
                    "x509Thumbprint": {"primaryThumbprint": "not hexadecimal"},
                }
            },
            id="thumbprint",
        ),
        pytest.param("d", {"authentication": {"type": "handshake"}}, id="unknown kind"),
        pytest.param("d", {"parentScopes": ["a", "b"]}, id="two parents"),
    ],
)
def test_an_identity_that_azure_would_refuse_is_refused(
    device_id: str, body: dict[str, Any]
) -> None:
    with pytest.raises(BadRequestError):
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
    hub.update(IdentityWish("rekeyed", credentials=Credentials(primary_key=OTHER_KEY)), "*", NOON)
    hub.update(IdentityWish("renamed", status_reason="moved"), "*", NOON)
    withdrawn = [event.device_id for event in hub.told if isinstance(event, AccessWithdrawn)]
    assert withdrawn == ["off", "gone", "rekeyed"]
    assert [type(event) for event in hub.told if not isinstance(event, AccessWithdrawn)] == [
        DeviceUpdated,
        DeviceDeleted,
        DeviceUpdated,
        DeviceUpdated,
    ]


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
