"""A hub without a server, for tests: seeded, and with a list of what it told."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.hub import Device, Hub
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.policies import PERMISSIONS

if TYPE_CHECKING:
    from simulators.iothub.core.bearer import Issuer
    from simulators.iothub.core.events import HubEvent

NOON = 1_795_435_200.0
KEY = "a2V5IG9mIHRoaXJ0eS10d28gYnl0ZXMgb3Igc28uLi4="
KEYS = Credentials.of_keys(KEY, KEY)


class ToldHub(Hub):
    """Remembers every event it told."""

    def __init__(self, issuer: Issuer | None = None) -> None:
        self.told: list[HubEvent] = []
        super().__init__(
            ["localhost", "127.0.0.1"],
            dict.fromkeys(PERMISSIONS, (KEY,)),
            random.Random(7).randbytes,  # the same keys in every run
            self.told.append,
            issuer,
        )


def a_device(hub: Hub, device_id: str = "shelf-1") -> Device:
    """Register a device with a known key."""
    return hub.create(IdentityWish(device_id, credentials=KEYS), NOON)


def a_module(hub: Hub, device_id: str = "shelf-1", module_id: str = "camera") -> Device:
    """Register a module with a known key on a device that is there."""
    wish = IdentityWish(device_id, credentials=KEYS, module_id=module_id, managed_by="me")
    return hub.create(wish, NOON)
