"""Shared access signatures."""

import base64

import pytest
from azure.iot.device.common.auth.signing_mechanism import SymmetricKeySigningMechanism
from azure.iot.hub.sastoken import SasToken as ServiceToken
from hypothesis import given
from hypothesis import strategies as st

from simulators.iothub.core.errors import UnauthorizedError
from simulators.iothub.core.sas import SasToken, make_token, sign

KEY = base64.b64encode(b"key of thirty-two bytes or so...").decode()
OTHER = base64.b64encode(b"another").decode()


def test_the_signature_is_the_one_of_the_device_sdk() -> None:
    sdk = SymmetricKeySigningMechanism(KEY)  # type: ignore[no-untyped-call]
    signed = sdk.sign("localhost%2Fdevices%2Fd\n1795435200")  # type: ignore[no-untyped-call]
    assert sign(KEY, "localhost%2Fdevices%2Fd", 1795435200) == signed


def test_a_token_of_the_service_sdk_is_accepted() -> None:
    made = ServiceToken("localhost:8443", KEY, "iothubowner")
    token = SasToken.parse(str(made))
    assert (token.resource, token.policy) == ("localhost:8443", "iothubowner")
    token.check([KEY], made.expiry_time - 1)


@given(st.text(min_size=1), st.integers(1, 2**40))
def test_a_token_is_valid_until_it_expires_and_only_with_its_key(
    resource: str, expiry: int
) -> None:
    token = SasToken.parse(make_token(resource, KEY, expiry))
    assert token.resource == resource
    token.check([OTHER, KEY], expiry - 1)
    with pytest.raises(UnauthorizedError, match="expired"):
        token.check([KEY], expiry)
    with pytest.raises(UnauthorizedError, match="another key"):
        token.check([OTHER], expiry - 1)


@given(st.text(max_size=80))
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(UnauthorizedError):
        SasToken.parse(text)
    with pytest.raises(UnauthorizedError):
        SasToken.parse("SharedAccessSignature " + text.replace("se=", ""))


def test_a_lengthened_token_is_refused() -> None:
    token = make_token("localhost", KEY, 1000).replace("se=1000", "se=2000")
    with pytest.raises(UnauthorizedError, match="another key"):
        SasToken.parse(token).check([KEY], 500)
