"""The settings of simulated shelf agents, whose panels are pictures in the device's own folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cloud_service.delivery.installation import AgentSettings, Display, agent_toml
from cloud_service.delivery.private_file import write_private
from simulators.up.folder import Folder


@dataclass(frozen=True)
class Installer:
    """Writes each device's `agent.toml`, as an installer would on a Pi."""

    folder: Folder
    root_key: str
    trust: Path
    bundles: str
    """Where template bundles are fetched."""

    def write(self, device: str, connection_string: str, panels: Sequence[tuple[str, str]]) -> None:
        """Write the file, which holds the device's key and is therefore its owner's alone."""
        home = self.folder.device(device)
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = AgentSettings(
            device,
            self.root_key,
            home / "state",
            [_picture(home, position, panel) for position, panel in panels],
            self.trust,
            connection_string,
            self.bundles,
        )
        write_private(home / "agent.toml", agent_toml(settings).encode())


def _picture(home: Path, position: str, panel: str) -> Display:
    return Display(position, panel, "capture", {"directory": str(home)})
