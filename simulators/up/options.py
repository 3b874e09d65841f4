"""What a person asked for when starting the simulated store, checked before anything is started."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from label_templates.contract.errors import IdentifierError
from label_templates.contract.identifiers import parse_store_id
from simulators.up.errors import WrongStart
from simulators.up.folder import Folder
from simulators.up.ports import Port

ListFormat = Literal["konzum", "csv"]

DEFAULT_DEVICES = 12
DEFAULT_TILES = 24
DEVICES_PER_PROCESS = 4

MQTT_PORT = 8883
"""azure-iot-device connects to this port and to no other."""


@dataclass(frozen=True)
class StoreFacts:
    """What a store is, beside its prices."""

    id: str
    name: str
    tz: str
    currency: str
    locale: str
    jurisdiction: str
    """Whose price rules its tiles follow, as in the price engine."""


@dataclass(frozen=True)
class OwnList:
    """A price list and the store that hangs it."""

    store: StoreFacts
    path: Path
    format: ListFormat


_HOMES: dict[ListFormat, tuple[str, str, str, str]] = {
    "csv": ("America/New_York", "USD", "en-US", "US-NJ"),
    "konzum": ("Europe/Zagreb", "EUR", "hr-HR", "HR"),
}
"""Where a store stands, by the format of its list: zone, currency, locale, jurisdiction."""


@dataclass(frozen=True)
class Options:
    """How to start. Counts are for each store that is hung anew; None keeps what hangs."""

    folder: Folder
    fresh: bool = False
    devices: int | None = None
    tiles: int | None = None
    processes: int | None = None
    """Processes that the devices of all stores are spread over; None: four devices in each."""
    lists: tuple[OwnList, ...] = ()
    host: str = "127.0.0.1"
    port: int = 8000
    hub_host: str = "127.0.0.1"
    rest_port: int = 8443

    @property
    def url(self) -> str:
        """Where the console and the API answer."""
        return f"http://{'localhost' if self.host == '127.0.0.1' else self.host}:{self.port}"

    @property
    def hangs_something(self) -> bool:
        """Whether the person said what is to hang and how."""
        return bool(self.devices or self.tiles or self.lists)

    def ports(self) -> tuple[Port, ...]:
        """Every port that will be listened on."""
        another = "end what uses it, or choose another with"
        return (
            Port(self.hub_host, MQTT_PORT, "the simulated hub's MQTT",
                 f"devices can use no other port; {another} --hub-host 127.0.0.2"),
            Port(self.hub_host, self.rest_port, "the simulated hub's REST",
                 f"{another} --rest-port"),
            Port(self.host, self.port, "the console", f"{another} --port"),
        )  # fmt: skip


def own_lists(stores: list[str], paths: list[Path], formats: list[str]) -> tuple[OwnList, ...]:
    """Pair stores with files and formats; one format alone holds for all. Raise WrongStart."""
    if len(stores) != len(paths):
        raise WrongStart(f"--store and --prices come in pairs, not {len(stores)} and {len(paths)}")
    spread = _spread(formats or ["csv"], len(stores)) if stores or formats else []
    lists = tuple(map(_own_list, stores, paths, spread))
    if len(set(stores)) != len(lists):
        raise WrongStart("a store hangs one price list, and one was named twice")
    return lists


def _spread(formats: list[str], stores: int) -> list[str]:
    if len(formats) == stores:
        return formats
    if len(formats) != 1 or not stores:
        raise WrongStart("--format is given once for all --store options or once for each")
    return formats * stores


def _own_list(store: str, path: Path, name: str) -> OwnList:
    try:
        parse_store_id(store)
    except IdentifierError as error:
        raise WrongStart(f"--store: {error}") from error
    if name not in get_args(ListFormat):
        raise WrongStart(f"--format: {name!r} is none; known are {', '.join(get_args(ListFormat))}")
    if not path.is_file():
        raise WrongStart(f"--prices: there is no file {path}")
    if not os.access(path, os.R_OK):
        raise WrongStart(f"--prices: {path} may not be read by you")
    known = cast("ListFormat", name)
    return OwnList(StoreFacts(store, f"Store {store}", *_HOMES[known]), path.resolve(), known)
