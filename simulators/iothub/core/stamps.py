"""When each member of a section was last written: a twin's `$metadata`.

Azure shows an instant for every leaf, which would take more memory than the twin itself. Most
leaves were written together, so only what differs from its parent is kept: a section written at
once is a single stamp however many leaves it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from simulators.iothub.core.document import JsonObject, JsonValue
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
        self, before: JsonObject, after: JsonObject, patch: JsonObject, at: float, version: int
    ) -> "Stamps":
        """Stamp what a patch wrote; members it did not name keep theirs."""
        members = {}
        for key in after:
            kept = self._touched_member(key, before, after, patch, at, version)
            if kept.members or (kept.at, kept.version) != (at, version):
                members[key] = kept
        return Stamps(at, version, members)

    def _touched_member(
        self,
        key: str,
        before: JsonObject,
        after: JsonObject,
        patch: JsonObject,
        at: float,
        version: int,
    ) -> "Stamps":
        if key not in patch:
            return self.of(key)
        old, new, change = before.get(key), after[key], patch[key]
        if isinstance(old, dict) and isinstance(change, dict):
            return self.of(key).touched(old, new, change, at, version)
        return Stamps(at, version)

    def plain(self) -> list[JsonValue]:
        """Write as JSON for the journal."""
        below = {key: stamps.plain() for key, stamps in self.members.items()}
        return [self.at, self.version, below] if below else [self.at, self.version]

    @classmethod
    def from_plain(cls, plain: list[JsonValue]) -> Self:
        """Read what `plain` wrote."""
        below = plain[2] if len(plain) > 2 else {}
        members = {key: cls.from_plain(value) for key, value in below.items()}
        return cls(plain[0], plain[1], members)


def metadata(value: JsonValue, stamps: Stamps, *, versions: bool) -> JsonObject:
    """Write `$metadata` as Azure shows it; only desired carries `$lastUpdatedVersion`."""
    result: JsonObject = {"$lastUpdated": instant_text(stamps.at)}
    if versions:
        result["$lastUpdatedVersion"] = stamps.version
    if isinstance(value, dict):
        for key, member in value.items():
            result[key] = metadata(member, stamps.of(key), versions=versions)
    return result
