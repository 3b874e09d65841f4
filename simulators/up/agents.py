"""The settings file of each simulated shelf agent, as an installer would write it on a Pi."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulators.up.folder import Folder, write_private


@dataclass(frozen=True)
class AgentSettings:
    """What one agent must know. Panels by position; pictures lie in the device's own folder."""

    device: str
    connection_string: str
    root_key: str
    trust: Path
    panels: Sequence[tuple[str, str]]


def write_agent(folder: Folder, settings: AgentSettings) -> None:
    """Write a device's `agent.toml`, which holds its key and is therefore its owner's alone."""
    home = folder.device(settings.device)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(home / "agent.toml", "\n".join(_lines(home, settings)))


def _lines(home: Path, settings: AgentSettings) -> Iterator[str]:
    yield f"device = {_text(settings.device)}"
    yield f"connection_string = {_text(settings.connection_string)}"
    yield f"root_key = {_text(settings.root_key)}"
    yield f"trust = {_text(settings.trust)}"
    yield f"state_dir = {_text(home / 'state')}"
    for position, panel in settings.panels:
        yield ""
        yield "[[displays]]"
        yield f"position = {_text(position)}"
        yield 'driver = "capture"'
        yield f"panel = {_text(panel)}"
        yield f"options = {{ directory = {_text(home)} }}"
    yield ""


def _text(value: object) -> str:
    """Write a TOML basic string; what JSON escapes, TOML escapes the same way."""
    return json.dumps(str(value), ensure_ascii=False)
