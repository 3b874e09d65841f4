"""An agent's settings: one TOML file, overridden by SHELF_AGENT_* in the environment.

Secrets may come from systemd credentials as well: a file `shelf_agent_connection_string` in
$CREDENTIALS_DIRECTORY stands in for the field. Relative paths count from the settings file.
"""

import base64
import binascii
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic import model_validator as model_check
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from label_templates.contract.identifiers import DeviceId, PositionId
from label_templates.contract.panel import PanelSpec, panel_spec
from label_templates.contract.twin import MAX_TILES
from shelf_agent.errors import SettingsError

_SECRETS = os.environ.get("CREDENTIALS_DIRECTORY")


class DisplaySettings(BaseModel):
    """One panel of the device: where it hangs, what drives it, what it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    position: PositionId
    driver: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    panel: str
    """Its name in the catalogue of panels."""
    options: dict[str, str | int | float | bool] = Field(default_factory=dict)
    """What the driver wants to know; each driver checks its own."""

    @field_validator("panel")
    @classmethod
    def _known(cls, name: str) -> str:
        panel_spec(name)
        return name

    @property
    def spec(self) -> PanelSpec:
        """The panel, as the catalogue describes it."""
        return panel_spec(self.panel)


class Settings(BaseSettings):
    """Everything an agent must be told."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="SHELF_AGENT_",
        secrets_dir=_SECRETS if _SECRETS and Path(_SECRETS).is_dir() else None,
    )

    device: DeviceId
    """The device's identity at the hub."""
    connection_string: SecretStr
    """`HostName=...;DeviceId=...;SharedAccessKey=...`, as Azure gives it for the device."""
    root_key: str
    """Public key of the chain's offline root, base64: what sealed states are traced back to."""
    trust: Path | None = None
    """PEM file of the authorities to trust instead of the system's, for a hub of one's own."""
    bundles: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")] | None = None
    """Where template bundles are fetched: the address of `edge-shelf serve`, or a mirror of it."""
    bundles_trust: Path | None = None
    """PEM file of the authorities to trust there instead of the system's."""
    bundles_mb: Annotated[int, Field(ge=1, le=65_536)] = 256
    """How much disk bundles may take; what was used longest ago goes first."""
    state_dir: Path
    """Where the last state is kept, and template bundles below it."""
    displays: Annotated[tuple[DisplaySettings, ...], Field(min_length=1, max_length=MAX_TILES)]

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over credentials, and both over the file."""
        return env_settings, file_secret_settings, init_settings

    @field_validator("root_key")
    @classmethod
    def _is_a_key(cls, text: str) -> str:
        try:
            raw = base64.b64decode(text, validate=True)
        except binascii.Error as error:
            raise ValueError("is not base64") from error
        if len(raw) != 32:
            raise ValueError(f"has {len(raw)} bytes; an Ed25519 public key has 32")
        return text

    @model_check(mode="after")
    def _belong_together(self) -> Self:
        parts = connection_parts(self.connection_string.get_secret_value())
        if parts["DeviceId"] != self.device:
            raise ValueError(
                f"connection_string is for device {parts['DeviceId']!r}, not {self.device!r}"
            )
        positions = [display.position for display in self.displays]
        twice = sorted({position for position in positions if positions.count(position) > 1})
        if twice:
            raise ValueError(f"two displays at {', '.join(twice)}")
        return self

    @property
    def bundle_dir(self) -> Path:
        """Where template bundles are kept."""
        return self.state_dir / "bundles"

    @property
    def bundle_bytes(self) -> int:
        """What template bundles may take."""
        return self.bundles_mb * 2**20

    @property
    def hub_name(self) -> str:
        """The hub's host name, for messages."""
        return connection_parts(self.connection_string.get_secret_value())["HostName"]


def connection_parts(text: str) -> dict[str, str]:
    """Split a device's connection string; raise ValueError naming what is missing."""
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    missing = [name for name in ("HostName", "DeviceId", "SharedAccessKey") if not parts.get(name)]
    if missing:
        raise ValueError(f"connection_string lacks {', '.join(missing)}")
    return parts


def load(path: Path) -> Settings:
    """Read a settings file; raise SettingsError naming file, field and reason."""
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    try:
        return Settings(**_from_folder(written, path.resolve().parent))
    except ValidationError as error:
        raise SettingsError(f"{path}: {_reasons(error)}") from error


def _from_folder(written: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let relative paths count from the settings file."""
    found = dict(written)
    for name in ("trust", "bundles_trust", "state_dir"):
        if isinstance(found.get(name), str):
            found[name] = folder / found[name]
    displays = found.get("displays")
    if isinstance(displays, list):
        found["displays"] = [_display_from_folder(display, folder) for display in displays]
    return found


def _display_from_folder(display: Any, folder: Path) -> Any:
    options = display.get("options") if isinstance(display, dict) else None
    if not isinstance(options, dict) or not isinstance(options.get("directory"), str):
        return display
    return {**display, "options": {**options, "directory": str(folder / options["directory"])}}


def _reasons(error: ValidationError) -> str:
    """Say what is wrong without repeating what was written: it may be a secret."""
    return "; ".join(
        f"{'.'.join(str(part) for part in found['loc']) or 'settings'}: {found['msg']}"
        for found in error.errors(include_url=False, include_input=False)
    )
