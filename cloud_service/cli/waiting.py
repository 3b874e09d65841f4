"""Waiting until the shelves show what was published, and naming the tiles that do not."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer

from cloud_service.cli.connection import Connection, Json
from cloud_service.cli.errors import CommandError, NotInTime
from cloud_service.cli.printing import counted, progress_bar

POLL_S = 0.2
_SHOWN_TILES = 20


@dataclass(frozen=True)
class Waited:
    """How a wait ended: after how many seconds, and how the tiles stood then."""

    seconds: float
    standing: dict[str, Any]

    @property
    def missing(self) -> int:
        """How many tiles do not show what they should."""
        return _missing(self.standing)

    def json(self) -> dict[str, Any]:
        """Return it for scripts."""
        return {"shown": not self.missing, "seconds": round(self.seconds, 3), **self.standing}

    def told(self) -> str | None:
        """Say in a line that the shelves show it; None where they do not."""
        if self.missing:
            return None
        if not self.standing["tiles"]["shown"]:
            return "no tile hangs there for it"
        return f"shown after {self.seconds:.1f} s"

    def check(self) -> None:
        """Raise NotInTime naming tiles that are missing."""
        if not self.missing:
            return
        lines = [_line(tile) for tile in self.standing["lagging"][:_SHOWN_TILES]]
        rest = self.missing - len(lines)
        more = [f"... and {rest} more"] if rest > 0 else []
        lag = "lags" if self.missing == 1 else "lag"
        raise NotInTime(
            f"after {self.seconds:.1f} s {counted(self.missing, 'tile')} {lag}", (*lines, *more)
        )


def wait_until_shown(
    connection: Connection, store: str, skus: Collection[str], timeout: float
) -> Waited:
    """Wait until each tile of these SKUs shows what it should, at most `timeout` seconds."""
    start = time.monotonic()
    path, wanted = f"/stores/{store}/tiles:standing", {"skus": sorted(skus)}
    standing = connection.post(path, wanted)
    with progress_bar() as bar:
        task = bar.add_task("Waiting for the shelves", total=sum(standing["tiles"].values()))
        while _missing(standing) and time.monotonic() - start < timeout:
            time.sleep(POLL_S)
            standing = connection.post(path, wanted)
            bar.update(task, completed=standing["tiles"]["shown"])
    return Waited(time.monotonic() - start, standing)


@contextmanager
def published(change_id: str) -> Iterator[None]:
    """Say of a wait that ends early, by Ctrl-C or a lost service, that the prices are published."""
    told = f"edge-shelf: change {change_id} is published, only the waiting has ended"
    try:
        yield
    except (KeyboardInterrupt, CommandError):
        typer.echo(told, err=True)
        raise


def _missing(standing: Json) -> int:
    return int(standing["tiles"]["pending"] + standing["tiles"]["failed"])


def _line(tile: dict[str, Any]) -> str:
    return f"{tile['position']} ({tile['device_id']}) {tile['state']}: {tile['why'] or 'no reason'}"
