"""When each member of a section was last written: a twin's `$metadata`.

Azure shows an instant for every leaf, which would take more memory than the twin itself. Most
leaves were written together, so only what differs from its parent is kept: a section written at
once is a single stamp however many leaves it has.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Self

from simulators.iothub.core.document import JsonObject, JsonValue, compact
from simulators.iothub.core.instants import instant_text


@dataclass(frozen=True, slots=True)
class Stamps:
    """The stamp of one member, and of those below it that were written at other times."""

    at: float
    version: int
    members: Mapping[str, "Stamps"] = field(default_factory=dict)

    def of(self, key: str) -> "Stamps":
        """Give the stamps of a member: its own, or what it shares with this one."""
        return self.members.get(key) or Stamps(self.at, self.version)

    def touched(
        self, before: JsonObject, after: JsonObject, patch: JsonObject, now: "Stamps"
    ) -> "Stamps":
        """Put the stamp `now` on what a patch wrote; members it did not name keep theirs."""
        members = {}
        shared = Stamps(self.at, self.version) if self.members else self
        for key, value in after.items():
            old, change = before.get(key), patch.get(key)
            if change is None:
                stamps = self.members.get(key, shared)
            elif isinstance(old, dict) and isinstance(change, dict):
                stamps = self.members.get(key, shared).touched(old, value, change, now)
            else:
                continue
            if stamps is not now and stamps != now:
                members[key] = stamps
        return Stamps(now.at, now.version, members) if members else now

    def text(self) -> str:
        """Write as JSON for the journal."""
        if self.members:
            return compact(self.plain()).decode()
        return f"[{self.at!r},{self.version}]"

    def plain(self) -> list[JsonValue]:
        """Give what `text` writes."""
        below = {key: stamps.plain() for key, stamps in self.members.items()}
        return [self.at, self.version, below] if below else [self.at, self.version]

    @classmethod
    def from_plain(cls, plain: list[JsonValue]) -> Self:
        """Read what `plain` gave."""
        below = plain[2] if len(plain) > 2 else {}
        members = {key: cls.from_plain(value) for key, value in below.items()}
        return cls(plain[0], plain[1], members)


def metadata_text(value: JsonValue, stamps: Stamps, *, versions: bool) -> str:
    """Write `$metadata` as Azure shows it; only desired carries `$lastUpdatedVersion`.

    It is longer than the twin itself and part of every answer, so it is put together as text.
    """
    head = _head(stamps, versions=versions)
    if not stamps.members:
        return _alike(value, head)
    members = (
        f",{encode_basestring(key)}:{metadata_text(member, stamps.of(key), versions=versions)}"
        for key, member in _members(value)
    )
    return f"{{{head}{''.join(members)}}}"


def _head(stamps: Stamps, *, versions: bool) -> str:
    updated = f'"$lastUpdated":"{instant_text(stamps.at)}"'
    return f'{updated},"$lastUpdatedVersion":{stamps.version}' if versions else updated


def _alike(value: JsonValue, head: str) -> str:
    """Write the metadata of a value that was written all at once."""
    members = [f",{encode_basestring(key)}:{_alike(each, head)}" for key, each in _members(value)]
    return f"{{{head}{''.join(members)}}}"


def _members(value: JsonValue) -> Iterable[tuple[str, JsonValue]]:
    return value.items() if isinstance(value, dict) else ()
