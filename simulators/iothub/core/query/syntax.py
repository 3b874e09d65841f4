"""What a query says, as a tree."""

from dataclasses import dataclass
from typing import Literal as Literals
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
class Aggregate:
    """`count()`, or `avg`, `sum`, `min` or `max` of a property."""

    function: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Column:
    """One selected property or aggregate, and the name it is shown by."""

    what: Path | Aggregate
    name: str


Source: TypeAlias = Literals["devices", "devices.modules", "devices.jobs"]


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query. Without columns it asks for twins (`SELECT *`)."""

    columns: tuple[Column, ...] = ()
    source: Source = "devices"
    top: int | None = None
    condition: Condition | None = None
    groups: tuple[Path, ...] = ()

    @property
    def aggregates(self) -> bool:
        """Tell whether devices are counted and summed up rather than shown."""
        return bool(self.groups) or any(isinstance(each.what, Aggregate) for each in self.columns)
