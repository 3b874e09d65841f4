"""Pauses after failures: growing, and different on each device, so no chain acts as one."""

import zlib

LONGEST_PAUSE_S = 60.0


def pause_s(failures: int, name: str) -> float:
    """Return a back-off in seconds: none, then 1, 2, 4 ... 60, each spread by half over devices."""
    if failures == 0:
        return 0.0
    spread = zlib.crc32(f"{name}:{failures}".encode()) / 2**32
    return float(min(2.0 ** (failures - 1), LONGEST_PAUSE_S)) * (0.75 + spread / 2)
