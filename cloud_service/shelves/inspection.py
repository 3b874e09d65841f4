"""What is wrong with tiles before they hang, by the law of the store they hang in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cloud_service.catalog.planogram import Position
from cloud_service.catalog.stores import Store
from cloud_service.pricing.rules import rules_of
from cloud_service.shelves.plan import Shelf
from cloud_service.shelves.renderers import Renderers
from label_templates.checks.drawn import Tile
from label_templates.checks.finding import Finding
from label_templates.checks.inspection import inspect
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing, TileContent

_AHEAD_S = 400 * 86_400
"""How far ahead a tile is inspected: a promotion of next season is better mended today."""

Findings = tuple[Finding, ...]
_Key = tuple[str, TileContent, str, str, date]


@dataclass(frozen=True)
class Inspected:
    """What is found on what a position shows, from an instant on (None: now)."""

    position: Position
    since: int | None
    tpl: str
    findings: Findings

    @property
    def errors(self) -> Findings:
        """Why it must not hang."""
        return tuple(finding for finding in self.findings if finding.level == "error")


class Inspector:
    """Inspects tiles with the bundle that their store draws with. Serves several threads."""

    def __init__(self, renderers: Renderers) -> None:
        self._renderers = renderers

    def look(self, showing: Showing, panel: str, store: Store, now: int) -> Findings:
        """Return what is found on a tile, by the law of the day on which it begins to show it."""
        tile = Tile(showing.tpl, showing.content, panel_spec(panel), store.words)
        demands = rules_of(store.jurisdiction, _day(store, showing.since or now)).demands
        return inspect(self._renderers.of(store.bundle), tile, demands)

    def walk(self, shelf: Shelf, now: int) -> Iterator[Inspected]:
        """Yield what is found on all that each position shows and will show, errors or not.

        What two positions show alike is inspected once.
        """
        known: dict[_Key, Findings] = {}
        for position in shelf.positions:
            store = shelf.stores[position.store_id]
            for showing in shelf.showings(position, now, _AHEAD_S) or ():
                day = _day(store, showing.since or now)
                key = (showing.tpl, showing.content, position.panel, store.id, day)
                if key not in known:
                    known[key] = self.look(showing, position.panel, store, now)
                yield Inspected(position, showing.since, showing.tpl, known[key])


def _day(store: Store, instant: int) -> date:
    return datetime.fromtimestamp(instant, ZoneInfo(store.tz)).date()
