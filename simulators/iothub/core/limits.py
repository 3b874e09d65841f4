"""What a twin may hold.

Sizes, depth, keys, strings and integers as
https://learn.microsoft.com/azure/iot-hub/iot-hub-devguide-device-twins#tags-and-properties-format
and #device-twin-size say. Every refusal names the place.
"""

import re
from typing import Final

from simulators.iothub.core.document import JsonObject, JsonValue
from simulators.iothub.core.errors import BadRequestError

TAGS_SIZE: Final = 8 * 1024
PROPERTIES_SIZE: Final = 32 * 1024
DEPTH: Final = 10
KEY_BYTES: Final = 1024
STRING_BYTES: Final = 4096
LEAST_INTEGER: Final = -4503599627370496
GREATEST_INTEGER: Final = 4503599627370495
NUMBER_SIZE: Final = 8
BOOLEAN_SIZE: Final = 4

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_NOT_IN_KEYS = re.compile("[\x00-\x1f\x7f-\x9f.$ ]")


_LARGEST_GROWTH: Final = 4
"""A size counts at most so many times the bytes of the JSON: `1,` are two bytes and count eight."""


def check_content(name: str, value: JsonObject) -> None:
    """Refuse what no section (tags, desired, reported) may hold, naming the place.

    It is enough to look at a patch: what it is merged into was looked at before.
    """
    _check(value, name, 0)


def check_size(name: str, value: JsonObject, written: bytes, limit: int) -> None:
    """Refuse a section that is too large; `written` is its JSON, which mostly settles it."""
    if len(written) * _LARGEST_GROWTH <= limit:
        return
    if (size := section_size(value)) > limit:
        raise BadRequestError(f"{name} holds {size} bytes; a twin's {name} hold at most {limit}.")


def section_size(value: JsonValue) -> int:
    """Count as Azure does: keys and strings by character, numbers 8, booleans 4, nulls nothing."""
    if isinstance(value, dict):
        return sum(_text_size(key) + section_size(member) for key, member in value.items())
    if isinstance(value, list):
        return sum(section_size(member) for member in value)
    if isinstance(value, str):
        return _text_size(value)
    if value is None:
        return 0
    return BOOLEAN_SIZE if isinstance(value, bool) else NUMBER_SIZE


def _text_size(text: str) -> int:
    if text.isascii() and text.isprintable():
        return len(text)
    plain = _CONTROL.sub("", text)
    return len(plain) if plain.isascii() else len(plain.encode())


def _check(value: JsonValue, place: str, depth: int) -> None:
    if isinstance(value, dict | list):
        _check_depth(place, depth)
    if isinstance(value, dict):
        for key, member in value.items():
            _check_key(key, place)
            _check(member, f"{place}.{key}", depth + 1)
    elif isinstance(value, list):
        for index, member in enumerate(value):
            _check(member, f"{place}[{index}]", depth + 1)
    elif isinstance(value, str):
        _check_string(value, place)
    elif isinstance(value, int):
        _check_integer(value, place)


def _check_depth(place: str, depth: int) -> None:
    if depth > DEPTH:
        raise BadRequestError(f"{place[:80]}... is nested deeper than {DEPTH} levels.")


def _check_key(key: str, place: str) -> None:
    if not key:
        raise BadRequestError(f"{place} has a key without a name.")
    if _NOT_IN_KEYS.search(key):
        raise BadRequestError(
            f"{place} has the key {key!r}: no '.', '$', space or control character."
        )
    if _bytes(key, place) > KEY_BYTES:
        raise BadRequestError(f"{place} has a key longer than {KEY_BYTES} bytes.")


def _check_string(text: str, place: str) -> None:
    if _bytes(text, place) > STRING_BYTES:
        raise BadRequestError(f"{place} is a text longer than {STRING_BYTES} bytes.")


def _bytes(text: str, place: str) -> int:
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        raise BadRequestError(
            f"{place} holds half a surrogate pair, which is no character."
        ) from error


def _check_integer(value: int, place: str) -> None:
    if not LEAST_INTEGER <= value <= GREATEST_INTEGER:
        raise BadRequestError(
            f"{place} is {value}; integers reach from {LEAST_INTEGER} to {GREATEST_INTEGER}."
        )
