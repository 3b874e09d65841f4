"""How this installation runs: addresses, places and credentials, from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    computed_field,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

GuardLevel = Literal["refuse", "confirm", "approve"]


class FreezeSettings(BaseModel):
    """A span in which no price takes effect, and why: stocktaking, the days before a feast."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: AwareDatetime
    until: AwareDatetime
    why: str


class Settings(BaseSettings):
    """Settings of the cloud service, each EDGE_SHELF_<NAME> in the environment."""

    model_config = SettingsConfigDict(
        env_prefix="EDGE_SHELF_", frozen=True, extra="ignore", populate_by_name=True
    )

    data_dir: Path = Path("var")
    """Where the database and the keys lie unless set otherwise."""
    database_url: str | None = Field(default=None, repr=False)
    """SQLAlchemy URL; SQLite in `data_dir` where it is not set. It may hold a password."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    key_dir: Path | None = None
    """Sealing keys and the key list; `data_dir`/keys where it is not set."""
    iothub_connection_string: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("IOTHUB_CONNECTION_STRING", "iothub_connection_string"),
    )
    """The hub's service connection string, under the name that Azure's tools use."""

    hub_writes_per_s: float = Field(default=200.0, gt=0)
    """Twin updates a second: what azure-iot-hub manages; an S1 unit of Azure takes 50."""
    hub_reads_per_s: float = Field(default=100.0, gt=0)
    """Twin reads a second; an S1 unit of Azure takes 100."""
    hub_sweep_s: float = Field(default=3.0, gt=0)
    """Seconds between two queries over all twins; an S1 unit of Azure takes 20 a minute."""

    guard_ten_fold: GuardLevel | None = "confirm"
    """What happens to a step of about ten times: refuse, confirm or approve; null: nothing."""
    guard_confirm_percent: int | None = Field(default=None, ge=1)
    """A step of so many percent or more is to be confirmed by its author."""
    guard_approve_percent: int | None = Field(default=None, ge=1)
    """A step of so many percent or more needs a second person."""
    guard_approve_products: int | None = Field(default=None, ge=1)
    """A change of more products than this needs a second person."""
    guard_below_cost: GuardLevel | None = "confirm"
    guard_increase_in_hours: GuardLevel | None = None
    """A higher price while the store is open."""
    guard_trusted: tuple[str, ...] = ()
    """Accounts whose price lists wait for nobody, as JSON: tills that charge them already."""
    guard_freezes: tuple[FreezeSettings, ...] = ()
    """Spans in which no price takes effect, as JSON."""

    @computed_field(repr=False)  # type: ignore[prop-decorator]  # pydantic's own stacking
    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{self.data_dir / 'edge-shelf.db'}"

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own stacking
    @property
    def keys(self) -> Path:
        """The directory of sealing keys in force."""
        return self.key_dir or self.data_dir / "keys"
