"""Reads a query: recursive descent over the words of one line."""

import re
from typing import Final

from simulators.iothub.core.document import JsonValue
from simulators.iothub.core.errors import BadRequestError, NotSimulatedError
from simulators.iothub.core.query.syntax import (
    Both,
    Column,
    Comparison,
    Condition,
    Count,
    Either,
    Literal,
    Membership,
    Not,
    Operand,
    Path,
    Query,
    Test,
)

LONGEST_QUERY: Final = 16 * 1024
DEEPEST: Final = 50

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*")"""
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|\[\[(?P<quoted>[^\]]+)\]\]"
    r"|(?P<word>[$A-Za-z_][\w$]*)"
    r"|(?P<symbol><=|>=|!=|<>|[=<>(),.\[\]*]))"
)
_CONSTANTS: Final[dict[str, JsonValue]] = {"true": True, "false": False, "null": None}
_OPERATORS: Final = frozenset({"=", "!=", "<>", "<", "<=", ">", ">="})
_TESTS: Final = {
    "is_defined": 1,
    "is_null": 1,
    "is_bool": 1,
    "is_number": 1,
    "is_string": 1,
    "is_object": 1,
    "startswith": 2,
    "endswith": 2,
    "contains": 2,
}
_OTHER_AGGREGATES: Final = frozenset({"avg", "sum", "min", "max"})


def parse_query(text: str) -> Query:
    """Read a query; raises BadRequestError, or NotSimulatedError for what Azure could."""
    if len(text) > LONGEST_QUERY:
        raise BadRequestError("The query is too long.")
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    """Split into (kind, text); an end mark closes the list."""
    tokens, position, text = [], 0, text.rstrip().rstrip(";").rstrip()
    while position < len(text):
        if (match := _TOKEN.match(text, position)) is None:
            raise BadRequestError(f"The query is not understood at {text[position:][:40]!r}.")
        kind = match.lastgroup or ""
        tokens.append((kind, match[kind]))
        position = match.end()
    return [*tokens, ("end", "")]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    # -- words

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._position]
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _sees(self, *words: str) -> bool:
        kind, text = self._tokens[self._position]
        return kind in ("word", "symbol") and text.lower() in words

    def _accepts(self, word: str) -> bool:
        if found := self._sees(word):
            self._next()
        return found

    def _expects(self, word: str) -> None:
        if not self._accepts(word):
            raise self._error(f"{word.upper()} is missing")

    def _error(self, what: str) -> BadRequestError:
        _, found = self._tokens[self._position]
        return BadRequestError(f"The query is not understood: {what} before {found or 'its end'!r}")

    # -- the query

    def query(self) -> Query:
        self._expects("select")
        top = self._top()
        columns, count = self._selection()
        self._source()
        condition = self._condition() if self._accepts("where") else None
        if self._sees("group", "order"):
            raise NotSimulatedError("GROUP BY is not simulated yet.")
        if self._tokens[self._position][0] != "end":
            raise self._error("something is too much")
        return Query(columns, count, top, condition)

    def _top(self) -> int | None:
        if not self._accepts("top"):
            return None
        kind, text = self._next()
        if kind != "number" or not text.isdecimal() or len(text) > 9:
            raise self._error("TOP needs a number")
        return int(text)

    def _selection(self) -> tuple[tuple[Column, ...], Count | None]:
        if self._accepts("*"):
            return (), None
        if self._sees("count"):
            return (), self._count()
        columns = [self._column()]
        while self._accepts(","):
            columns.append(self._column())
        return tuple(columns), None

    def _count(self) -> Count:
        self._next()
        self._expects("(")
        self._accepts("*")
        self._expects(")")
        return Count(self._alias("$1"))

    def _column(self) -> Column:
        if self._sees(*_OTHER_AGGREGATES):
            raise NotSimulatedError("Of the aggregates only COUNT is simulated yet.")
        path = self._path()
        return Column(path, self._alias(path.names[-1]))

    def _alias(self, otherwise: str) -> str:
        if not self._accepts("as"):
            return otherwise
        kind, text = self._next()
        if kind not in ("word", "quoted"):
            raise self._error("AS needs a name")
        return text

    def _source(self) -> None:
        self._expects("from")
        self._expects("devices")
        if self._accepts("."):
            raise NotSimulatedError("Only devices can be queried, not their jobs or modules.")

    # -- conditions

    def _condition(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadRequestError("The query is nested too deep.")
        left = self._conjunction()
        while self._accepts("or"):
            left = Either(left, self._conjunction())
        self._depth -= 1
        return left

    def _conjunction(self) -> Condition:
        left = self._negation()
        while self._accepts("and"):
            left = Both(left, self._negation())
        return left

    def _negation(self) -> Condition:
        negations = 0
        while self._accepts("not"):
            negations += 1
        condition = self._simple()
        return Not(condition) if negations % 2 else condition

    def _simple(self) -> Condition:
        if self._accepts("("):
            inner = self._condition()
            self._expects(")")
            return inner
        if self._sees(*_TESTS) and self._tokens[self._position + 1] == ("symbol", "("):
            return self._test()
        return self._comparison()

    def _test(self) -> Test:
        function = self._next()[1].lower()
        self._expects("(")
        operands = [self._operand()]
        while self._accepts(","):
            operands.append(self._operand())
        self._expects(")")
        if len(operands) != _TESTS[function]:
            raise self._error(f"{function} takes {_TESTS[function]} operands")
        return Test(function, tuple(operands))

    def _comparison(self) -> Condition:
        left = self._operand()
        if self._sees("in", "nin"):
            negated = self._next()[1].lower() == "nin"
            return Membership(left, self._values(), negated)
        operator = self._next()[1]
        if operator not in _OPERATORS:
            self._position -= 1
            raise self._error("a comparison is missing")
        return Comparison(left, "!=" if operator == "<>" else operator, self._operand())

    def _values(self) -> tuple[JsonValue, ...]:
        self._expects("[")
        values = [self._value()]
        while self._accepts(","):
            values.append(self._value())
        self._expects("]")
        return tuple(values)

    def _value(self) -> JsonValue:
        operand = self._operand()
        if isinstance(operand, Path):
            raise self._error("a list holds only values")
        return operand.value

    def _operand(self) -> Operand:
        kind, text = self._tokens[self._position]
        if kind == "text":
            self._next()
            return Literal(_unquoted(text))
        if kind == "number":
            self._next()
            return Literal(int(text) if re.fullmatch(r"-?\d{1,18}", text) else float(text))
        if kind == "word" and text.lower() in _CONSTANTS:
            self._next()
            return Literal(_CONSTANTS[text.lower()])
        return self._path()

    def _path(self) -> Path:
        names = [self._name()]
        while self._accepts("."):
            names.append(self._name())
        return Path(tuple(names))

    def _name(self) -> str:
        kind, text = self._tokens[self._position]
        if kind not in ("word", "quoted"):
            raise self._error("a property's name is missing")
        self._next()
        return text


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        inner = inner.replace("''", "'")
    return re.sub(r"\\(.)", r"\1", inner)
