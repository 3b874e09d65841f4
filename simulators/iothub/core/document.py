"""JSON documents as twins use them: strict reading, compact writing, merging by RFC 7396."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn, TypeAlias

from simulators.iothub.core.errors import BadRequestError

JsonValue: TypeAlias = Any
"""Whatever JSON can say; its shape is the business of whoever looks into it."""

JsonObject: TypeAlias = dict[str, JsonValue]


def parse_json(text: bytes) -> JsonValue:
    """Read one JSON value; NaN, infinities, bad UTF-8 and bottomless nesting are refused."""
    try:
        return _DECODER.decode(text.decode())
    except (ValueError, RecursionError) as error:
        raise BadRequestError(f"The body is not JSON: {error}") from error


def parse_object(text: bytes) -> JsonObject:
    """Read one JSON object."""
    value = parse_json(text)
    if not isinstance(value, dict):
        raise BadRequestError("The body must be a JSON object.")
    return value


def member(body: JsonObject, name: str) -> JsonObject:
    """Give a member that must be an object; an empty one where it is null or not there."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise BadRequestError(f"{name} must be a JSON object.")
    return value or {}


def word_of(value: JsonValue, words: Iterable[str]) -> str | None:
    """Give the word that is meant, None where it is none of them.

    Azure does not mind the case; Microsoft's SDK for Node writes import modes with a capital.
    """
    meant = value.lower() if isinstance(value, str) else None
    return next((word for word in words if word.lower() == meant), None)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a JSON number")


# Made once: json.loads and json.dumps make new ones for each call that says how.
_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value: JsonValue) -> bytes:
    """Write a value without spaces, in UTF-8."""
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as error:
        raise BadRequestError("Half a surrogate pair is no character.") from error


def with_members(text: bytes, members: bytes) -> bytes:
    """Add members, already written, to a written object: cheaper than reading it again."""
    return b"{" + members + b"}" if text == b"{}" else text[:-1] + b"," + members + b"}"


def merged(value: JsonValue, patch: JsonValue) -> JsonValue:
    """Apply a merge patch: null removes, objects merge, everything else replaces (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result: JsonObject = dict(value) if isinstance(value, dict) else {}
    for key, change in patch.items():
        if change is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), change)
    return result


def difference(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> JsonObject:
    """Write the merge patch that turns `before` into `after`, naming every member of `after`.

    A device that is told of a replaced section must learn what vanished as well.
    """
    patch: JsonObject = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            patch[key] = difference(old, value)
        else:
            patch[key] = value
    return patch
