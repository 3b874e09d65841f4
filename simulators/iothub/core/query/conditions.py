"""Reads the condition of a query: recursive descent."""

import re
from typing import Final

from simulators.iothub.core.document import JsonValue
from simulators.iothub.core.query.syntax import (
    Both,
    Comparison,
    Condition,
    Either,
    Literal,
    Membership,
    Not,
    Operand,
    Path,
    Test,
)
from simulators.iothub.core.query.words import Words

_CONSTANTS: Final[dict[str, JsonValue]] = {"true": True, "false": False, "null": None}
_OPERATORS: Final = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
_TESTS: Final = {
    "is_defined": 1,
    "is_null": 1,
    "is_bool": 1,
    "is_number": 1,
    "is_string": 1,
    "is_object": 1,
    "is_array": 1,
    "is_primitive": 1,
    "startswith": 2,
    "endswith": 2,
    "contains": 2,
}


def read_condition(words: Words) -> Condition:
    """Take a condition; raises BadRequestError."""
    words.deeper()
    left = _conjunction(words)
    while words.accepts("or"):
        left = Either(left, _conjunction(words))
    words.higher()
    return left


def _conjunction(words: Words) -> Condition:
    left = _negation(words)
    while words.accepts("and"):
        left = Both(left, _negation(words))
    return left


def _negation(words: Words) -> Condition:
    negations = 0
    while words.accepts("not"):
        negations += 1
    condition = _simple(words)
    return Not(condition) if negations % 2 else condition


def _simple(words: Words) -> Condition:
    if words.accepts("("):
        inner = read_condition(words)
        words.expects(")")
        return inner
    return _test(words) if words.sees_call(*_TESTS) else _comparison(words)


def _test(words: Words) -> Test:
    function = words.next()[1].lower()
    words.expects("(")
    operands = [_operand(words)]
    while words.accepts(","):
        operands.append(_operand(words))
    words.expects(")")
    if len(operands) != _TESTS[function]:
        raise words.error(f"{function} takes {_TESTS[function]} operands")
    return Test(function, tuple(operands))


def _comparison(words: Words) -> Condition:
    left = _operand(words)
    if words.sees("in", "nin"):
        negated = words.next()[1].lower() == "nin"
        return Membership(left, _values(words), negated)
    _, operator = words.peek()
    if operator not in _OPERATORS:
        raise words.error("a comparison is missing")
    words.next()
    return Comparison(left, "!=" if operator == "<>" else operator, _operand(words))


def _values(words: Words) -> tuple[JsonValue, ...]:
    words.expects("[")
    values = [_value(words)]
    while words.accepts(","):
        values.append(_value(words))
    words.expects("]")
    return tuple(values)


def _value(words: Words) -> JsonValue:
    operand = _operand(words)
    if isinstance(operand, Path):
        raise words.error("a list holds only values")
    return operand.value


def _operand(words: Words) -> Operand:
    kind, text = words.peek()
    if kind == "text":
        words.next()
        return Literal(_unquoted(text))
    if kind == "number":
        words.next()
        return Literal(int(text) if re.fullmatch(r"-?\d{1,18}", text) else float(text))
    if kind == "word" and text.lower() in _CONSTANTS:
        words.next()
        return Literal(_CONSTANTS[text.lower()])
    return Path(words.path())


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        inner = inner.replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner)
