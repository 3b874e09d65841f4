"""Pauses after failures: growing, and different on each device, so no chain acts as one."""

import zlib

LONGEST_PAUSE_S = 60.0


def pause_s(failures: int, name: str, longest: float = LONGEST_PAUSE_S) -> float:
    """Return a back-off in seconds: none, then 1, 2, 4 ... `longest`, each spread by half."""
    if failures == 0:
        return 0.0
    doubled = min(failures - 1, int(longest).bit_length())
    spread = zlib.crc32(f"{name}:{failures}".encode()) / 2**32
    return min(2.0**doubled, longest) * (0.75 + spread / 2)
