"""What a desired state asks of a position: its pictures in turn."""

import hashlib

from label_templates.contract import wire
from label_templates.contract.twin import Desired
from shelf_agent.machine.values import Device, Order, Picture


def timeline_of(position: str, desired: Desired, setting: str, floor: Order) -> list[Picture]:
    """Return all that must hang at a position in turn: its tile's showings, or bare white.

    A tile that was taken away leaves white of its own revision: the floor for what comes later.
    """
    tile = desired.tiles.get(position)
    same = (desired.store, desired.bundle, setting)
    if tile is None:
        return [Picture(position, floor, None, None, *same)]
    return [Picture(position, (tile.epoch, tile.rev), s.since, s, *same) for s in tile.showings()]


def setting_of(desired: Desired, device: Device) -> str:
    """Return the fingerprint of all that is not in a tile but changes its pixels."""
    words = wire.canonical(
        {"store": wire.words(desired.store), "bundle": desired.bundle, "renderer": device.renderer}
    )
    return hashlib.blake2b(words, digest_size=8).hexdigest()
