"""What is written for a shelf agent so that it can be installed: its settings and its secret.

The format is that of infra/pi/agent.example.toml. On a Pi the connection string lies in a file
of its own, which systemd hands to the agent: settings may be read by many, the secret by root.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cloud_service.delivery.errors import InstallationError
from cloud_service.delivery.private_file import write_private

PI_STATE = Path("/var/lib/shelf-agent")
"""The one folder that the systemd unit lets an agent write to."""
WAVESHARE_PANELS = frozenset({"epd-2.9-bw", "epd-2.9-bwr"})
"""The e-ink panels that the driver waveshare drives."""
LCD_PANELS = frozenset({"lcd-st7789"})
"""The LCDs that the driver lcd drives."""
_NAMED = 5
"""How many files a message names."""


@dataclass(frozen=True)
class Display:
    """One panel: where it hangs, what it is, what drives it and what that driver is told."""

    position: str
    panel: str
    driver: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AgentSettings:
    """What one agent must be told."""

    device: str
    root_key: str
    state_dir: Path
    displays: Sequence[Display]
    trust: Path | None = None
    """PEM file of the hub's authorities, where they are not the system's."""
    connection_string: str | None = field(default=None, repr=False)
    """None: it is handed over apart."""
    bundles: str | None = None
    """Where template bundles are fetched; None: only the installed one can be drawn with."""
    remark: str | None = None
    """A line for whoever opens the file."""


def usual_driver(panel: str) -> str:
    """Return the driver that comes with us for a panel; `capture` where none drives it."""
    if panel in LCD_PANELS:
        return "lcd"
    return "waveshare" if panel in WAVESHARE_PANELS else "capture"


def pi_settings(
    device: str,
    panels: Sequence[tuple[str, str]],
    root_key: str,
    *,
    driver: str | None = None,
    trust: Path | None = None,
) -> AgentSettings:
    """Return the settings of an agent on a Pi: each panel by `driver`, or by its usual one."""
    wired = [_on_pi(position, panel, driver) for position, panel in panels]
    remark = "Panels of one bus need pins of their own: docs/drivers.md names the options."
    return AgentSettings(device, root_key, PI_STATE, wired, trust, remark=remark)


def agent_toml(settings: AgentSettings) -> str:
    """Write settings as TOML."""
    return "\n".join(_lines(settings))


def installation_files(
    output: Path, settings: AgentSettings, connection_string: str
) -> dict[Path, bytes]:
    """Return a Pi's files below a folder of its own: its settings and, apart, its secret."""
    home = output / settings.device
    return {
        home / "agent.toml": agent_toml(settings).encode(),
        home / "connection_string": connection_string.encode() + b"\n",
    }


def write_installations(files: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Write files for their owner alone.

    Raises InstallationError, with nothing written, where one is there that says something else.
    """
    try:
        differing = [] if overwrite else [path for path in files if _differs(path, files[path])]
        if differing:
            raise InstallationError(_refusal(differing))
        for path, content in files.items():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, content)
    except OSError as error:
        raise InstallationError(f"{error.filename}: {error.strerror}") from error


def _on_pi(position: str, panel: str, driver: str | None) -> Display:
    chosen = driver or usual_driver(panel)
    options = {"directory": str(PI_STATE / "glass")} if chosen == "capture" else {}
    return Display(position, panel, chosen, options)


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


def _refusal(differing: Sequence[Path]) -> str:
    named = ", ".join(map(str, differing[:_NAMED]))
    more = f" and {len(differing) - _NAMED} more" if len(differing) > _NAMED else ""
    return (
        f"{named}{more}: there is something else already, perhaps edited by hand; "
        "nothing was written, --overwrite replaces it"
    )


def _lines(settings: AgentSettings) -> Iterator[str]:
    if settings.remark is not None:
        yield f"# {settings.remark}"
    yield f"device = {_text(settings.device)}"
    if settings.connection_string is not None:
        yield f"connection_string = {_text(settings.connection_string)}"
    yield f"root_key = {_text(settings.root_key)}"
    if settings.trust is not None:
        yield f"trust = {_text(settings.trust)}"
    if settings.bundles is not None:
        yield f"bundles = {_text(settings.bundles)}"
    yield f"state_dir = {_text(settings.state_dir)}"
    for display in settings.displays:
        yield from _display_lines(display)
    yield ""


def _display_lines(display: Display) -> Iterator[str]:
    yield ""
    yield "[[displays]]"
    yield f"position = {_text(display.position)}"
    yield f"driver = {_text(display.driver)}"
    yield f"panel = {_text(display.panel)}"
    if display.options:
        yield "[displays.options]"
        yield from (f"{name} = {_text(value)}" for name, value in display.options.items())


def _text(value: object) -> str:
    """Write a TOML basic string; what JSON escapes, TOML escapes the same way."""
    return json.dumps(str(value), ensure_ascii=False)
