"""Why a tile does not show yet what it should, in words a store clerk understands."""

from typing import Literal

from cloud_service.delivery.tables import DeliveredTileRow, DeliveryRow

TileState = Literal["shown", "pending", "failed", "paper"]


def why(
    sku: str | None,
    wanted_revision: int,
    device: DeliveryRow | None,
    tile: DeliveredTileRow,
    now: int,
) -> str:
    """Say what a tile that is not shown waits for, the most telling fact first."""
    if device is None:
        return "waiting for the dispatcher"
    if device.refused is not None:
        return f"the shelf refuses what it was sent: {device.refused}"
    if tile.state == "failed":
        return tile.why or "the shelf could not show it"
    if tile.misdrawn:
        return "what hangs on the shelf is not the picture that was sent"
    if tile.since is not None and tile.since > now:
        return "the shelf shows a change before its time: its clock is ahead"
    return _on_its_way(sku, wanted_revision, device, tile) or _on_the_shelf(device, tile, now)


def _on_its_way(
    sku: str | None, wanted_revision: int, device: DeliveryRow, tile: DeliveredTileRow
) -> str | None:
    """Say what keeps it from reaching the hub, or None where the hub has it."""
    if device.failure is not None:
        return device.failure
    if device.revision < wanted_revision or device.etag is None:
        return "waiting for the dispatcher"
    if sku is not None and tile.pushed_rev is None:
        return "the product has no price in this store"
    return None


def _on_the_shelf(device: DeliveryRow, tile: DeliveredTileRow, now: int) -> str:
    """Say what keeps it from the glass."""
    if not device.connected:
        return "the device is offline; it will catch up when it is back"
    if tile.state == "scheduled":
        return tile.why or "the panel rests between two refreshes"
    if tile.rev == tile.pushed_rev and tile.holds_until is not None and tile.holds_until <= now:
        return "the shelf has not confirmed the change that was due"
    return "sent, the shelf has not confirmed it yet"
