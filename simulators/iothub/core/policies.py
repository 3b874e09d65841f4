"""Shared access policies: a name, two keys, and what their tokens may do.

https://learn.microsoft.com/azure/iot-hub/authenticate-authorize-sas#access-control-and-permissions
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Final


class Permission(Flag):
    """What a policy or a role can grant."""

    REGISTRY_READ = auto()
    REGISTRY_WRITE = auto()
    SERVICE_CONNECT = auto()
    DEVICE_CONNECT = auto()
    PROVISION = auto()


EVERYTHING: Final = ~Permission(0)

OWNER: Final = "iothubowner"
PROVISIONING_OWNER: Final = "provisioningserviceowner"
"""The provisioning service's policy; on Azure it has keys of its own, and so it has here."""

PERMISSIONS: Final[Mapping[str, Permission]] = {
    OWNER: EVERYTHING,
    "service": Permission.SERVICE_CONNECT,
    "device": Permission.DEVICE_CONNECT,
    "registryRead": Permission.REGISTRY_READ,
    PROVISIONING_OWNER: Permission.PROVISION,
    "registryReadWrite": Permission.REGISTRY_READ | Permission.REGISTRY_WRITE,
}
"""The policies that every hub is made with."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy of this hub; the keys are in base 64."""

    keys: tuple[str, ...]
    permissions: Permission


def policies(keys: Mapping[str, tuple[str, ...]]) -> Mapping[str, Policy]:
    """Give each policy its keys; those without keys do not exist."""
    return {name: Policy(keys[name], PERMISSIONS[name]) for name in PERMISSIONS if name in keys}
