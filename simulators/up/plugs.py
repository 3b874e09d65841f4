"""Pulling a simulated shelf's plug, and putting it back.

An unplugged device's process is killed, as a power cut would, and not started again until its plug
is back; its panels keep their pictures. Other devices of that process restart, like neighbours on
one socket. A pulled plug is a file in the device's folder, so that it stays pulled over restarts.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from simulators.up.errors import UpError
from simulators.up.folder import Folder
from simulators.up.supervision import Program, Supervisor

LOOK_S = 0.2
"""Between two looks at the plugs."""
_MARK = "unplugged"

Agents = Callable[[str, Sequence[str]], Program]
"""Makes the program that runs some devices under a name."""


def pull(folder: Folder, device: str) -> None:
    """Cut a device's power; raise UpError where there is no such device."""
    _home_of(folder, device)
    (folder.device(device) / _MARK).touch()


def put_back(folder: Folder, device: str) -> None:
    """Give a device its power back; raise UpError where there is no such device."""
    _home_of(folder, device)
    (folder.device(device) / _MARK).unlink(missing_ok=True)


def powered(folder: Folder, devices: Sequence[str]) -> tuple[str, ...]:
    """Return the devices whose plugs are in."""
    return tuple(device for device in devices if not (folder.device(device) / _MARK).exists())


class Sockets:
    """Runs groups of agents, each group in one process, with those of its devices in power."""

    def __init__(
        self,
        folder: Folder,
        supervisor: Supervisor,
        groups: Mapping[str, Sequence[str]],
        agents: Agents,
    ) -> None:
        self._folder = folder
        self._supervisor = supervisor
        self._groups = groups
        self._agents = agents
        self._running: dict[str, tuple[str, ...]] = {}

    async def start(self) -> None:
        """Start every process."""
        for name, devices in self._groups.items():
            self._running[name] = powered(self._folder, devices)
            await self._supervisor.start(self._agents(name, self._running[name]))

    async def watch(self) -> None:
        """Follow the plugs; never returns."""
        while True:
            await asyncio.sleep(LOOK_S)
            for name, devices in self._groups.items():
                now = powered(self._folder, devices)
                if now != self._running[name]:
                    self._running[name] = now
                    self._supervisor.change(self._agents(name, now))


def _home_of(folder: Folder, device: str) -> None:
    if (folder.device(device) / "agent.toml").exists():
        return
    known = sorted(path.parent.name for path in folder.root.glob("devices/*/agent.toml"))
    few = ", ".join(known[:3]) + (" ..." if len(known) > 3 else "")
    raise UpError(f"there is no device {device} in {folder.root}; there are {few or 'none'}")
