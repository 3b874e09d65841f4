"""Instants as Azure writes them: UTC, seven digits of a second."""

from datetime import UTC, datetime
from functools import lru_cache

NEVER = datetime(1, 1, 1, tzinfo=UTC).timestamp()
"""What Azure shows for something that has not happened yet: 0001-01-01T00:00:00Z."""


@lru_cache(maxsize=1024)
def instant_text(at: float) -> str:
    """Write UTC seconds as `2026-11-02T06:00:00.1234560Z`."""
    if at == NEVER:
        return "0001-01-01T00:00:00Z"
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def parse_instant(text: str) -> float | None:
    """UTC seconds of an ISO 8601 instant; without a zone it is UTC. None if it is no instant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
