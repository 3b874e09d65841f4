"""The examples of docs/drivers.md do what the page says."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from label_templates.bundles import installed_bundle
from label_templates.contract.panel import panel_spec
from label_templates.contract.tile import Showing, TileContent
from label_templates.contract.twin import StoreWords
from label_templates.drawing.frame import Frame
from label_templates.render import Renderer
from shelf_agent.displays import registry
from shelf_agent.errors import DisplayError, SettingsError
from shelf_agent.settings import DisplaySettings
from tests.unit.agent.cloud import FIRST

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "drivers.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
PANEL = panel_spec("epd-2.9-bw")
WHITE = Frame(PANEL.width, PANEL.height, PANEL.inks, bytes(PANEL.width * PANEL.height))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page's module, entered into the registry as the page says."""
    module, entry, _ = EXAMPLES
    example = ModuleType("shelf_agent.displays.serial")
    exec(module, example.__dict__)  # noqa: S102  the page's own code
    monkeypatch.setitem(sys.modules, example.__name__, example)
    drivers = dict(registry.DRIVERS)
    monkeypatch.setattr(registry, "DRIVERS", drivers)
    exec(entry, {"DRIVERS": drivers, "Driver": registry.Driver})  # noqa: S102
    return example


def opened(**options: str) -> Any:
    return registry.open_display(
        DisplaySettings(position=FIRST, driver="serial", panel=PANEL.name, options=options)
    )


@pytest.mark.usefixtures("driver")
def test_the_example_sends_the_frame_and_believes_only_an_answer(tmp_path: Path) -> None:
    port = tmp_path / "port"
    port.write_bytes(bytes(len(WHITE.indices)) + b"ok")
    opened(port=str(port)).show(WHITE)
    port.write_bytes(b"")
    with pytest.raises(DisplayError, match="did not take the frame"):
        opened(port=str(port)).show(WHITE)


@pytest.mark.usefixtures("driver")
def test_the_example_names_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="needs the option `port`"):
        opened()
    with pytest.raises(DisplayError, match="No such file"):
        opened(port=str(tmp_path / "none")).show(WHITE)


def test_the_page_lists_every_driver() -> None:
    for name in registry.DRIVERS:
        assert f"| `{name}` |" in GUIDE.read_text()


def test_a_part_to_refresh_is_found_as_the_page_shows() -> None:
    names: dict[str, Any] = {}
    exec(EXAMPLES[2], names)  # noqa: S102  the page's own code
    store = StoreWords(id="0204", tz="Europe/Zagreb", currency="EUR", locale="hr-HR")
    old, new = (
        Showing(
            since=None,
            tpl="price/standard",
            content=TileContent(sku="1", name="Čaj od kamilice", price=price),
        )
        for price in (199, 189)
    )
    found = names["to_refresh"](Renderer(installed_bundle()), PANEL, store, old, new)
    assert len(found) == 1
    assert found[0].area < PANEL.width * PANEL.height // 10
