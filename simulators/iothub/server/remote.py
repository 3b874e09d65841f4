"""Asks a running hub for its meter, for faults on demand, and for what a device connects with.

Everything that is needed stands in the hub's folder.
"""

import shlex
import ssl
import time
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from simulators.iothub.core.sas import make_token
from simulators.iothub.protocol.topics import topic_base

API_VERSION = "2021-04-12"
TOKEN_SECONDS = 600
PATIENCE = 30.0


class RemoteHubError(Exception):
    """The hub does not answer, or refuses; the message says which and why."""


class RemoteHub:
    """A client of the hub whose folder is given; close it, or use it as a context."""

    def __init__(self, folder: Path) -> None:
        """Find the hub; raises RemoteHubError where no hub was started in this folder."""
        try:
            environment = _environment(folder / "hub.env")
            trust = ssl.create_default_context(cafile=folder / "ca.pem")
        except OSError as error:
            raise RemoteHubError(f"No hub was started in {folder}: {error}") from error
        parts = dict(
            part.split("=", 1) for part in environment["IOTHUB_CONNECTION_STRING"].split(";")
        )
        self._host, policy = parts["HostName"], parts["SharedAccessKeyName"]
        expiry = int(time.time()) + TOKEN_SECONDS  # noqa: TID251  # the process edge
        token = make_token(self._host, parts["SharedAccessKey"], expiry, policy)
        self._client = httpx.Client(
            base_url=f"https://{self._host}",
            headers={"Authorization": token},
            params={"api-version": API_VERSION},
            verify=trust,
            timeout=PATIENCE,
        )

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the connection."""
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a request to an address below /$simulator and give the answer's JSON, or None.

        Raises RemoteHubError with the hub's own words.
        """
        return self._checked(self._send(method, f"/$simulator/{path}", body))

    def device_key(self, device_id: str, *, create: bool = False) -> str:
        """Give a device's primary key; one that is not registered may be. Raises RemoteHubError."""
        path = f"/devices/{quote(device_id, safe='')}"
        answer = self._send("GET", path)
        if answer.status_code == httpx.codes.NOT_FOUND and create:
            answer = self._send("PUT", path, {"deviceId": device_id})
        key = self._checked(answer)["authentication"]["symmetricKey"]["primaryKey"]
        if key is None:
            raise RemoteHubError(f"{device_id} authenticates by certificate.")
        return str(key)

    def login(self, device_id: str, seconds: int, *, create: bool = False) -> dict[str, str]:
        """Give what any MQTT client needs to be this device: its id, user name and password."""
        name = self._host.partition(":")[0]
        key = self.device_key(device_id, create=create)
        expiry = int(time.time()) + seconds  # noqa: TID251  # the process edge
        return {
            "clientId": device_id,
            "userName": f"{name}/{device_id}/?api-version={API_VERSION}",
            "password": make_token(f"{name}/{topic_base(device_id)}", key, expiry),
        }

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.TransportError as error:
            raise RemoteHubError(f"The hub at {self._host} does not answer: {error}") from error

    @staticmethod
    def _checked(answer: httpx.Response) -> Any:
        if answer.is_error:
            raise RemoteHubError(_reason(answer))
        return answer.json() if answer.content else None


def _environment(file: Path) -> dict[str, str]:
    lines = (shlex.split(line)[1] for line in file.read_text().splitlines() if line)
    return dict(line.split("=", 1) for line in lines)


def _reason(answer: httpx.Response) -> str:
    said = answer.json().get("Message", "") if answer.content else ""
    return said.partition(";")[2] or said or answer.reason_phrase
