"""What came of a price list."""

from dataclasses import dataclass

from cloud_service.pricing.imports.rows import RowError
from cloud_service.services.views.changes import ChangeState, FindingView
from cloud_service.services.views.checks import CheckedTile


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or would do. Rows: read = new + changed + unchanged + refused."""

    store_id: str
    change_id: str | None
    revision: int | None
    read: int
    new: int
    changed: int
    unchanged: int
    tiles: int
    dry_run: bool
    errors: tuple[RowError, ...]
    notes: tuple[str, ...]
    """What was odd but taken, counted: `37 rows: quantity 0.20 ko cannot give a unit price`."""
    refused: int = 0
    """How many rows had errors; `errors` lists the first thousand of them.

    read = new + changed + unchanged + refused. `change_id` is None where nothing was taken: in a
    dry run, where any row was refused (unless asked to go on), or where nothing differs.
    """
    unfit: int = 0
    """How many tiles must not hang with the prices that were taken; their old ones do."""
    unfit_tiles: tuple[CheckedTile, ...] = ()
    """The first thousand of them, with errors only."""
    state: ChangeState | None = None
    """What became of it: a list may wait for a second person, or for its author's confirmation."""
    findings: tuple[FindingView, ...] = ()
    """What the guard rails say of it."""
    read_as: str = ""
    """How the file was found to be written: `CSV with semicolons, Windows-1250`."""
