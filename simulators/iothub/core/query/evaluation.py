"""Whether a device meets a condition: true, false, or undefined as in Azure.

A property that is not there makes a comparison undefined, and NOT undefined is undefined too; only
devices for which the whole condition is true are found.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Final

from simulators.iothub.core.document import JsonValue
from simulators.iothub.core.hub import Device
from simulators.iothub.core.instants import parse_instant
from simulators.iothub.core.query.lookup import MISSING, Instant, look_up
from simulators.iothub.core.query.syntax import (
    Both,
    Comparison,
    Condition,
    Either,
    Literal,
    Membership,
    Not,
    Operand,
    Test,
)

_ORDERS: Final[Mapping[str, Callable[[JsonValue, JsonValue], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def meets(device: Device, condition: Condition) -> bool | None:
    """Tell whether a device meets a condition; None where that is undefined."""
    match condition:
        case Comparison(left, sign, right):
            return _compare(_value(device, left), sign, _value(device, right))
        case Membership(operand, values, negated):
            return _is_member(_value(device, operand), values, negated=negated)
        case Test(function, operands):
            return _TESTS[function](*(_value(device, each) for each in operands))
        case Both(left, right):
            return _both(device, left, right)
        case Either(left, right):
            return _either(device, left, right)
        case Not(inner):
            return None if (found := meets(device, inner)) is None else not found


def _both(device: Device, left: Condition, right: Condition) -> bool | None:
    if (first := meets(device, left)) is False:
        return False
    second = meets(device, right)
    return second if second is False or first is True else None


def _either(device: Device, left: Condition, right: Condition) -> bool | None:
    if (first := meets(device, left)) is True:
        return True
    second = meets(device, right)
    return second if second is True or first is False else None


def _value(device: Device, operand: Operand) -> JsonValue:
    return operand.value if isinstance(operand, Literal) else look_up(device, operand.names)


def _compare(left: JsonValue, sign: str, right: JsonValue) -> bool | None:
    left, right = _alike(left, right), _alike(right, left)
    if MISSING in (left, right):
        return None
    same_kind = _kind(left) == _kind(right)
    if sign in ("=", "!="):
        return (same_kind and left == right) is (sign == "=")
    if not same_kind or not isinstance(left, str | int | float):
        return None
    return _ORDERS[sign](left, right)


def _alike(value: JsonValue, other: JsonValue) -> JsonValue:
    """Compare instants as instants, however many digits the query wrote."""
    if isinstance(value, Instant):
        return value.at if isinstance(other, str | Instant) else value.text
    if isinstance(value, str) and isinstance(other, Instant):
        return MISSING if (at := parse_instant(value)) is None else at
    return value


def _kind(value: JsonValue) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def _is_member(value: JsonValue, values: tuple[JsonValue, ...], *, negated: bool) -> bool | None:
    if value is MISSING:
        return None
    return any(_compare(value, "=", each) for each in values) is not negated


def _of_texts(check: Callable[[str, str], bool]) -> Callable[[JsonValue, JsonValue], bool | None]:
    def test(text: JsonValue, part: JsonValue) -> bool | None:
        return check(text, part) if isinstance(text, str) and isinstance(part, str) else None

    return test


_TESTS: Final[Mapping[str, Callable[..., bool | None]]] = {
    "is_defined": lambda value: value is not MISSING,
    "is_null": lambda value: value is None,
    "is_bool": lambda value: isinstance(value, bool),
    "is_number": lambda value: _kind(value) == "number",
    "is_string": lambda value: isinstance(value, str | Instant),
    "is_object": lambda value: isinstance(value, dict),
    "is_array": lambda value: isinstance(value, list),
    "is_primitive": lambda value: value is not MISSING and not isinstance(value, dict | list),
    "startswith": _of_texts(str.startswith),
    "endswith": _of_texts(str.endswith),
    "contains": _of_texts(lambda text, part: part in text),
}
