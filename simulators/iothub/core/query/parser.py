"""Reads a query: what is selected, from where, under which condition, in which groups."""

from typing import Final, cast

from simulators.iothub.core.errors import BadRequestError
from simulators.iothub.core.query.conditions import read_condition
from simulators.iothub.core.query.syntax import Aggregate, Column, Path, Query, Source
from simulators.iothub.core.query.words import Words

AGGREGATES: Final = ("count", "avg", "sum", "min", "max")


def parse_query(text: str) -> Query:
    """Read a query; raises BadRequestError."""
    words = Words(text)
    words.expects("select")
    top = _top(words)
    columns = () if words.accepts("*") else _columns(words)
    source = _source(words)
    condition = read_condition(words) if words.accepts("where") else None
    groups = _groups(words)
    if words.peek()[0] != "end":
        raise words.error("something is too much")
    query = Query(columns, source, top, condition, groups)
    _check(query)
    return query


def _top(words: Words) -> int | None:
    if not words.accepts("top"):
        return None
    kind, text = words.next()
    if kind != "number" or not text.isdecimal() or len(text) > 9:
        raise words.error("TOP needs a number")
    return int(text)


def _columns(words: Words) -> tuple[Column, ...]:
    columns = [_column(words, 1)]
    while words.accepts(","):
        columns.append(_column(words, len(columns) + 1))
    return tuple(columns)


def _column(words: Words, number: int) -> Column:
    if words.sees_call(*AGGREGATES):
        return Column(_aggregate(words), _alias(words, f"${number}"))
    names = words.path()
    return Column(Path(names), _alias(words, names[-1]))


def _aggregate(words: Words) -> Aggregate:
    function = words.next()[1].lower()
    words.expects("(")
    if function == "count":
        words.accepts("*")
        path = None
    else:
        path = Path(words.path())
    words.expects(")")
    return Aggregate(function, path)


def _alias(words: Words, otherwise: str) -> str:
    if not words.accepts("as"):
        return otherwise
    kind, text = words.next()
    if kind not in ("word", "quoted"):
        raise words.error("AS needs a name")
    return text


def _source(words: Words) -> Source:
    words.expects("from")
    words.expects("devices")
    if not words.accepts("."):
        return "devices"
    if not words.sees("jobs", "modules"):
        raise words.error("there are devices, devices.modules and devices.jobs,")
    return cast("Source", f"devices.{words.next()[1].lower()}")


def _groups(words: Words) -> tuple[Path, ...]:
    if not words.accepts("group"):
        return ()
    words.expects("by")
    groups = [Path(words.path())]
    while words.accepts(","):
        groups.append(Path(words.path()))
    return tuple(groups)


def _check(query: Query) -> None:
    """Refuse what is well written and means nothing."""
    if query.source == "devices.jobs" and (query.columns or query.groups):
        raise BadRequestError("Of devices.jobs only SELECT * can be asked.")
    if query.groups and not query.columns:
        raise BadRequestError("SELECT * has no groups.")
    if not query.aggregates:
        return
    for column in query.columns:
        if isinstance(column.what, Path) and column.what not in query.groups:
            raise BadRequestError(f"{column.name} is neither an aggregate nor a group.")
