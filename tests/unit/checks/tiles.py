"""Templates made for one test, and what is found on the tile they draw."""

from datetime import date
from typing import Any

from label_templates.bundles import Bundle
from label_templates.checks.demands import Asked, Demand, Demands
from label_templates.checks.drawn import Tile
from label_templates.checks.finding import Finding
from label_templates.checks.inspection import inspect
from label_templates.contract.panel import PanelSpec, panel_spec
from label_templates.contract.tile import TileContent
from label_templates.contract.twin import StoreWords
from label_templates.render import Renderer

ZAGREB = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
NEWARK = StoreWords(id="1001", tz="America/New_York", currency="USD", locale="en-US")
PRICE = '<price name="price" size="60">{{ price | money }}</price>'


def content(**more: Any) -> TileContent:
    return TileContent.model_validate({"sku": "1", "name": "Kava", "price": 199, **more})


def asked(*asks: Asked, least_um: int = 0) -> Demands:
    return tuple(Demand(one, f"law of {one}", date(2020, 1, 1), least_um) for one in asks)


def found(
    markup: str,
    demands: Demands = (),
    panel: str | PanelSpec = "epd-2.9-bwr",
    store: StoreWords = ZAGREB,
    template: str = "price/test",
    **more: Any,
) -> tuple[Finding, ...]:
    """Return what is found on a tile of some nodes in a column."""
    renderer = Renderer(Bundle({template: f"<tile>\n{markup}\n</tile>"}))
    spec = panel_spec(panel) if isinstance(panel, str) else panel
    return inspect(renderer, Tile(template, content(**more), spec, store), demands)


def codes(*arguments: Any, **more: Any) -> list[str]:
    """Return the codes of what is found, warnings in brackets."""
    findings = found(*arguments, **more)
    return [one.code if one.level == "error" else f"({one.code})" for one in findings]
