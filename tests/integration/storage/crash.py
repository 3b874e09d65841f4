"""Imports a list and dies: `python -m tests.integration.storage.crash FOLDER LIST POINT`.

A point is the beginning of a statement, after which the process kills itself, or one of `reading`,
`staging`, `before commit` and `after commit`. Nothing of Python, or of the database's library, is
left to tidy up.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from cloud_service.clock import FixedClock
from cloud_service.pricing.imports.rows import Lot
from cloud_service.pricing.imports.staging import Staging
from cloud_service.services import Services, open_services
from cloud_service.services.importing import File
from tests.book import NOON, settings_in


def die(*_: object) -> None:
    """End as if the power had gone."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(services: Services, point: str) -> None:
    """Lay a trap at a point."""
    engine, merging = services.storage.engine, [False]

    def executed(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        merging[0] = merging[0] or statement.startswith("INSERT INTO price_entries")
        if " ".join(statement.split()).startswith(point):
            die()

    def committing(_connection: Any) -> None:
        if merging[0] and point == "before commit":
            die()

    def executing(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if "DROP TABLE staged_prices" in statement and point == "after commit":
            die()

    event.listen(engine, "after_cursor_execute", executed)
    event.listen(engine, "commit", committing)
    event.listen(engine, "before_cursor_execute", executing)


def main() -> None:
    """Import a list and die."""
    folder, path, point = sys.argv[1:]
    services = open_services(settings_in(Path(folder)), FixedClock(NOON))
    die_at(services, point)
    add = Staging.add

    def add_and_die(staging: Staging, lot: Lot) -> None:
        add(staging, lot)
        if point == "staging":
            die()

    Staging.add = add_and_die  # type: ignore[method-assign, assignment]
    services.import_prices(
        store="0204",
        source=Path(path),
        actor="till",
        progress=die if point == "reading" else None,
        file=File("night.csv"),
    )


if __name__ == "__main__":
    main()
