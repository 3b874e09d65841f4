"""The only twin JSON in and out: canonical bytes, merge patches and IoT Hub's limits.

Limits: Microsoft Learn, "Understand and use device twins in IoT Hub", section "Device twin size":
desired and reported 32 KB each, depth 10, string values 4 KB, keys 1 KB without control characters,
`.`, `$` and space, integers between -4503599627370496 and 4503599627370495.
Canonical form: RFC 8785, which for strings, integers and booleans is sorted keys and no spaces.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from label_templates.contract.errors import TwinError
from label_templates.contract.twin import Desired, Reported

Document = dict[str, Any]
_Model = TypeVar("_Model", bound=BaseModel)

MAX_SECTION_BYTES = 32 * 1024
MAX_DEPTH = 10
MAX_KEY_BYTES = 1024
MAX_STRING_BYTES = 4096
_ALWAYS = frozenset({"tiles", "panels"})
"""Maps that are written even when empty, because readers require them."""
MIN_INTEGER, MAX_INTEGER = -4503599627370496, 4503599627370495
TILE_BUDGET_BYTES = 600
"""What one tile with its flips may take, so that 48 fit beside seal and keys."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one byte form of a document of strings, integers, booleans and maps."""
    for path, value in _leaves(document, ""):
        if value is None or isinstance(value, float | list):
            raise TwinError(f"{path}: {type(value).__name__} has no canonical form here")
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_desired(document: Mapping[str, Any]) -> Desired:
    """Read a whole desired section, `$version` and `$metadata` aside; raise TwinError otherwise."""
    return _read(Desired, document)


def read_reported(document: Mapping[str, Any]) -> Reported:
    """Read a whole reported section; raise TwinError naming the field that is wrong."""
    return _read(Reported, document)


def write_desired(desired: Desired) -> Document:
    """Write a desired section; raise TwinError where IoT Hub would not hold it."""
    document = words(desired)
    check_limits(document)
    return document


def write_reported(reported: Reported) -> Document:
    """Write a reported section; raise TwinError where IoT Hub would not hold it."""
    document = words(reported)
    check_limits(document)
    return document


def words(model: BaseModel) -> Document:
    """Write a model of the contract as on the wire: absent fields and `False` left out."""
    document = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return _without_empty(document)


def plain(document: Mapping[str, Any]) -> Document:
    """Return a section without the hub's own `$version` and `$metadata`."""
    return {key: value for key, value in document.items() if not key.startswith("$")}


def merged(document: Mapping[str, Any], patch: Mapping[str, Any]) -> Document:
    """Apply a merge patch (RFC 7396) as IoT Hub does: null deletes, maps merge."""
    result = dict(document)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping):
            below = result.get(key)
            result[key] = merged(below if isinstance(below, Mapping) else {}, value)
        else:
            result[key] = value
    return result


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Document:
    """Return the smallest merge patch that brings `old` to `new`, with nulls for what vanishes."""
    patch: Document = {key: None for key in old if key not in new}
    for key, value in new.items():
        before = old.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping):
            below = difference(before, value)
            if below:
                patch[key] = below
        elif key not in old or before != value or type(before) is not type(value):
            patch[key] = value
    return patch


def check_limits(document: Mapping[str, Any]) -> None:
    """Raise TwinError, naming the place, where IoT Hub would refuse the section."""
    _check_shape(document, "", 1)
    size = twin_size(document)
    if size > MAX_SECTION_BYTES:
        raise TwinError(f"twin section has {size} bytes; IoT Hub takes {MAX_SECTION_BYTES}")


def twin_size(value: Any) -> int:
    """Return a value's size as IoT Hub counts: keys and strings, 8 a number, 4 a boolean."""
    if isinstance(value, Mapping):
        return sum(len(key.encode()) + twin_size(below) for key, below in value.items())
    if isinstance(value, bool):
        return 4
    if isinstance(value, int | float):
        return 8
    return 0 if value is None else len(str(value).encode())


def _read(model: type[_Model], document: Mapping[str, Any]) -> _Model:
    try:
        return model.model_validate(plain(document))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "document"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise TwinError(f"{place}: {first['msg']}{more}") from error


def _without_empty(document: Document) -> Document:
    """Leave out `False` flags and empty maps: on the wire, absent means the default."""
    return {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in document.items()
        if value is not False and (key in _ALWAYS or value != {})
    }


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _leaves(below, f"{path}.{key}" if path else key)
    else:
        yield path, value


def _check_shape(value: Any, path: str, depth: int) -> None:
    if isinstance(value, Mapping):
        if depth > MAX_DEPTH:
            raise TwinError(f"{path}: deeper than {MAX_DEPTH} levels")
        for key, below in value.items():
            place = f"{path}.{key}" if path else key
            _check_key(key, place)
            _check_shape(below, place, depth + 1)
    elif isinstance(value, str) and len(value.encode()) > MAX_STRING_BYTES:
        raise TwinError(f"{path}: string longer than {MAX_STRING_BYTES} bytes")
    elif isinstance(value, int) and not MIN_INTEGER <= value <= MAX_INTEGER:
        raise TwinError(f"{path}: integer {value} is beyond what IoT Hub keeps exact")


def _check_key(key: str, place: str) -> None:
    if len(key.encode()) > MAX_KEY_BYTES:
        raise TwinError(f"{place[:80]}: key longer than {MAX_KEY_BYTES} bytes")
    if any(
        character in ".$ " or ord(character) < 32 or 127 <= ord(character) < 160
        for character in key
    ):
        raise TwinError(f"{place}: key with a dot, dollar, space or control character")
