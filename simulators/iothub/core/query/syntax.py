"""What a query says, as a tree."""

from dataclasses import dataclass
from typing import TypeAlias

from simulators.iothub.core.document import JsonValue


@dataclass(frozen=True, slots=True)
class Path:
    """A property such as `properties.reported.seal.rev`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, boolean or null."""

    value: JsonValue


Operand: TypeAlias = Path | Literal


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`."""

    left: Operand
    operator: str
    right: Operand


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand IN [...]`; negated for NIN."""

    operand: Operand
    values: tuple[JsonValue, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Test:
    """A function that is true or not: `is_defined(path)`, `startswith(path, 'text')`."""

    function: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """AND."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Either:
    """OR."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class Not:
    """NOT."""

    condition: "Condition"


Condition: TypeAlias = Comparison | Membership | Test | Both | Either | Not


@dataclass(frozen=True, slots=True)
class Column:
    """One projected property and the name it is shown by."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Count:
    """`COUNT()` and the name it is shown by."""

    name: str


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. Without columns and count it asks for twins (`SELECT *`)."""

    columns: tuple[Column, ...] = ()
    count: Count | None = None
    top: int | None = None
    condition: Condition | None = None
