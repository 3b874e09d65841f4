"""The twin of a shelf agent: what it must show (desired) and what it shows (reported).

Read and written only by `wire.py`. Maps are keyed by position, never arrays, because a twin patch
replaces an array whole.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

from label_templates.contract.identifiers import PositionId, StoreId
from label_templates.contract.money import Currency
from label_templates.contract.tile import Amount, Instant, Tile

SCHEMA = 1
MAX_TILES = 48

Count = Annotated[int, Field(strict=True, ge=0)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-z][0-9a-z-]{0,31}$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=128)]


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreWords(_Words):
    """Where the shelf stands: zone for instants, currency and locale for printing."""

    id: StoreId
    tz: Annotated[str, Field(pattern=r"^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$", max_length=48)]
    currency: Currency
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]


class Seal(_Words):
    """Signature and revision of a desired state. It binds device, store, bundle and all tiles."""

    epoch: Count
    rev: Annotated[int, Field(strict=True, ge=1)]
    until: Instant
    """The lease: a shelf that hears nothing after it says that it is stale."""
    kid: KeyId
    sig: Base64

    @property
    def order(self) -> tuple[int, int]:
        """How seals compare: the higher (epoch, rev) is the newer."""
        return self.epoch, self.rev


class KeyList(_Words):
    """The sealing keys that hold, signed by the offline root; a higher version replaces a lower."""

    version: Annotated[int, Field(strict=True, ge=1)]
    keys: dict[KeyId, Base64]
    """Ed25519 public keys, raw, base64."""
    sig: Base64


class Desired(_Words):
    """All that one device must show."""

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    store: StoreWords
    bundle: Digest
    """The template bundle to draw with."""
    keys: KeyList
    tiles: Annotated[dict[PositionId, Tile], Field(max_length=MAX_TILES)]
    seal: Seal


class TileAck(_Words):
    """What one tile shows, as the agent reports it.

    shown: the glass shows what this revision says for now. scheduled: it does not yet, because a
    refresh waits for the panel's limits. failed: it could not be brought there, `why` says it.
    Revision, price and frame are always those of what really hangs on the glass. Where no tile
    hangs there, epoch and revision are 0, price and frame are absent, and it is never `shown`.
    """

    epoch: Count
    rev: Count
    """Epoch and revision of the tile that is on the glass."""
    price: Amount | None = None
    """The effective price on the glass, minor units."""
    frame: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """Hash of the frame's ink indices, see `drawing.frame.Frame.digest`."""
    at: Instant
    """When the glass came to show it."""
    state: Literal["shown", "scheduled", "failed"]
    why: Annotated[str, Field(max_length=200)] | None = None


class SealAck(_Words):
    """The newest seal the agent took, or why it refuses the one that it was sent."""

    epoch: Count
    rev: Count
    keys: Count
    """Version of the key list it holds; 0 before the first."""
    refused: Annotated[str, Field(max_length=200)] | None = None
    """Set while the desired twin cannot be taken; the shelf goes on showing what it showed."""
    refused_rev: Count | None = None
    bundle: Digest | None = None
    """The template bundle that it draws with, or could."""
    lacks: Digest | None = None
    """A bundle that it was told to draw with and goes on trying to fetch."""


class AgentWords(_Words):
    """What runs on the device."""

    version: Annotated[str, Field(max_length=32)]
    panels: dict[PositionId, Annotated[str, Field(max_length=40)]]
    """The panel at each position, by its name in the catalogue."""


class Health(_Words):
    """How the device is."""

    started: Instant
    stale: bool = False
    """The lease ran out: nothing was heard of the cloud since."""
    memory: Annotated[str, Field(max_length=200)] | None = None
    """Why the last state cannot be kept on disk; absent while it can."""


class Reported(_Words):
    """All that a device says of itself."""

    seal: SealAck
    renderer: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Digest of renderer code, Pillow and fonts: frames compare only between equal renderers."""
    tiles: dict[PositionId, TileAck]
    agent: AgentWords
    health: Health

    @field_validator("tiles", mode="before")
    @classmethod
    def _without_removed(cls, tiles: Any) -> Any:
        if isinstance(tiles, dict):
            return {position: ack for position, ack in tiles.items() if ack is not None}
        return tiles

    @classmethod
    def empty(cls, renderer: str, agent: AgentWords, started: int) -> Self:
        """Return what a device says before it has taken any seal."""
        return cls(
            seal=SealAck(epoch=0, rev=0, keys=0),
            renderer=renderer,
            tiles={},
            agent=agent,
            health=Health(started=started),
        )
