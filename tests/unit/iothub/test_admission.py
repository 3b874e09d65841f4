"""Who is let in, by token, certificate or role."""

from collections.abc import Callable
from functools import cache

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulators.iothub.core.bearer import BEARER, ROLES, TOKEN_SECONDS, Issuer
from simulators.iothub.core.certificate import ClientCertificate
from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.errors import UnauthorizedError
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.policies import PERMISSIONS, Permission
from simulators.iothub.core.sas import make_token
from tests.unit.iothub.hubs import KEY, NOON, ToldHub, a_device, a_module

OTHER_KEY = "YW5vdGhlciBrZXkgb2YgbWFueSBieXRlcw=="
SHA1, SHA256 = "AB" * 20, "CD" * 32


def token(resource: str, key: str = KEY, policy: str | None = None) -> str:
    return make_token(resource, key, int(NOON) + 60, policy)


def admit(
    hub: ToldHub, name: str, password: str | None, shown: ClientCertificate | None = None
) -> float:
    return hub.admission.device(name, password, shown, NOON)


def test_a_device_is_let_in_by_its_key_until_its_token_expires() -> None:
    hub = ToldHub()
    a_device(hub)
    assert admit(hub, "shelf-1", token("localhost/devices/shelf-1")) == NOON + 60
    assert admit(hub, "shelf-1", token("LOCALHOST:8883/devices/shelf-1"))
    assert admit(hub, "shelf-1", token("localhost", KEY, "iothubowner"))
    assert admit(hub, "shelf-1", token("localhost", KEY, "device"))


@pytest.mark.parametrize(
    "password",
    [
        pytest.param(None, id="none"),
        pytest.param("", id="empty"),
        pytest.param(token("localhost/devices/shelf-1", OTHER_KEY), id="another key"),
        pytest.param(token("localhost/devices/shelf-2"), id="another device"),
        pytest.param(token("localhost/devices/shelf-1/modules/camera"), id="its module"),
        pytest.param(token("elsewhere/devices/shelf-1"), id="another hub"),
        pytest.param(token("localhost/devices/shelf-1", KEY, "service"), id="a policy without it"),
        pytest.param(token("localhost/devices/shelf-1", KEY, "conjured"), id="unknown policy"),
    ],
)
def test_a_device_with_a_wrong_token_is_refused(password: str | None) -> None:
    hub = ToldHub()
    a_device(hub)
    with pytest.raises(UnauthorizedError):
        admit(hub, "shelf-1", password)


def test_a_disabled_or_unknown_device_is_refused() -> None:
    hub = ToldHub()
    a_device(hub)
    hub.update(IdentityWish("shelf-1", status="disabled"), "*", NOON)
    with pytest.raises(UnauthorizedError, match="disabled"):
        admit(hub, "shelf-1", token("localhost/devices/shelf-1"))
    with pytest.raises(UnauthorizedError, match="not registered"):
        admit(hub, "shelf-9", token("localhost/devices/shelf-9"))


def test_a_module_is_let_in_by_its_own_token_while_its_device_is_enabled() -> None:
    hub = ToldHub()
    a_device(hub)
    a_module(hub)
    mine = token("localhost/devices/shelf-1/modules/camera")
    assert admit(hub, "shelf-1/camera", mine) == NOON + 60
    with pytest.raises(UnauthorizedError):
        admit(hub, "shelf-1/camera", token("localhost/devices/shelf-1"))
    hub.update(IdentityWish("shelf-1", status="disabled"), "*", NOON)
    with pytest.raises(UnauthorizedError, match="disabled"):
        admit(hub, "shelf-1/camera", mine)


@pytest.mark.parametrize("shown", [SHA1, SHA256])
def test_a_self_signed_device_is_let_in_by_either_of_its_thumbprints(shown: str) -> None:
    hub = ToldHub()
    hub.create(IdentityWish("shelf-1", credentials=Credentials.of_thumbprints(SHA1, SHA256)), NOON)
    certificate = ClientCertificate(frozenset({shown, "00" * 20}), "whoever", trusted=False)
    assert admit(hub, "shelf-1", None, certificate) == float("inf")


@pytest.mark.parametrize(
    ("credentials", "certificate"),
    [
        pytest.param(
            Credentials.of_thumbprints(SHA1, None),
            ClientCertificate(frozenset({SHA256}), "shelf-1", trusted=True),
            id="another thumbprint",
        ),
        pytest.param(
            Credentials("certificateAuthority"),
            ClientCertificate(frozenset({SHA1}), "shelf-1", trusted=False),
            id="no registered authority",
        ),
        pytest.param(
            Credentials("certificateAuthority"),
            ClientCertificate(frozenset({SHA1}), "shelf-2", trusted=True),
            id="the name of another device",
        ),
        pytest.param(
            Credentials(),
            ClientCertificate(frozenset({SHA1}), "shelf-1", trusted=True),
            id="a device that has keys",
        ),
    ],
)
def test_a_device_with_a_wrong_certificate_is_refused(
    credentials: Credentials, certificate: ClientCertificate
) -> None:
    hub = ToldHub()
    hub.create(IdentityWish("shelf-1", credentials=credentials), NOON)
    with pytest.raises(UnauthorizedError):
        admit(hub, "shelf-1", None, certificate)


def test_a_signed_certificate_names_the_device_or_the_module() -> None:
    hub = ToldHub()
    by_authority = Credentials("certificateAuthority")
    hub.create(IdentityWish("shelf-1", credentials=by_authority), NOON)
    hub.create(IdentityWish("shelf-1", module_id="camera", credentials=by_authority), NOON)
    for name in ("shelf-1", "shelf-1/camera"):
        assert admit(hub, name, None, ClientCertificate(frozenset(), name, trusted=True))


@pytest.mark.parametrize("policy", PERMISSIONS)
@pytest.mark.parametrize("needed", Permission)
def test_a_policy_grants_its_permissions_and_no_others(policy: str, needed: Permission) -> None:
    admission, signed = ToldHub().admission, token("localhost:8443", KEY, policy)
    if needed in PERMISSIONS[policy]:
        assert admission.service(signed, needed, NOON) == NOON + 60
    else:
        with pytest.raises(UnauthorizedError, match="does not grant"):
            admission.service(signed, needed, NOON)


def test_a_policys_bare_key_is_as_good_as_its_token() -> None:
    admission = ToldHub().admission
    assert admission.holds("service", KEY) is Permission.SERVICE_CONNECT
    assert not admission.holds("service", OTHER_KEY)
    assert not admission.holds("conjured", KEY)


def test_a_policys_token_may_be_for_a_part_of_the_hub() -> None:
    admission, narrow = ToldHub().admission, token("localhost/twins/shelf-1", KEY, "service")
    path = ("twins", "shelf-1", "methods")
    admission.service(narrow, Permission.SERVICE_CONNECT, NOON, path)
    with pytest.raises(UnauthorizedError):
        admission.service(narrow, Permission.SERVICE_CONNECT, NOON, ("twins", "shelf-10"))


def test_a_device_key_does_not_open_the_service() -> None:
    hub = ToldHub()
    a_device(hub)
    with pytest.raises(UnauthorizedError):
        hub.admission.service(
            token("localhost/devices/shelf-1"), Permission.SERVICE_CONNECT, NOON, ()
        )


@cache
def issuer(url: str = "https://issuer/") -> Issuer:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return Issuer(url, "tenant", private.decode(), public.decode(), "key-1")


@pytest.mark.parametrize("role", ROLES)
def test_a_bearer_token_grants_what_its_role_may(role: str) -> None:
    admission = ToldHub(issuer()).admission
    bearer = BEARER + issuer().token("application", role, NOON)
    for permission in Permission:
        if permission in ROLES[role]:
            admission.service(bearer, permission, NOON + TOKEN_SECONDS - 1)
        else:
            with pytest.raises(UnauthorizedError):
                admission.service(bearer, permission, NOON)


@pytest.mark.parametrize(
    ("make", "now"),
    [
        pytest.param(lambda: "no.token.atall", NOON, id="no token"),
        pytest.param(
            lambda: issuer("https://other/").token("a", "IoT Hub Data Contributor", NOON),
            NOON,
            id="another issuer",
        ),
        pytest.param(
            lambda: issuer().token("a", "IoT Hub Data Contributor", NOON),
            NOON + TOKEN_SECONDS,
            id="expired",
        ),
        pytest.param(
            lambda: issuer().token("a", "IoT Hub Data Contributor", NOON), NOON - 1, id="too early"
        ),
        pytest.param(lambda: issuer().token("a", "Owner", NOON), NOON, id="a role of no use"),
    ],
)
def test_a_bearer_token_that_is_no_good_is_refused(make: Callable[[], str], now: float) -> None:
    with pytest.raises(UnauthorizedError):
        ToldHub(issuer()).admission.service(BEARER + make(), Permission.REGISTRY_READ, now)


def test_a_hub_without_an_issuer_takes_no_bearer_tokens() -> None:
    bearer = BEARER + issuer().token("a", "IoT Hub Data Contributor", NOON)
    with pytest.raises(UnauthorizedError, match="takes no bearer tokens"):
        ToldHub().admission.service(bearer, Permission.REGISTRY_READ, NOON)
