"""Counts, averages, sums, least and greatest, for all devices or for each group of them."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Final

from simulators.iothub.core.document import JsonObject, JsonValue, compact
from simulators.iothub.core.hub import Device
from simulators.iothub.core.query.lookup import MISSING, Instant, look_up
from simulators.iothub.core.query.syntax import Aggregate, Column, Path, Query

_ALL: Final = ""


def summed_up(devices: Iterable[Device], query: Query) -> list[tuple[str, JsonObject]]:
    """Give the groups in a lasting order, each with the key it is sorted by.

    A device without the property that groups are made by is in a group without that member. Without
    GROUP BY all devices are one group, even if there are none.
    """
    groups: dict[str, list[Device]] = {} if query.groups else {_ALL: []}
    for device in devices:
        groups.setdefault(_key(device, query.groups), []).append(device)
    return [(f"#{key}", _shown(groups[key], query)) for key in sorted(groups)]


def _key(device: Device, groups: Sequence[Path]) -> str:
    values = (_value(device, path) for path in groups)
    written = (b"" if value is MISSING else compact(value) for value in values)
    return b"\n".join(written).decode("utf-8", "surrogatepass") if groups else _ALL


def _shown(devices: Sequence[Device], query: Query) -> JsonObject:
    shown = {column.name: _member(devices, column) for column in query.columns}
    return {name: value for name, value in shown.items() if value is not MISSING}


def _member(devices: Sequence[Device], column: Column) -> JsonValue:
    if isinstance(column.what, Path):
        return _value(devices[0], column.what)
    return _aggregate(devices, column.what)


def _aggregate(devices: Sequence[Device], aggregate: Aggregate) -> JsonValue:
    if aggregate.path is None:
        return len(devices)
    values = [_value(device, aggregate.path) for device in devices]
    numbers = [value for value in values if _is_number(value)]
    match aggregate.function:
        case "sum":
            return sum(numbers)
        case "avg":
            return fmean(numbers) if numbers else MISSING
    texts = [value for value in values if isinstance(value, str)]
    pick = min if aggregate.function == "min" else max
    return pick(numbers or texts, default=MISSING)


def _value(device: Device, path: Path) -> JsonValue:
    value = look_up(device, path.names)
    return value.text if isinstance(value, Instant) else value


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
