"""What editing the catalogue leaves."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Shown = TypeVar("Shown")


@dataclass(frozen=True)
class Edited(Generic[Shown]):
    """What an edit left, and how many tiles must follow it."""

    view: Shown
    tiles: int
