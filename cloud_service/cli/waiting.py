"""Waiting until the shelves show what was published, and naming the tiles that do not."""

import time
from dataclasses import dataclass
from typing import Any

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import NotInTime
from cloud_service.cli.printing import progress_bar

POLL_S = 0.25
_SHOWN_TILES = 20


@dataclass(frozen=True)
class Waited:
    """How a wait ended: after how many seconds, and which tiles were not there yet."""

    seconds: float
    missing: tuple[dict[str, Any], ...]

    @property
    def done(self) -> bool:
        """Whether every tile shows what it should."""
        return not self.missing

    def json(self) -> dict[str, Any]:
        """Return it for scripts."""
        return {"shown": self.done, "seconds": round(self.seconds, 3), "missing": self.missing}

    def check(self) -> None:
        """Raise NotInTime naming the tiles that are missing."""
        if self.done:
            return
        rest = len(self.missing) - _SHOWN_TILES
        lines = [_line(tile) for tile in self.missing[:_SHOWN_TILES]]
        more = [f"... and {rest} more"] if rest > 0 else []
        count = "1 tile lags" if len(self.missing) == 1 else f"{len(self.missing)} tiles lag"
        raise NotInTime(f"after {self.seconds:.0f} s {count}", (*lines, *more))


def wait_until_shown(connection: Connection, store: str, skus: set[str], timeout: float) -> Waited:
    """Wait until each tile of these SKUs shows what it should, at most `timeout` seconds."""
    start = time.monotonic()
    first = _missing(connection, store, skus)
    with progress_bar() as bar:
        task = bar.add_task("Waiting for the shelves", total=len(first))
        missing = first
        while missing and time.monotonic() - start < timeout:
            time.sleep(POLL_S)
            missing = _missing(connection, store, skus)
            bar.update(task, completed=max(0, len(first) - len(missing)))
    return Waited(time.monotonic() - start, missing)


def _missing(connection: Connection, store: str, skus: set[str]) -> tuple[dict[str, Any], ...]:
    tiles = connection.pages(f"/stores/{store}/tiles", state=["pending", "failed"], limit=500)
    return tuple(tile for tile in tiles if tile["sku"] in skus)


def _line(tile: dict[str, Any]) -> str:
    return f"{tile['position']} ({tile['device_id']}) {tile['state']}: {tile['why'] or 'no reason'}"
