"""Bulk changes, direct methods and the message ring."""

from typing import Any

import pytest

from simulators.iothub.core.bulk import change_in_bulk
from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.methods import MethodCall, PendingCalls
from tests.unit.iothub.hubs import NOON, ToldHub, a_device


def test_each_entry_of_a_bulk_change_stands_by_itself() -> None:
    hub = ToldHub()
    etag = a_device(hub, "kept").identity.etag
    a_device(hub, "doomed")
    entries = [
        {"id": "new", "importMode": "create", "tags": {"store": "1"}},
        {"id": "kept", "importMode": "updateIfMatchETag", "eTag": f'"{etag}"', "status": "enabled"},
        {"id": "doomed", "importMode": "delete"},
        {"id": "absent", "importMode": "updateTwin", "properties": {"desired": {"a": 1}}},
        {"id": "other", "importMode": "conjure"},
    ]
    result = change_in_bulk(hub, entries, NOON)
    assert not result["isSuccessful"]
    assert [(each["deviceId"], each["errorCode"]) for each in result["errors"]] == [
        ("absent", "DeviceNotFound"),
        ("other", "ArgumentInvalid"),
    ]
    assert [device.identity.device_id for device in hub.devices()] == ["kept", "new"]
    assert hub.device("new").twin.tags.value() == {"store": "1"}


def test_a_bulk_twin_update_may_ask_for_the_twins_etag() -> None:
    hub = ToldHub()
    etag = a_device(hub).twin.etag
    entry = {
        "id": "shelf-1",
        "importMode": "updateTwinIfMatchETag",
        "twinETag": etag,
        "properties": {"desired": {"a": 1}},
    }
    assert change_in_bulk(hub, [entry], NOON)["isSuccessful"]
    assert change_in_bulk(hub, [entry], NOON)["errors"][0]["errorCode"] == "PreconditionFailed"


def test_words_and_etags_are_taken_in_any_case_as_microsofts_client_for_node_writes_them() -> None:
    hub = ToldHub()
    etag = a_device(hub, "kept").identity.etag
    a_device(hub, "doomed")
    entries = [
        {"id": "kept", "importMode": "UpdateIfMatchETag", "etag": etag, "status": "Disabled"},
        {"id": "doomed", "importMode": "Delete"},
        {"id": "new", "importMode": "Create", "authentication": {"type": "CertificateAuthority"}},
    ]
    assert change_in_bulk(hub, entries, NOON) == {
        "isSuccessful": True, "errors": [], "warnings": []
    }  # fmt: skip
    identities = {device.identity.device_id: device.identity for device in hub.devices()}
    assert identities.keys() == {"kept", "new"}
    assert identities["kept"].status == "disabled"
    assert identities["new"].credentials.kind == "certificateAuthority"


@pytest.mark.parametrize(
    "entries",
    [{}, [1], [{"id": 7}], [{"id": "a"}, {"id": "a"}], [{"id": str(n)} for n in range(101)]],
)
def test_a_bulk_change_of_the_wrong_shape_changes_nothing(entries: Any) -> None:
    hub = ToldHub()
    with pytest.raises(BadRequestError):
        change_in_bulk(hub, entries, NOON)
    assert len(hub) == 0


def test_a_method_call_is_read_with_azures_defaults() -> None:
    call = MethodCall.from_body({"methodName": "identify"})
    assert call == MethodCall("identify", b"null", 30, 0)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "methodName"),
        ({"methodName": "x" * 101}, "methodName"),
        ({"methodName": "\ud800"}, "methodName"),
        ({"methodName": "a", "responseTimeoutInSeconds": 4}, "responseTimeoutInSeconds"),
        ({"methodName": "a", "connectTimeoutInSeconds": 301}, "connectTimeoutInSeconds"),
        ({"methodName": "a", "payload": "x" * 140_000}, "payload"),
    ],
)
def test_a_method_call_that_azure_would_refuse_is_refused(body: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequestError, match=field):
        MethodCall.from_body(body)


def test_an_answer_is_taken_once_and_only_from_the_device_asked() -> None:
    calls = PendingCalls()
    first, second = calls.open("shelf-1"), calls.open("shelf-2")
    assert first.request_id != second.request_id
    assert not calls.answered(first.request_id, "shelf-2")
    assert calls.answered(first.request_id, "shelf-1")
    assert not calls.answered(first.request_id, "shelf-1")
    calls.give_up(second)
    assert not calls.answered(second.request_id, "shelf-2")
    assert len(calls) == 0
