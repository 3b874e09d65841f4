"""The hub under load, as a process that takes commands, a line each, and answers with JSON.

What services would ask by REST is asked here by a call: the SDK cannot ask often enough to find
the hub's limit, and what it costs to be asked by it is measured apart.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path
from typing import Any

from simulators.iothub.core.credentials import Credentials
from simulators.iothub.core.hub import ANY_ETAG
from simulators.iothub.core.identity import IdentityWish
from simulators.iothub.core.twin import TwinPatch
from simulators.iothub.server.hub import SimulatedHub
from simulators.iothub.server.running import collect_seldom
from tests.benchmarks.swarm import KEY, device_name, raise_file_limit, resident_bytes

TILES = 24
_CHUNK = 100
"""How many are patched between two turns of the loop: a dispatcher's bulk request."""


def tile(number: int, revision: int) -> dict[str, Any]:
    """What a twin says of one position, about as long as a price tile is."""
    now = {
        "sku": f"{90704273 + number}", "gtin": "3850104047046", "brand": "Dukat", "size": "1 l",
        "name": "Jogurt tekući 2,8% m.m.", "price": 119 + revision, "unit": 119, "per": "l",
        "valid": "2026-11-30", "prior": 149, "category": "Mliječni proizvodi",
    }  # fmt: skip
    return {"epoch": 3, "rev": revision, "tpl": "price/standard", "now": now}


def patch(revision: int) -> TwinPatch:
    """One price changes."""
    desired = {"tiles": {"b01-s2-p03": {"rev": revision, "now": {"price": 119 + revision % 500}}}}
    return TwinPatch(desired=desired)


class Program:
    """Answers the commands."""

    def __init__(self, hub: SimulatedHub) -> None:
        self._hub = hub
        self._revision = 0

    async def answer(self, word: str, count: int) -> dict[str, Any]:
        """Carry out a command on so many devices."""
        match word:
            case "register":
                await self._register(count)
            case "fill":
                await self._fill(count)
            case "patch":
                await self._patch(count)
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {"cpu": usage.ru_utime + usage.ru_stime, "resident": resident_bytes()}

    async def _register(self, count: int) -> None:
        keys = Credentials.of_keys(KEY, KEY)
        for number in range(count):
            self._hub.board.hub.create(IdentityWish(device_name(number), credentials=keys), 1.0)
            await self._turn(number)

    async def _fill(self, count: int) -> None:
        """Give every device the twin of a shelf that is full."""
        tiles = {f"b01-s{n // 8}-p{n % 8:02}": tile(n, 1) for n in range(TILES)}
        whole = TwinPatch(desired={"tiles": tiles})
        for number in range(count):
            self._hub.board.hub.patch_twin(device_name(number), whole, ANY_ETAG, 2.0)
            await self._turn(number)

    async def _patch(self, count: int) -> None:
        self._revision += 1
        wanted = patch(self._revision)
        for number in range(count):
            self._hub.board.hub.patch_twin(device_name(number), wanted, ANY_ETAG, 3.0)
            await self._turn(number)

    @staticmethod
    async def _turn(number: int) -> None:
        if number % _CHUNK == _CHUNK - 1:
            await asyncio.sleep(0)


async def run(folder: Path, host: str) -> None:
    """Start a hub and answer until the input ends."""
    raise_file_limit()
    collect_seldom()
    async with SimulatedHub(folder, host=host, rest_port=0) as hub:
        say({"connection": hub.connection_string, "ca": str(hub.ca_file), "host": hub.name})
        program = Program(hub)
        while line := await asyncio.to_thread(sys.stdin.readline):
            word, count = line.split()
            say(await program.answer(word, int(count)))


def say(answer: dict[str, Any]) -> None:
    """Print one line of JSON."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
