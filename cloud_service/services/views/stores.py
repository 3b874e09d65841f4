"""Views of stores and price zones."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StoreView:
    """A store with its tallies."""

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    bays: tuple[int, ...]
    products: int
    tiles: int
    shown: int
    pending: int
    failed: int
    devices: int
    connected: int
    bundle: str
    """Digest of the template bundle that its tiles are drawn with."""
    jurisdiction: str = ""
    zone: str = ""
    hours: tuple[str, ...] = ()
    """Seven days from Monday on; none where they are not known."""
    exceptions: tuple[tuple[str, str], ...] = ()
    day_begins: str = "04:00"
    version: int = 1
    """Counts edits: an editor hands it back so that two edits conflict."""


@dataclass(frozen=True)
class ZoneView:
    """A price zone with its stores."""

    id: str
    name: str
    currency: str
    stores: tuple[str, ...]
