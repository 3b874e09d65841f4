"""Pauses after failures: growing, and different on each device, so no chain acts as one."""

import zlib

LONGEST_PAUSE_S = 60.0
DOUBLINGS = 6
"""As many as it takes from one second to the longest pause."""


def pause_s(failures: int, name: str) -> float:
    """Return a back-off in seconds: none, then 1, 2, 4 ... 60, each spread by half over devices."""
    if failures == 0:
        return 0.0
    doubled = min(failures - 1, DOUBLINGS)
    spread = zlib.crc32(f"{name}:{failures}".encode()) / 2**32
    return float(min(2.0**doubled, LONGEST_PAUSE_S)) * (0.75 + spread / 2)
