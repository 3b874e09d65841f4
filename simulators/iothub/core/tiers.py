"""What a hub of a tier may do: how fast, how much a day, with how many devices.

https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-quotas-throttling. Jobs have rows of
their own there; this hub has no jobs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Operation(StrEnum):
    """What is counted apart."""

    REGISTRY = "registry operations"
    CONNECTION = "new connections"
    TELEMETRY = "device-to-cloud sends"
    CLOUD_MESSAGE = "cloud-to-device sends"
    TWIN_READ = "twin reads"
    TWIN_UPDATE = "twin updates"
    METHOD = "direct methods"
    QUERY = "queries"


METERED: Final = frozenset(
    {
        Operation.TELEMETRY,
        Operation.CLOUD_MESSAGE,
        Operation.TWIN_READ,
        Operation.TWIN_UPDATE,
        Operation.METHOD,
    }
)
"""What counts as messages of the day, by its size."""

STANDARD_ONLY: Final = METERED - {Operation.TELEMETRY}
"""What basic tiers do not have."""

METHOD_CHUNK: Final = 4096
"""The throttle of direct methods counts bytes, in pieces of so many."""

MOST_DEVICES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Tier:
    """An edition and size. `messages` are a day's for each unit, of `chunk` bytes each."""

    name: str
    size: int
    messages: int
    most_units: int = 200
    chunk: int = 4096
    most_devices: int = MOST_DEVICES
    is_basic: bool = False


TIERS: Final = {
    tier.name: tier
    for tier in (
        Tier("F1", 1, 8_000, most_units=1, chunk=512, most_devices=500),
        Tier("B1", 1, 400_000, is_basic=True),
        Tier("B2", 2, 6_000_000, is_basic=True),
        Tier("B3", 3, 300_000_000, most_units=10, is_basic=True),
        Tier("S1", 1, 400_000),
        Tier("S2", 2, 6_000_000),
        Tier("S3", 3, 300_000_000, most_units=10),
    )
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier and so many units of it."""

    tier: Tier
    units: int = 1

    @classmethod
    def of(cls, tier: str, units: int = 1) -> Self:
        """Find a plan by its tier's name; raises ValueError, naming what cannot be."""
        found = TIERS.get(tier.upper())
        if found is None:
            raise ValueError(f"{tier!r} is no tier; there are {', '.join(TIERS)}.")
        if not 1 <= units <= found.most_units:
            raise ValueError(f"A hub of tier {found.name} has 1 to {found.most_units} units.")
        return cls(found, units)

    @property
    def daily_messages(self) -> int:
        """How many messages it takes a day."""
        return self.tier.messages * self.units

    @property
    def rates(self) -> Mapping[Operation, float]:
        """How many of each a second, for direct methods how many bytes."""
        units, size = self.units, self.tier.size - 1
        slow = (100, 100, 5_000)[size] * units / 60
        fast = (max(100.0, 12.0 * units), 120.0 * units, 6_000.0 * units)[size]
        return {
            Operation.REGISTRY: slow,
            Operation.CLOUD_MESSAGE: slow,
            Operation.CONNECTION: fast,
            Operation.TELEMETRY: fast,
            Operation.TWIN_READ: (100.0, max(100.0, 10.0 * units), 500.0 * units)[size],
            Operation.TWIN_UPDATE: (50.0, max(50.0, 5.0 * units), 250.0 * units)[size],
            Operation.METHOD: (160, 480, 24 * 1024)[size] * 1024.0 * units,
            Operation.QUERY: (20, 20, 1_000)[size] * units / 60,
        }
