"""What checks found, printed: errors one by one, warnings by kind, and a line that sums it up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cloud_service.cli.errors import Refused
from cloud_service.cli.printing import counted, print_json, print_table, say

_SHOWN_ERRORS = 200
_COLUMNS = ("Level", "Tile", "Panel", "Template", "Where", "What")

Words = dict[str, Any]
"""A finding, or a tile with its findings, as the API gives it."""


@dataclass
class Outcome:
    """What was found so far, on how many tiles."""

    checked: int = 0
    tiles: list[Words] = field(default_factory=list)

    def add(self, checked: int, tiles: Iterable[Words]) -> None:
        """Count tiles that were checked, and keep those on which something was found."""
        self.checked += checked
        self.tiles += [tile for tile in tiles if tile["findings"]]

    def of(self, level: str) -> list[tuple[Words, Words]]:
        """Return the findings of a level, each with its tile."""
        return [
            (tile, found)
            for tile in self.tiles
            for found in tile["findings"]
            if found["level"] == level
        ]


def tell(outcome: Outcome, *, as_json: bool) -> None:
    """Print what was found; raise Refused where a tile must not hang."""
    errors, warnings = outcome.of("error"), outcome.of("warning")
    if as_json:
        counts = {"checked": outcome.checked, "errors": len(errors), "warnings": len(warnings)}
        print_json({**counts, "tiles": outcome.tiles})
    else:
        rows = [*_each(errors), *_by_kind(warnings)]
        if rows:
            print_table(_COLUMNS, rows)
        found = f"{counted(len(errors), 'error')}, {counted(len(warnings), 'warning')}"
        say(f"{counted(outcome.checked, 'tile')} checked: {found}")
    if errors:
        # A position may show several things in turn; a sample is drawn by template and panel.
        kinds = ("position",) if "position" in errors[0][0] else ("sample", "template", "panel")
        unfit = len({tuple(tile[kind] for kind in kinds) for tile, _ in errors})
        raise Refused(f"{unfit} of {counted(outcome.checked, 'tile')} must not hang")


def finding_line(found: Words) -> str:
    """Write a finding in a line: where, what, and the law."""
    where = _where(found)
    law = f" ({found['citation']})" if found["citation"] else ""
    return f"{where}: {found['detail']}{law}" if where else f"{found['detail']}{law}"


def _each(errors: list[tuple[Words, Words]]) -> Iterable[tuple[str, ...]]:
    for tile, found in errors[:_SHOWN_ERRORS]:
        yield _row(tile, found, _tile(tile), tile["panel"])
    if len(errors) > _SHOWN_ERRORS:
        yield ("", f"... and {len(errors) - _SHOWN_ERRORS} more; --json lists all", "", "", "", "")


def _by_kind(warnings: list[tuple[Words, Words]]) -> Iterable[tuple[str, ...]]:
    """Yield a row for each kind of warning, with the first tile that has it and how many do."""
    kinds: dict[tuple[Any, ...], list[tuple[Words, Words]]] = {}
    for tile, found in warnings:
        # What is missing on the tile as a whole does not depend on its panel.
        panel = tile["panel"] if found["line"] else ""
        key = (found["code"], found["node"], found["line"], tile["template"], panel)
        kinds.setdefault(key, []).append((tile, found))
    for alike in sorted(kinds.values(), key=len, reverse=True):
        tile, found = alike[0]
        yield _row(tile, found, _some(map(_tile, (one for one, _ in alike))),
                   _some(one["panel"] for one, _ in alike))  # fmt: skip


def _some(names: Iterable[str]) -> str:
    """Name the first and count the others: `b01-s1-p01 and 11 more`."""
    first, *others = dict.fromkeys(names)
    return f"{first} and {len(others)} more" if others else first


def _row(tile: Words, found: Words, name: str, panel: str) -> tuple[str, ...]:
    law = f" ({found['citation']})" if found["citation"] else ""
    what = f"{found['detail']}{law}"
    return found["level"], name, panel, tile["template"], _where(found), what


def _tile(tile: Words) -> str:
    """Name a tile: its position in a store, or the sample or file that was drawn."""
    name = str(tile.get("position") or tile.get("sample"))
    return f"{name} from {tile['since']}" if tile.get("since") else name


def _where(found: Words) -> str:
    if found["line"] is None:
        return ""
    line = f"line {found['line']}" + (f" of {found['source']}" if found["source"] else "")
    return f"{line}, {found['node']}" if found["node"] else line
