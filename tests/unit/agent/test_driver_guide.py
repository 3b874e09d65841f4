"""The example of docs/drivers.md does what the page says."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from label_templates.contract.panel import panel_spec
from label_templates.drawing.frame import Frame
from shelf_agent.displays import registry
from shelf_agent.errors import DisplayError, SettingsError
from shelf_agent.settings import DisplaySettings
from tests.unit.agent.cloud import FIRST

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "drivers.md"
PANEL = panel_spec("epd-2.9-bw")
WHITE = Frame(PANEL.width, PANEL.height, PANEL.inks, bytes(PANEL.width * PANEL.height))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page's module, entered into the registry as the page says."""
    module, entry = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
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
