"""What clients need in order to find a hub and to trust it: names, strings, files, variables."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Final

from simulators.iothub.core.identity import Identity, joined_name
from simulators.iothub.core.policies import OWNER, PROVISIONING_OWNER
from simulators.iothub.protocol.addresses import EVENT_HUB
from simulators.iothub.server.keyring import USUAL_ROLE, Keyring
from simulators.iothub.server.switchboard import Switchboard

LOCAL: Final = frozenset({"127.0.0.1", "0.0.0.0", "::", "::1"})  # noqa: S104  # names, no binding


class Clues(ABC):
    """A hub as its clients see it from outside."""

    folder: Path
    host: str
    rest_port: int
    amqps_port: int | None
    amqp_port: int | None

    @property
    @abstractmethod
    def keyring(self) -> Keyring:
        """The hub's own secrets; raises RuntimeError before it is started."""

    @property
    @abstractmethod
    def board(self) -> Switchboard:
        """The running hub's inside; raises RuntimeError before it is started."""

    @property
    def name(self) -> str:
        """The host name for connection strings; some clients accept no other than localhost."""
        return "localhost" if self.host in LOCAL else self.host

    @property
    def connection_string(self) -> str:
        """What a service needs: the hub's address, its owner's policy and key."""
        return self.policy_connection_string(OWNER)

    def policy_connection_string(self, policy: str) -> str:
        """What a service needs that may do no more than a policy of `PERMISSIONS`."""
        address = f"HostName={self.name}:{self.rest_port}"
        key = self.keyring.policies[policy][0]
        return f"{address};SharedAccessKeyName={policy};SharedAccessKey={key}"

    @property
    def event_hub_connection_string(self) -> str | None:
        """What a reader of events needs; None where there is no AMQP.

        Over plain TCP, where that is open, azure-eventhub needs nothing else; over TLS it wants
        `custom_endpoint_address` and `connection_verify` as well.
        """
        if self.amqp_port is not None:
            endpoint, more = f"{self.name}:{self.amqp_port}", ";UseDevelopmentEmulator=true"
        elif self.amqps_port is not None:
            endpoint, more = f"{self.name}:{self.amqps_port}", ""
        else:
            return None
        key = f"SharedAccessKeyName={OWNER};SharedAccessKey={self.keyring.policies[OWNER][0]}"
        return f"Endpoint=sb://{endpoint};{key};EntityPath={EVENT_HUB}{more}"

    def device_connection_string(self, device_id: str) -> str:
        """What a device needs; raises DeviceNotFoundError."""
        identity = self.board.hub.device(device_id).identity
        return self._device_string(identity.device_id, identity)

    def module_connection_string(self, device_id: str, module_id: str) -> str:
        """What a module needs; raises DeviceNotFoundError or NoSuchModuleError."""
        identity = self.board.hub.device(joined_name(device_id, module_id)).identity
        return self._device_string(f"{device_id};ModuleId={module_id}", identity)

    def _device_string(self, who: str, identity: Identity) -> str:
        key = identity.credentials.primary_key
        if key is None:
            raise ValueError(f"{identity.name} authenticates by certificate.")
        return f"HostName={self.name};DeviceId={who};SharedAccessKey={key}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority that devices check the hub against."""
        return self.folder / "ca.pem"

    @property
    def bundle_file(self) -> Path:
        """The public authorities and the hub's own: for clients that know one bundle only."""
        return self.folder / "trust-bundle.pem"

    @property
    def env_file(self) -> Path:
        """Variables for the shell, to be sourced."""
        return self.folder / "hub.env"

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which clients find the hub and trust it."""
        client, secret = self.keyring.application(USUAL_ROLE)
        found = {
            "IOTHUB_CONNECTION_STRING": self.connection_string,
            "PROVISIONING_DEVICE_ENDPOINT": self.name,
            "PROVISIONING_DEVICE_IDSCOPE": self.keyring.id_scope,
            "PROVISIONING_SERVICE_CONNECTION_STRING": self.policy_connection_string(
                PROVISIONING_OWNER
            ),
            "AZURE_AUTHORITY_HOST": f"https://{self.name}:{self.rest_port}",
            "AZURE_TENANT_ID": self.keyring.issuer.tenant,
            "AZURE_CLIENT_ID": client,
            "AZURE_CLIENT_SECRET": secret,
            "REQUESTS_CA_BUNDLE": str(self.bundle_file),
            "SSL_CERT_FILE": str(self.bundle_file),
            "NODE_EXTRA_CA_CERTS": str(self.ca_file),
        }
        events = self.event_hub_connection_string
        return {**found, "EVENTHUB_CONNECTION_STRING": events} if events else found
