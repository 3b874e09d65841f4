"""Devices and modules that authenticate by certificate, through the unmodified SDKs."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.iot.device import X509
from azure.iot.device.aio import IoTHubDeviceClient, IoTHubModuleClient
from azure.iot.device.exceptions import CredentialError
from azure.iot.hub import IoTHubRegistryManager
from cryptography.hazmat.primitives import hashes, serialization

from simulators.iothub.server.errors import HubStartError
from simulators.iothub.server.hub import SimulatedHub
from simulators.iothub.server.neighbours import start_beside_others
from tests.integration.iothub.clients import PATIENCE, until
from tests.integration.iothub.papers import Papers, self_signed

pytestmark = pytest.mark.integration

SHA1, SHA256 = hashes.SHA1(), hashes.SHA256()  # noqa: S303  # thumbprints


@pytest.fixture(scope="module")
def authority() -> Papers:
    return self_signed("an authority", authority=True)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, authority: Papers) -> Iterator[SimulatedHub]:
    """A hub that knows the authority."""
    folder = tmp_path_factory.mktemp("certified")
    file = folder / "authority.pem"
    file.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    running = start_beside_others(folder / "hub", device_authorities=[file])
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("REQUESTS_CA_BUNDLE", str(running.hub.bundle_file))
        yield running.hub
    running.__exit__()


@pytest.fixture(scope="module")
def registry(hub: SimulatedHub) -> Iterator[IoTHubRegistryManager]:
    manager = IoTHubRegistryManager.from_connection_string(hub.connection_string)
    yield manager
    manager.protocol.close()


def device_client(hub: SimulatedHub, device_id: str, x509: X509) -> IoTHubDeviceClient:
    return IoTHubDeviceClient.create_from_x509_certificate(
        x509=x509,
        hostname=hub.name,
        device_id=device_id,
        server_verification_cert=hub.ca_file.read_text(),
        connection_retry=False,
    )


@asynccontextmanager
async def connected(client: IoTHubDeviceClient | IoTHubModuleClient) -> AsyncIterator[None]:
    try:
        await asyncio.wait_for(client.connect(), PATIENCE)
        yield
    finally:
        await asyncio.wait_for(client.shutdown(), PATIENCE)


async def test_a_self_signed_device_comes_in_by_either_thumbprint(
    hub: SimulatedHub, registry: IoTHubRegistryManager, tmp_path: Path
) -> None:
    old, new = self_signed("any name"), self_signed("any other")
    registry.create_device_with_x509(
        "self-signed", old.thumbprint(SHA1), new.thumbprint(SHA256), "enabled"
    )
    for number, papers in enumerate((old, new)):
        client = device_client(hub, "self-signed", papers.written(tmp_path, str(number)))
        async with connected(client):
            assert await client.get_twin()
    twin = registry.get_twin("self-signed")
    assert twin.authentication_type == "selfSigned"
    assert twin.x509_thumbprint.primary_thumbprint == old.thumbprint(SHA1).upper()


async def test_a_device_signed_by_a_registered_authority_comes_in(
    hub: SimulatedHub, registry: IoTHubRegistryManager, authority: Papers, tmp_path: Path
) -> None:
    registry.create_device_with_certificate_authority("signed", "enabled")
    factory = authority.signed("a factory", authority=True)
    papers = {"near": authority.signed("signed"), "far": factory.signed("signed")}
    for name, each in papers.items():
        async with connected(device_client(hub, "signed", each.written(tmp_path, name))):
            pass


async def test_a_module_comes_in_by_its_certificate(
    hub: SimulatedHub, registry: IoTHubRegistryManager, authority: Papers, tmp_path: Path
) -> None:
    registry.create_device_with_certificate_authority("carrier", "enabled")
    registry.create_module_with_certificate_authority("carrier", "camera", "")
    papers = authority.signed("carrier/camera")
    client = IoTHubModuleClient.create_from_x509_certificate(
        x509=papers.written(tmp_path, "camera"),
        hostname=hub.name,
        device_id="carrier",
        module_id="camera",
        server_verification_cert=hub.ca_file.read_text(),
    )
    async with connected(client):
        assert await client.get_twin()


@pytest.mark.parametrize("case", ["stranger", "other name", "expired", "other thumbprint", "keys"])
async def test_a_certificate_that_is_no_good_is_refused(
    hub: SimulatedHub,
    registry: IoTHubRegistryManager,
    authority: Papers,
    tmp_path: Path,
    case: str,
) -> None:
    device_id = f"refused-{case.replace(' ', '-')}"
    if case == "other thumbprint":
        digest = self_signed(device_id).thumbprint(SHA256)
        registry.create_device_with_x509(device_id, digest, digest, "enabled")
    elif case == "keys":
        registry.create_device_with_sas(device_id, "", "", "enabled")
    else:
        registry.create_device_with_certificate_authority(device_id, "enabled")
    papers = {
        "stranger": self_signed("a stranger", authority=True).signed(device_id),
        "other name": authority.signed("somebody-else"),
        "expired": authority.signed(device_id, days=30),
    }.get(case, self_signed(device_id))
    client = device_client(hub, device_id, papers.written(tmp_path, "papers"))
    with pytest.raises(CredentialError):
        async with connected(client):
            pass


async def test_a_device_is_cut_off_when_its_thumbprint_is_replaced(
    hub: SimulatedHub, registry: IoTHubRegistryManager, tmp_path: Path
) -> None:
    papers = self_signed("rolled")
    digest = papers.thumbprint(SHA256)
    made = registry.create_device_with_x509("rolled", digest, digest, "enabled")
    client = device_client(hub, "rolled", papers.written(tmp_path, "rolled"))
    async with connected(client):
        other = self_signed("rolled").thumbprint(SHA256)
        await asyncio.to_thread(
            registry.update_device_with_x509, "rolled", made.etag, other, other, "enabled"
        )
        await until(lambda: not client.connected)


async def test_a_file_that_holds_no_authority_is_named(tmp_path: Path) -> None:
    file = tmp_path / "empty.pem"
    file.write_text("nothing")
    hub = SimulatedHub(tmp_path / "hub", mqtt_port=0, rest_port=0, device_authorities=[file])
    with pytest.raises(HubStartError, match=r"empty\.pem holds no certificate authority"):
        await hub.start()
