"""Jinja2's immutable sandbox, also kept from filling the memory by a slip of the pen."""

from collections.abc import Sized
from typing import Any, ClassVar, Final

from jinja2 import TemplateError as JinjaError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from typing_extensions import override

from label_templates.contract.errors import ContractError
from label_templates.layout.errors import TemplateError

FAILURES: Final = (
    JinjaError,
    ContractError,
    ArithmeticError,
    TypeError,
    ValueError,
    RecursionError,
)
"""What carrying out a template may raise."""
LONGEST: Final = 10_000
"""Letters or items that a template may make by `*`: more than any tile can show."""
LARGEST: Final = 10**12
"""The largest number that a template may make by `**`."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Where templates are carried out: no attribute that leads out, and nothing endless."""

    intercepted_binops: ClassVar[frozenset[str]] = frozenset({"*", "**"})  # type: ignore[misc]  # theirs is not typed as the constant it is

    @override
    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, within bounds; ValueError beyond."""
        if operator == "**":
            return _power(left, right)
        for many, times in ((left, right), (right, left)):
            if isinstance(many, Sized) and isinstance(times, int) and len(many) * times > LONGEST:
                raise ValueError(f"makes more than {LONGEST:,} letters or items by *")
        return left * right


def _power(base: Any, exponent: Any) -> Any:
    if abs(exponent) > 64 or abs(base) > LARGEST or abs(result := base**exponent) > LARGEST:
        raise ValueError(f"makes a number beyond {LARGEST:,} by **")
    return result


def reason(error: BaseException) -> str:
    """Say in a template's author's words what went wrong."""
    if isinstance(error, RecursionError):
        return "brings itself in, directly or by another template"
    return error.reason if isinstance(error, TemplateError) else str(error) or "syntax"
