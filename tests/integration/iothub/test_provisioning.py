"""The provisioning service through azure-iot-device, unmodified, and its REST API."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.iot.device import X509, exceptions
from azure.iot.device.aio import IoTHubDeviceClient, ProvisioningDeviceClient
from cryptography.hazmat.primitives import serialization

from simulators.iothub.core.policies import PROVISIONING_OWNER
from simulators.iothub.core.provisioning.attestation import derived_key
from simulators.iothub.core.provisioning.enrollment import Enrollment
from simulators.iothub.core.sas import make_token
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.server.background import BackgroundHub
from simulators.iothub.server.hub import SimulatedHub
from simulators.iothub.server.neighbours import start_beside_others
from tests.integration.iothub.papers import Papers, self_signed

pytestmark = pytest.mark.integration

PATIENCE = 30.0
KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
SYMMETRIC = {"type": "symmetricKey", "symmetricKey": {"primaryKey": KEY, "secondaryKey": KEY}}


@pytest.fixture(scope="module")
def other_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackgroundHub]:
    """A hub that is linked to the service of the other."""
    running = start_beside_others(tmp_path_factory.mktemp("other"))
    yield running
    running.__exit__()


@pytest.fixture(scope="module")
def dps(
    tmp_path_factory: pytest.TempPathFactory, other_hub: BackgroundHub
) -> Iterator[BackgroundHub]:
    """A hub with a service to which another hub is linked."""
    running = start_beside_others(
        tmp_path_factory.mktemp("dps"), linked_hubs=[other_hub.hub.connection_string]
    )
    _trust_each_other(running.hub, other_hub.hub)
    yield running
    running.__exit__()


def _trust_each_other(first: SimulatedHub, second: SimulatedHub) -> None:
    """Both hubs' authorities into the service's trust; each signs for itself."""
    both = first.bundle_file.read_bytes() + b"\n" + second.ca_file.read_bytes()
    first.bundle_file.write_bytes(both)


@pytest.fixture
async def service(dps: BackgroundHub) -> AsyncIterator[httpx.AsyncClient]:
    """The service's REST API."""
    parts = dict(
        part.split("=", 1)
        for part in dps.hub.policy_connection_string(PROVISIONING_OWNER).split(";")
    )
    token = make_token(parts["HostName"], parts["SharedAccessKey"], 2**33, PROVISIONING_OWNER)
    async with httpx.AsyncClient(
        base_url=f"https://{parts['HostName']}",
        headers={"Authorization": token},
        params={"api-version": "2021-10-01"},
        verify=ssl.create_default_context(cafile=dps.hub.ca_file),
    ) as client:
        yield client


async def enrolled(
    service: httpx.AsyncClient, name: str, *, group: bool = False, **more: Any
) -> dict[str, Any]:
    field, room = (
        ("enrollmentGroupId", "enrollmentGroups") if group else ("registrationId", "enrollments")
    )
    body = {field: name, "attestation": SYMMETRIC, **more}
    answer = await service.put(f"/{room}/{name}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def registered(
    dps: BackgroundHub, registration_id: str, key: str, payload: Any = None, **options: Any
) -> Any:
    client = ProvisioningDeviceClient.create_from_symmetric_key(
        provisioning_host=dps.hub.name,
        registration_id=registration_id,
        id_scope=dps.hub.keyring.id_scope,
        symmetric_key=key,
        server_verification_cert=dps.hub.ca_file.read_text(),
        **options,
    )
    if payload is not None:
        client.provisioning_payload = payload
    return await asyncio.wait_for(client.register(), PATIENCE)


async def by_certificate(dps: BackgroundHub, registration_id: str, papers: X509) -> Any:
    client = ProvisioningDeviceClient.create_from_x509_certificate(
        provisioning_host=dps.hub.name,
        registration_id=registration_id,
        id_scope=dps.hub.keyring.id_scope,
        x509=papers,
        server_verification_cert=dps.hub.ca_file.read_text(),
    )
    return await asyncio.wait_for(client.register(), PATIENCE)


def hub_named(dps: BackgroundHub, other: BackgroundHub, name: str) -> SimulatedHub:
    return {each.hub.name: each.hub for each in (dps, other)}[name]


async def twin_by_key(hub: SimulatedHub, device_id: str, key: str) -> dict[str, Any]:
    """Connect to the hub as the device was told to, and read its twin."""
    client = IoTHubDeviceClient.create_from_symmetric_key(
        key, hub.name, device_id, server_verification_cert=hub.ca_file.read_text()
    )
    try:
        await asyncio.wait_for(client.connect(), PATIENCE)
        return dict(await asyncio.wait_for(client.get_twin(), PATIENCE))
    finally:
        await client.shutdown()


async def test_an_enrolled_device_is_assigned_and_connects_with_its_first_twin(
    dps: BackgroundHub, other_hub: BackgroundHub, service: httpx.AsyncClient
) -> None:
    twin = {"tags": {"store": "0204"}, "properties": {"desired": {"rotation": 90}}}
    await enrolled(service, "single", deviceId="shelf-single", initialTwin=twin)
    result = await registered(dps, "single", KEY, {"model": "pi-5"})
    assert result.status == "assigned"
    state = result.registration_state
    assert (state.device_id, state.sub_status) == ("shelf-single", "initialAssignment")
    assert state.response_payload == '{"model": "pi-5"}'
    hub = hub_named(dps, other_hub, state.assigned_hub)
    found = await twin_by_key(hub, "shelf-single", KEY)
    assert found["desired"]["rotation"] == 90
    assert hub.board.hub.device("shelf-single").twin.tags.value() == {"store": "0204"}
    shown = (await service.get("/enrollments/single")).json()
    assert shown["registrationState"]["assignedHub"] == state.assigned_hub


async def test_the_devices_of_a_group_have_keys_of_their_own_and_spread_over_the_hubs(
    dps: BackgroundHub, other_hub: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "shelves", group=True, allocationPolicy="hashed")
    names = [f"shelf-{number}" for number in range(6)]
    hubs = []
    for name in names:
        result = await registered(dps, name, derived_key(KEY, name))
        hubs.append(result.registration_state.assigned_hub)
        hub = hub_named(dps, other_hub, hubs[-1])
        assert "$version" in (await twin_by_key(hub, name, derived_key(KEY, name)))["desired"]
    assert set(hubs) == {dps.hub.name, other_hub.hub.name}
    answer = await service.post("/registrations/shelves/query", json={})
    assert [each["registrationId"] for each in answer.json()] == names
    assert answer.headers["x-ms-item-type"] == "deviceRegistration"


async def test_the_groups_own_key_is_not_a_devices_key(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "strict", group=True)
    with pytest.raises(exceptions.CredentialError):
        await registered(dps, "stranger", KEY)
    with pytest.raises(httpx.HTTPStatusError):
        (await service.get("/registrations/stranger")).raise_for_status()


async def test_a_disabled_enrolment_lets_nobody_in(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "shut", provisioningStatus="disabled")
    with pytest.raises(exceptions.CredentialError):
        await registered(dps, "shut", KEY)


async def test_a_device_that_registers_again_keeps_its_hub_and_its_twin(
    dps: BackgroundHub, other_hub: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "again", initialTwin={"properties": {"desired": {"n": 1}}})
    first = (await registered(dps, "again", KEY)).registration_state
    hub = hub_named(dps, other_hub, first.assigned_hub)
    generation = hub.board.hub.device("again").identity.generation
    second = (await registered(dps, "again", KEY)).registration_state
    assert second.assigned_hub == first.assigned_hub
    assert hub.board.hub.device("again").identity.generation == generation
    assert second.created_date_time == first.created_date_time


async def test_a_device_moves_with_its_data_when_its_hub_is_no_longer_allowed(
    dps: BackgroundHub, other_hub: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "mover", allocationPolicy="static", iotHubs=[dps.hub.name])
    assert (await registered(dps, "mover", KEY)).registration_state.assigned_hub == dps.hub.name
    twin = {"tags": {"bay": 7}, "properties": {"desired": {"price": 119}}}
    dps.call(lambda: _patch(dps.hub, "mover", twin))
    await enrolled(service, "mover", allocationPolicy="static", iotHubs=[other_hub.hub.name])
    state = (await registered(dps, "mover", KEY)).registration_state
    assert (state.assigned_hub, state.sub_status) == (other_hub.hub.name, "deviceDataMigrated")
    moved = other_hub.hub.board.hub.device("mover").twin
    assert (moved.tags.value(), moved.desired.value()) == ({"bay": 7}, {"price": 119})
    assert dps.hub.board.hub.find_identity("mover") is None


async def test_a_device_starts_anew_where_its_data_is_to_be_reset(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    policy = {"updateHubAssignment": True, "migrateDeviceData": False}
    options: dict[str, Any] = {"reprovisionPolicy": policy, "iotHubs": [dps.hub.name]}
    await enrolled(service, "reset", **options, initialTwin={"tags": {"new": True}})
    await registered(dps, "reset", KEY)
    twin = {"tags": {"bay": 7}, "properties": {"desired": {"price": 119}}}
    dps.call(lambda: _patch(dps.hub, "reset", twin))
    state = (await registered(dps, "reset", KEY)).registration_state
    assert state.sub_status == "deviceDataReset"
    found = dps.hub.board.hub.device("reset").twin
    assert (found.tags.value(), found.desired.value()) == ({"new": True}, {})


def _patch(hub: SimulatedHub, device_id: str, twin: dict[str, Any]) -> None:
    hub.board.hub.patch_twin(device_id, TwinPatch.from_body(twin), "*", 1.0)


async def test_a_hub_that_does_not_answer_fails_the_registration_in_words(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "nowhere", iotHubs=["no-such-hub.example"])
    with pytest.raises(exceptions.ClientError) as failed:
        await registered(dps, "nowhere", KEY)
    assert "failed registration status" in str(failed.value.__cause__)


async def test_a_linked_hub_that_is_down_fails_the_registration_and_the_next_one_may_succeed(
    tmp_path: Path,
) -> None:
    string = f"HostName=127.0.0.1:1;SharedAccessKeyName=iothubowner;SharedAccessKey={KEY}"
    running = start_beside_others(tmp_path, linked_hubs=[string])
    try:
        records = running.hub.board.provisioning and running.hub.board.provisioning.records
        assert records
        body = {"attestation": SYMMETRIC, "iotHubs": ["127.0.0.1"]}
        there = Enrollment.from_body("individual", "unlucky", body)
        running.call(lambda: records.put(there, "", 1.0))
        with pytest.raises(exceptions.ClientError):
            await registered(running, "unlucky", KEY)
        here = Enrollment.from_body(
            "individual", "unlucky", {"attestation": SYMMETRIC, "iotHubs": [running.hub.name]}
        )
        running.call(lambda: records.put(here, "", 2.0))
        result = await registered(running, "unlucky", KEY)
        assert result.registration_state.assigned_hub == running.hub.name
    finally:
        running.__exit__()


async def test_a_device_that_was_taken_out_of_its_hub_begins_with_its_first_twin_again(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    twin = {"properties": {"desired": {"n": 1}}}
    await enrolled(service, "reborn", iotHubs=[dps.hub.name], initialTwin=twin)
    await registered(dps, "reborn", KEY)
    dps.call(lambda: dps.hub.board.hub.delete("reborn", "*"))
    await registered(dps, "reborn", KEY)
    assert dps.hub.board.hub.device("reborn").twin.desired.value() == {"n": 1}


async def test_a_refused_namesake_does_not_disturb_who_is_registering(
    dps: BackgroundHub, service: httpx.AsyncClient
) -> None:
    await enrolled(service, "twice")
    results = await asyncio.gather(
        registered(dps, "twice", KEY),
        registered(dps, "twice", base64.b64encode(b"w" * 32).decode()),
        registered(dps, "twice", KEY),
        return_exceptions=True,
    )
    assert [getattr(each, "status", type(each)) for each in results] == [
        "assigned", exceptions.CredentialError, "assigned",
    ]  # fmt: skip


async def test_devices_register_over_websockets_too(tmp_path: Path) -> None:
    running = start_beside_others(tmp_path, rest_port=443)
    try:
        parts = running.hub.policy_connection_string(PROVISIONING_OWNER).split(";")
        key = parts[2].partition("=")[2]
        token = make_token(f"{running.hub.name}:443", key, 2**33, PROVISIONING_OWNER)
        async with httpx.AsyncClient(
            base_url=f"https://{running.hub.name}",
            headers={"Authorization": token},
            params={"api-version": "2021-10-01"},
            verify=ssl.create_default_context(cafile=running.hub.ca_file),
        ) as service:
            await enrolled(service, "webby")
        result = await registered(running, "webby", KEY, websockets=True)
        assert result.registration_state.assigned_hub == running.hub.name
    finally:
        running.__exit__()


# -- certificates


def pem(papers: Papers) -> str:
    return papers.certificate.public_bytes(serialization.Encoding.PEM).decode()


async def test_a_device_with_its_own_certificate_is_known_by_it_at_its_hub(
    dps: BackgroundHub, other_hub: BackgroundHub, service: httpx.AsyncClient, tmp_path: Path
) -> None:
    own, another = self_signed("whoever"), self_signed("whoever")
    der = base64.b64encode(own.certificate.public_bytes(serialization.Encoding.DER)).decode()
    x509 = {"clientCertificates": {"primary": {"certificate": der}}}
    await enrolled(service, "papered", attestation={"type": "x509", "x509": x509})
    with pytest.raises(exceptions.CredentialError):
        await by_certificate(dps, "papered", another.written(tmp_path, "another"))
    papers = own.written(tmp_path, "own")
    state = (await by_certificate(dps, "papered", papers)).registration_state
    hub = hub_named(dps, other_hub, state.assigned_hub)
    assert hub.board.hub.device("papered").identity.credentials.kind == "selfSigned"
    client = IoTHubDeviceClient.create_from_x509_certificate(
        papers, hub.name, "papered", server_verification_cert=hub.ca_file.read_text()
    )
    await asyncio.wait_for(client.connect(), PATIENCE)
    await client.shutdown()


async def test_a_groups_authority_vouches_for_devices_by_their_common_names(
    dps: BackgroundHub, service: httpx.AsyncClient, tmp_path: Path
) -> None:
    root = self_signed("root", authority=True)
    middle = root.signed("middle", authority=True)
    x509 = {"signingCertificates": {"primary": {"certificate": pem(middle)}}}
    await enrolled(service, "signed", group=True, attestation={"type": "x509", "x509": x509})
    good = middle.signed("pi-1").written(tmp_path, "good")
    result = await by_certificate(dps, "pi-1", good)
    assert result.registration_state.device_id == "pi-1"
    with pytest.raises(exceptions.CredentialError):
        await by_certificate(dps, "pi-2", good)
    stranger = self_signed("stranger", authority=True).signed("pi-3").written(tmp_path, "bad")
    with pytest.raises(exceptions.CredentialError):
        await by_certificate(dps, "pi-3", stranger)
    await service.delete("/enrollmentGroups/signed")


# -- REST


async def test_enrolments_are_written_read_and_deleted_by_their_etags(
    service: httpx.AsyncClient,
) -> None:
    first = await enrolled(service, "etagged")
    assert (await service.get("/enrollments/etagged")).json()["etag"] == first["etag"]
    body = {"registrationId": "etagged", "attestation": {"type": "symmetricKey"}}
    stale = await service.put("/enrollments/etagged", json=body, headers={"If-Match": '"old"'})
    assert (stale.status_code, stale.json()["errorCode"]) == (412, 412001)
    changed = await service.put(
        "/enrollments/etagged", json=body, headers={"If-Match": first["etag"]}
    )
    keys = changed.json()["attestation"]["symmetricKey"]
    assert keys == {"primaryKey": KEY, "secondaryKey": KEY}
    assert (await service.delete("/enrollments/etagged")).status_code == 204
    gone = await service.get("/enrollments/etagged")
    assert (gone.status_code, gone.json()["errorCode"]) == (404, 404201)


async def test_an_enrolment_by_certificate_is_written_back_as_it_was_read(
    service: httpx.AsyncClient,
) -> None:
    certificate = {"certificate": pem(self_signed("whoever"))}
    x509 = {"clientCertificates": {"primary": certificate}}
    first = await enrolled(service, "written-back", attestation={"type": "x509", "x509": x509})
    read = (await service.get("/enrollments/written-back")).json()
    assert read["attestation"]["x509"]["clientCertificates"]["primary"]["certificate"] is None
    answer = await service.put(
        "/enrollments/written-back", json={**read, "provisioningStatus": "disabled"}
    )
    assert answer.status_code == 200, answer.text
    again = answer.json()
    assert again["provisioningStatus"] == "disabled"
    assert again["attestation"] == first["attestation"]
    unknown = await service.put("/enrollments/other", json={**read, "registrationId": "other"})
    assert (unknown.status_code, "is kept" in unknown.json()["message"]) == (400, True)
    assert (await service.get("/enrollments/other")).status_code == 404
    await service.delete("/enrollments/written-back")


async def test_groups_are_written_and_deleted_in_bulk(service: httpx.AsyncClient) -> None:
    groups = [{"enrollmentGroupId": f"aisle-{n}", "attestation": SYMMETRIC} for n in range(3)]
    wrong = {"enrollmentGroupId": "aisle-x", "attestation": {"type": "tpm"}}
    made = {"mode": "create", "enrollmentGroups": [*groups, wrong]}
    answer = (await service.post("/enrollmentGroups", json=made)).json()
    assert [each["enrollmentGroupId"] for each in answer["errors"]] == ["aisle-x"]
    assert (await service.get("/enrollmentGroups/aisle-2")).status_code == 200
    gone = await service.post(
        "/enrollmentGroups", json={"mode": "delete", "enrollmentGroups": groups}
    )
    assert gone.json() == {"isSuccessful": True, "errors": []}
    assert (await service.get("/enrollmentGroups/aisle-2")).status_code == 404


async def test_enrolments_are_listed_in_pages(service: httpx.AsyncClient) -> None:
    bulk = [{"registrationId": f"page-{n}", "attestation": SYMMETRIC} for n in range(5)]
    answer = await service.post("/enrollments", json={"mode": "create", "enrollments": bulk})
    assert answer.json() == {"isSuccessful": True, "errors": []}
    names: list[str] = []
    headers = {"x-ms-max-item-count": "3"}
    while True:
        page = await service.post("/enrollments/query", json={"query": "*"}, headers=headers)
        names += [each["registrationId"] for each in page.json()]
        if (more := page.headers.get("x-ms-continuation")) is None:
            break
        headers["x-ms-continuation"] = more
    assert len(names) == len(set(names))
    assert {f"page-{n}" for n in range(5)} <= set(names)
    gone = {"mode": "delete", "enrollments": [*bulk, {"registrationId": "never"}]}
    assert [each["registrationId"] for each in (
        await service.post("/enrollments", json=gone)
    ).json()["errors"]] == ["never"]  # fmt: skip


async def test_what_an_enrolment_cannot_be_is_named(service: httpx.AsyncClient) -> None:
    for more, said in (
        ({"attestation": {"type": "tpm"}}, "TPM"),
        ({"attestation": {}}, "attestation.type"),
        ({"allocationPolicy": "dice"}, "allocationPolicy"),
        ({"provisioningStatus": "asleep"}, "provisioningStatus"),
        ({"initialTwin": {"tags": {"a.b": 1}}}, "a.b"),
        ({"deviceId": "with space"}, "with space"),
        ({"attestation": {"type": "x509", "x509": {}}}, "clientCertificates"),
    ):
        body = {"registrationId": "wrong", "attestation": SYMMETRIC, **more}
        answer = await service.put("/enrollments/wrong", json=body)
        assert answer.status_code in (400, 501)
        assert said in answer.json()["message"]
    assert (await service.get("/enrollments/wrong")).status_code == 404


async def test_the_hubs_other_policies_have_no_say_in_provisioning(dps: BackgroundHub) -> None:
    host = f"{dps.hub.name}:{dps.hub.rest_port}"
    token = make_token(host, dps.hub.keyring.policies["service"][0], 2**33, "service")
    trust = ssl.create_default_context(cafile=dps.hub.ca_file)
    async with httpx.AsyncClient(verify=trust) as client:
        answer = await client.get(
            f"https://{host}/enrollments/any?api-version=2021-10-01",
            headers={"Authorization": token},
        )
    assert answer.status_code == 401


async def test_who_may_come_and_who_came_outlives_the_hub(tmp_path: Path) -> None:
    running = start_beside_others(tmp_path)
    scope = running.hub.keyring.id_scope
    host = f"{running.hub.name}:{running.hub.rest_port}"
    key = running.hub.keyring.policies[PROVISIONING_OWNER][0]
    token = make_token(host, key, 2**33, PROVISIONING_OWNER)
    trust = ssl.create_default_context(cafile=running.hub.ca_file)
    async with httpx.AsyncClient(
        base_url=f"https://{host}",
        headers={"Authorization": token},
        params={"api-version": "2021-10-01"},
        verify=trust,
    ) as service:
        await enrolled(service, "kept", initialTwin={"tags": {"a": 1}})
        await enrolled(service, "kept-group", group=True)
        before = await registered(running, "kept", KEY)
        shown = (await service.get("/enrollments/kept")).json()
    running.__exit__()
    again = start_beside_others(tmp_path)
    try:
        assert again.hub.keyring.id_scope == scope
        assert again.hub.board.provisioning
        records = again.hub.board.provisioning.records
        registration = records.registration("kept")
        found = records.enrollment("individual", "kept").view(registration.view())
        assert found == shown
        assert records.enrollment("group", "kept-group").is_group
        after = (await registered(again, "kept", KEY)).registration_state
        assert after.created_date_time == before.registration_state.created_date_time
    finally:
        again.__exit__()
