"""What the cloud may ask of a device directly, by a direct method, and how it is answered."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from shelf_agent.errors import CommandError

BAD_REQUEST = 400
NOT_FOUND = 404
OK = 200


@dataclass(frozen=True)
class Refresh:
    """Draw a position again and refresh its panel, or all."""

    position: str | None


@dataclass(frozen=True)
class Status:
    """Say how the device is."""


Command = Refresh | Status


def parse(name: str, payload: Any, positions: Collection[str]) -> Command:
    """Read a direct method; CommandError says what is wrong with it."""
    if name == "refresh":
        return Refresh(_position(payload, positions))
    if name == "status":
        _no_more(payload, set())
        return Status()
    raise CommandError(f"unknown command {name!r}; known are refresh, status")


def _position(payload: Any, positions: Collection[str]) -> str | None:
    wanted = _no_more(payload, {"position"}).get("position")
    if wanted is None:
        return None
    if not isinstance(wanted, str) or wanted not in positions:
        raise CommandError(f"no panel at {wanted!r}; there are {', '.join(sorted(positions))}")
    return wanted


def _no_more(payload: Any, known: set[str]) -> dict[str, Any]:
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise CommandError("the payload is an object, such as {}")
    strange = sorted(payload.keys() - known)
    if strange:
        raise CommandError(f"unknown field {', '.join(strange)}")
    return payload
