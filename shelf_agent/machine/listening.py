"""The hub's side of the desired twin: patches put in their order, gaps noticed, reads asked for."""

from label_templates.contract import wire
from label_templates.contract.wire import Document
from shelf_agent.machine.backoff import pause_s
from shelf_agent.machine.effects import ReadTwin
from shelf_agent.machine.values import Now

READ_EVERY_S = 12 * 3600.0
"""The twin is read anew now and then: whether every missed patch shows is disputed."""
MOST_EARLY_PATCHES = 32
MOST_READS_FOR_A_GAP = 3


class Listening:
    """The desired section as the hub has it, patch by patch, within one connection."""

    def __init__(self, device: str) -> None:
        self.document: Document = {}
        self._device = device
        self._connected = False
        self._version: int | None = None
        self._early: dict[int, Document] = {}
        self._reading = False
        self._vain_reads = 0
        self._due_at = 0.0

    def connect(self) -> list[ReadTwin]:
        self.disconnect()
        self._connected = True
        return self.read()

    def disconnect(self) -> None:
        self._connected = self._reading = False
        self._version = None
        self._early = {}

    def read(self) -> list[ReadTwin]:
        """Ask for the whole twin, unless that is under way; later after each read in vain."""
        if self._reading or not self._connected:
            return []
        self._reading = True
        return [ReadTwin(pause_s(self._vain_reads, self._device))]

    def read_failed(self) -> None:
        self._reading = False
        self._vain_reads += 1

    def take_whole(self, desired: Document, now: Now) -> bool:
        """Take a whole section; False where it is older than what patches have told already."""
        self._reading = False
        self._vain_reads += 1
        version = _version(desired)
        if self._version is not None and version < self._version:
            return False
        self._due_at = now.steady + READ_EVERY_S
        self._version, self.document = version, wire.plain(desired)
        return True

    def trust(self) -> None:
        """The section was taken: the next read need not wait."""
        self._vain_reads = 0

    def keep(self, patch: Document) -> None:
        version = _version(patch)
        if len(self._early) < MOST_EARLY_PATCHES:
            self._early[version] = wire.plain(patch)

    def merge_next(self) -> bool:
        """Merge the patch that follows; False where there is none."""
        if self._version is None:
            return False
        self._early = {v: patch for v, patch in self._early.items() if v > self._version}
        patch = self._early.pop(self._version + 1, None)
        if patch is None:
            return False
        self._version += 1
        self.document = wire.merged(self.document, patch)
        return True

    def gap(self) -> bool:
        """Tell whether patches wait for one that is missing; in the end they are given up."""
        if self._vain_reads > MOST_READS_FOR_A_GAP:
            self._early = {}
        return bool(self._early)

    def due(self, now: Now) -> bool:
        return self._connected and now.steady >= self._due_at

    def next_turn(self, now: Now) -> float | None:
        idle = self._connected and not self._reading
        return max(self._due_at - now.steady, 0.0) if idle else None


def _version(section: Document) -> int:
    version = section.get("$version", 0)
    return version if isinstance(version, int) else 0
