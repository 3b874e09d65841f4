"""What may be taken: key lists signed by the root, states sealed for this device and never older.

Only this file says no. The reasons go into the reported twin, so a clerk and the cloud read them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from label_templates.contract import seal, wire
from label_templates.contract.errors import ContractError
from label_templates.contract.tile import Tile
from label_templates.contract.twin import Desired, KeyList
from label_templates.contract.wire import Document
from shelf_agent.errors import Refused
from shelf_agent.machine.values import Device, Order

SealCheck = Callable[[Desired, str, KeyList], None]
KeyCheck = Callable[[KeyList, str], None]


@dataclass(frozen=True)
class Judge:
    """Decides for one device. The checks are the contract's; a simulation may bring its own."""

    device: Device
    check_seal: SealCheck = seal.verify
    check_keys: KeyCheck = seal.verify_keys

    def newer_keys(self, document: Document, held: KeyList | None) -> KeyList | None:
        """Return the document's key list if it replaces the one held, otherwise None.

        Raises Refused where it claims to be newer and the root did not sign it.
        """
        offered = _key_list(document)
        if offered is None or (held is not None and offered.version <= held.version):
            return None
        self.vouch(offered)
        return offered

    def vouch(self, keys: KeyList) -> None:
        """Raise Refused unless this device's root signed the key list."""
        try:
            self.check_keys(keys, self.device.root_key)
        except ContractError as error:
            raise Refused(str(error)) from error

    def read(self, document: Document, keys: KeyList | None) -> Desired:
        """Return a desired state that is sealed for this device; raise Refused otherwise."""
        try:
            desired = wire.read_desired(document)
            if keys is None:
                raise Refused("no key list signed by this device's root was received")
            self.check_seal(desired, self.device.id, keys)
        except ContractError as error:
            raise Refused(str(error)) from error
        return desired

    def compare(self, new: Desired, held: Desired | None, floors: Mapping[str, Order]) -> bool:
        """Tell whether a sealed state is newer than the one held; False if it is the same.

        Floors: the newest revision known at each position. Raises Refused where it goes back.
        """
        if held is not None and new.seal.order == held.seal.order:
            _check_same(new, held)
            return False
        if held is not None and new.seal.order < held.seal.order:
            raise Refused(f"seal {_name(new.seal.order)} is older than {_name(held.seal.order)}")
        for position, tile in new.tiles.items():
            before = held.tiles.get(position) if held is not None else None
            _check_tile(position, tile, before, floors.get(position, (0, 0)))
        return True


def offered_revision(document: Document) -> int:
    """Return the revision that a document, perhaps a broken one, claims to be; 0 if none."""
    claimed = document.get("seal")
    rev = claimed.get("rev") if isinstance(claimed, dict) else None
    return rev if isinstance(rev, int) and not isinstance(rev, bool) and rev > 0 else 0


def _key_list(document: Document) -> KeyList | None:
    try:
        return KeyList.model_validate(document.get("keys"))
    except ValidationError:
        return None  # `read` refuses the document and says which field is wrong


def _check_same(new: Desired, held: Desired) -> None:
    if new.model_copy(update={"keys": held.keys}) != held:
        raise Refused(f"seal {_name(new.seal.order)} came twice with different content")


def _check_tile(position: str, tile: Tile, before: Tile | None, floor: Order) -> None:
    order = (tile.epoch, tile.rev)
    if before is not None:
        held = (before.epoch, before.rev)
        if order == held and not tile.same_words(before):
            raise Refused(f"{position}: revision {_name(order)} came twice with different content")
        floor = max(floor, held)
    if order < floor:
        raise Refused(f"{position}: revision {_name(order)} is older than {_name(floor)}")


def _name(order: Order) -> str:
    return f"{order[0]}.{order[1]}"
