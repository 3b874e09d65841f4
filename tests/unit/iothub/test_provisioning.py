"""Who is let in by the provisioning service, and which hub it is assigned to."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.document import JsonObject
from simulators.iothub.core.errors import BadRequestError, HubError, UnauthorizedError
from simulators.iothub.core.provisioning.attestation import Attestation, Proof, derived_key
from simulators.iothub.core.provisioning.enrollment import (
    Enrollment,
    Reprovisioning,
    from_plain,
    plain,
)
from simulators.iothub.core.provisioning.records import Records
from simulators.iothub.core.provisioning.registration import Registration, assigned
from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.encoding import encode
from simulators.iothub.protocol.packets import Connect, Publish, Subscribe
from simulators.iothub.protocol.registrations import Registrant, parse_registrant
from simulators.iothub.protocol.session import Session
from simulators.iothub.protocol.session_events import Arrival, Violation
from tests.unit.iothub.hubs import KEY, NOON

HUBS = ["hub-a", "hub-b", "hub-c"]
BY_KEY = Attestation("symmetricKey", KEY, KEY)
SCOPE = "0neTEST"


def a_group(**more: object) -> Enrollment:
    return Enrollment("group", "shelves", BY_KEY, **more)  # type: ignore[arg-type]


def registered_at(hub: str) -> Registration:
    return Registration("pi", "pi", hub, "initialAssignment", NOON, NOON, "etag")


def records_of(*enrollments: Enrollment) -> Records:
    records = Records(SCOPE, random.Random(7).randbytes, lambda _: None)
    for enrollment in enrollments:
        records.put(enrollment, "", NOON)
    return records


def token_for(registration_id: str, key: str, expiry: float = NOON + 60) -> Proof:
    resource = f"{SCOPE}/registrations/{registration_id}"
    return Proof(make_token(resource, key, int(expiry), "registration"))


def test_a_devices_key_is_derived_as_the_documentation_shows() -> None:
    # https://learn.microsoft.com/azure/iot-dps/concepts-symmetric-key-attestation
    master = (
        "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw=="
    )
    derived = derived_key(master, "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6")
    assert derived == "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc="


def test_a_device_of_a_group_comes_in_by_its_derived_key_until_the_token_ends() -> None:
    records = records_of(a_group())
    proof = token_for("pi-1", derived_key(KEY, "pi-1"))
    enrollment, until = records.admit("pi-1", proof, NOON)
    assert (enrollment.name, until) == ("shelves", NOON + 60)
    with pytest.raises(UnauthorizedError, match="expired"):
        records.admit("pi-1", proof, NOON + 60)
    with pytest.raises(UnauthorizedError):
        records.admit("pi-2", proof, NOON)


def test_a_devices_own_enrolment_counts_before_its_group() -> None:
    own = Enrollment("individual", "pi-1", BY_KEY, status="disabled")
    records = records_of(a_group(), own)
    with pytest.raises(UnauthorizedError, match="disabled"):
        records.admit("pi-1", token_for("pi-1", KEY), NOON)
    with pytest.raises(UnauthorizedError):
        records.admit("pi-1", token_for("pi-1", derived_key(KEY, "pi-1")), NOON)


def test_devices_are_spread_evenly_and_always_the_same_way() -> None:
    names = [f"pi-{number}" for number in range(600)]
    chosen = [assigned(a_group(), name, HUBS, None).hub for name in names]
    assert chosen == [assigned(a_group(), name, HUBS, None).hub for name in names]
    assert all(150 < chosen.count(hub) < 250 for hub in HUBS)


def test_an_enrolment_keeps_to_the_hubs_it_names() -> None:
    assert assigned(a_group(hubs=("hub-b",)), "pi", HUBS, None).hub == "hub-b"
    assert assigned(a_group(allocation="static"), "pi", HUBS, None).hub == "hub-a"
    with pytest.raises(BadRequestError, match="linked"):
        assigned(a_group(hubs=("elsewhere",)), "pi", HUBS, None)


@pytest.mark.parametrize(
    ("policy", "allowed", "hub", "substatus", "fresh"),
    [
        (Reprovisioning(), (), "hub-c", "initialAssignment", False),
        (Reprovisioning(), ("hub-a",), "hub-a", "deviceDataMigrated", False),
        (Reprovisioning(True, False), (), "hub-c", "deviceDataReset", True),
        (Reprovisioning(True, False), ("hub-a",), "hub-a", "deviceDataReset", True),
        (Reprovisioning(False, False), ("hub-a",), "hub-c", "initialAssignment", False),
    ],
)
def test_a_device_that_registers_again_gets_what_its_policy_says(
    policy: Reprovisioning, allowed: tuple[str, ...], hub: str, substatus: str, fresh: bool
) -> None:
    enrollment = a_group(reprovisioning=policy, hubs=allowed)
    plan = assigned(enrollment, "pi", HUBS, registered_at("hub-c"))
    assert (plan.hub, plan.substatus, plan.fresh) == (hub, substatus, fresh)
    assert plan.leave == (None if hub == "hub-c" else "hub-c")


def test_what_the_journal_keeps_of_an_enrolment_is_all_of_it() -> None:
    enrollment = Enrollment.from_body(
        "individual",
        "pi",
        {
            "attestation": {"type": "symmetricKey", "symmetricKey": {"primaryKey": KEY}},
            "deviceId": "shelf-1",
            "iotHubs": ["hub-a"],
            "allocationPolicy": "static",
            "reprovisionPolicy": {"updateHubAssignment": False, "migrateDeviceData": False},
            "initialTwin": {"tags": {"a": 1}, "properties": {"desired": {"b": 2}}},
            "capabilities": {"iotEdge": True},
        },
    ).kept(None, random.Random(7).randbytes, NOON)
    assert from_plain(plain(enrollment)) == enrollment


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["attestation", "type", "symmetricKey", "x509", "clientCertificates", "primary",
                 "certificate", "primaryKey", "deviceId", "iotHubs", "initialTwin", "tags"]
            ),
            inner | st.sampled_from(["symmetricKey", "x509", KEY]),
            max_size=4,
        ),
        max_leaves=12,
    ),
    st.booleans(),
)  # fmt: skip
def test_any_body_is_an_enrolment_or_refused_in_words(body: JsonObject, group: bool) -> None:
    given_body = body if isinstance(body, dict) else {"attestation": body}
    try:
        found = Enrollment.from_body("group" if group else "individual", "pi", given_body)
    except HubError as error:
        assert error.message  # noqa: PT017  # either outcome is right
    else:
        assert found.view()["provisioningStatus"] in ("enabled", "disabled")


# -- the protocol


def a_registrant(session: Session) -> None:
    hello = Connect("pi", True, 60, f"{SCOPE}/registrations/pi/api-version=2019-03-31", "t", None)
    (arrival,) = session.feed(encode(hello))
    assert isinstance(arrival, Arrival)
    assert isinstance(arrival.user, Registrant)
    session.accept((), session_present=False)
    session.take_output()


@pytest.mark.parametrize(
    "packet",
    [
        Publish("devices/pi/messages/events/", b"x"),
        Publish("$iothub/twin/GET/?$rid=1", b""),
        Publish("$dps/registrations/PUT/iotdps-register/", b"{}"),
        Publish("$dps/registrations/PUT/iotdps-register/?$rid=", b"{}"),
        Publish("$dps/", b""),
    ],
)
def test_a_registrant_can_only_register(packet: Publish) -> None:
    session = Session()
    a_registrant(session)
    assert isinstance(next(iter(session.feed(encode(packet)))), Violation)


def test_a_registrant_hears_nothing_of_the_hubs_devices() -> None:
    session = Session()
    a_registrant(session)
    list(session.feed(encode(Subscribe(1, (("$iothub/twin/res/#", 0), ("#", 0))))))
    assert session.take_output()[-2:] == b"\x80\x80"


@given(st.text(max_size=60) | st.builds("/".join, st.lists(st.text(max_size=9), max_size=6)))
def test_any_user_name_is_a_registrants_a_devices_or_cut_off(name: str) -> None:
    session = Session()
    try:
        packet = encode(Connect("pi", True, 60, name, "t", None))
    except (ValueError, UnicodeEncodeError):
        return
    found = list(session.feed(packet))
    assert len(found) == 1
    assert isinstance(found[0], Arrival | Violation)


def test_a_hub_device_is_no_registrant() -> None:
    assert parse_registrant("localhost/shelf-1/?api-version=2021-04-12") is None
    assert parse_registrant("localhost/shelf-1/camera/?api-version=2021-04-12") is None
