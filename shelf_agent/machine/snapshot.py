"""What outlives a crash: the desired state taken last, the keys, what hangs on the glass."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from label_templates.contract.twin import KeyList
from label_templates.contract.wire import Document
from shelf_agent.machine.values import Key, Order

REMEMBER_TIME_EVERY_S = 1800.0
"""The newest instant is kept on disk this often even when nothing else changes."""


class Hanging(BaseModel):
    """What was last brought onto a glass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: int
    rev: int
    since: int | None
    setting: str
    price: int | None
    """None: bare white."""
    frame: str
    at: int
    """When the glass came to show it, UTC seconds."""
    refreshed_at: float
    """When the panel last refreshed: the vendor's pause counts from it."""
    sure: bool
    """False while a refresh runs, and after one that broke off: either picture may hang there."""

    @property
    def order(self) -> Order:
        """The revision that hangs there."""
        return self.epoch, self.rev

    @property
    def key(self) -> Key:
        """The picture that hangs there."""
        return self.order, self.since, self.setting, self.price is None


class Snapshot(BaseModel):
    """All that a machine must remember."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    device: str
    latest: float
    """The newest instant that this device has known, UTC seconds."""
    desired: Document | None
    """The desired section as it was taken; its seal is checked again when it is read."""
    keys: KeyList | None
    places: dict[str, Hanging]

    def doubted(self) -> "Snapshot":
        """Return it as of a glass that may have gone on: no panel surely shows what is said."""
        unsure = {
            place: known.model_copy(update={"sure": False}) for place, known in self.places.items()
        }
        return self.model_copy(update={"places": unsure})

    def worth_keeping_after(self, kept: "Snapshot") -> bool:
        """Tell whether this says more than a snapshot that is kept already."""
        if not kept.latest <= self.latest < kept.latest + REMEMBER_TIME_EVERY_S:
            return True
        same_twin = self.desired is kept.desired and self.keys == kept.keys
        return not (same_twin and self.places == kept.places)
