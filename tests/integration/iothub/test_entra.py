"""Bearer tokens: azure-identity, unmodified, asks the hub's own Entra for them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential, EnvironmentCredential
from azure.iot.hub import IoTHubRegistryManager
from azure.iot.hub.models import QuerySpecification, Twin
from msrest.exceptions import HttpOperationError

from simulators.iothub.core.policies import PERMISSIONS
from simulators.iothub.server.hub import SimulatedHub
from tests.integration.iothub.clients import make_device

pytestmark = pytest.mark.integration


def credential(hub: SimulatedHub, role: str, secret: str | None = None) -> ClientSecretCredential:
    client, known = hub.keyring.application(role)
    return ClientSecretCredential(
        hub.keyring.issuer.tenant,
        client,
        secret or known,
        authority=f"https://{hub.name}:{hub.rest_port}",
        disable_instance_discovery=True,
    )


@pytest.fixture
def address(simulated_hub: SimulatedHub) -> str:
    return f"{simulated_hub.name}:{simulated_hub.rest_port}"


@pytest.fixture
def by_environment(simulated_hub: SimulatedHub, address: str) -> Iterator[IoTHubRegistryManager]:
    """A manager that found its credential in the variables of hub.env."""
    asked = EnvironmentCredential(disable_instance_discovery=True)
    manager = IoTHubRegistryManager.from_token_credential(address, asked)
    yield manager
    asked.close()


def test_a_service_works_by_a_token_credential(by_environment: IoTHubRegistryManager) -> None:
    make_device(by_environment, "by-bearer")
    by_environment.update_twin("by-bearer", Twin(tags={"store": "0204"}), "*")
    query = QuerySpecification(query="SELECT * FROM devices WHERE deviceId = 'by-bearer'")
    (found,) = by_environment.query_iot_hub(query).items
    assert found.tags == {"store": "0204"}
    by_environment.delete_device("by-bearer")


def test_a_role_may_do_its_own_and_no_more(simulated_hub: SimulatedHub, address: str) -> None:
    asked = credential(simulated_hub, "IoT Hub Registry Contributor")
    manager = IoTHubRegistryManager.from_token_credential(address, asked)
    make_device(manager, "by-registrar")
    with pytest.raises(HttpOperationError) as error:
        manager.get_twin("by-registrar")
    assert error.value.response.status_code == 401
    asked.close()


def test_a_wrong_secret_gets_no_token(simulated_hub: SimulatedHub) -> None:
    asked = credential(simulated_hub, "IoT Hub Data Reader", "guessed")
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        asked.get_token("https://iothubs.azure.net/.default")
    asked.close()


def test_a_token_for_something_else_is_not_given(simulated_hub: SimulatedHub) -> None:
    asked = credential(simulated_hub, "IoT Hub Data Reader")
    with pytest.raises(ClientAuthenticationError, match="AADSTS70011"):
        asked.get_token("https://management.azure.com/.default")
    asked.close()


def test_the_signing_key_is_published(simulated_hub: SimulatedHub, address: str) -> None:
    tenant = simulated_hub.keyring.issuer.tenant
    base = f"https://{address}/{tenant}"
    found = requests.get(f"{base}/v2.0/.well-known/openid-configuration", timeout=20).json()
    (key,) = requests.get(found["jwks_uri"], timeout=20).json()["keys"]
    assert found["token_endpoint"] == f"{base}/oauth2/v2.0/token"
    assert (key["kty"], key["kid"]) == ("RSA", simulated_hub.keyring.issuer.key_id)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("iothubowner", {"read": 200, "write": 200, "twin": 200}),
        ("service", {"read": 401, "write": 401, "twin": 200}),
        ("device", {"read": 401, "write": 401, "twin": 401}),
        ("registryRead", {"read": 200, "write": 401, "twin": 401}),
        ("registryReadWrite", {"read": 200, "write": 200, "twin": 401}),
    ],
)
def test_a_policy_opens_its_own_addresses_only(
    simulated_hub: SimulatedHub, policy: str, expected: dict[str, int]
) -> None:
    assert policy in PERMISSIONS
    owner = IoTHubRegistryManager.from_connection_string(simulated_hub.connection_string)
    manager = IoTHubRegistryManager.from_connection_string(
        simulated_hub.policy_connection_string(policy)
    )
    make_device(owner, f"seen-by-{policy}")
    asks: dict[str, Callable[[], Any]] = {
        "read": lambda: manager.get_device(f"seen-by-{policy}"),
        "write": lambda: make_device(manager, f"made-by-{policy}"),
        "twin": lambda: manager.get_twin(f"seen-by-{policy}"),
    }
    found = {}
    for name, ask in asks.items():
        try:
            ask()
            found[name] = 200
        except HttpOperationError as error:
            found[name] = error.response.status_code
    assert found == expected
    for each in (owner, manager):
        each.protocol.close()
