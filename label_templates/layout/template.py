"""Templates: Jinja2 in its immutable sandbox, filled so that markup is parsed once, not per tile.

What a template prints never enters the markup. Each value takes a numbered seat: the text that
comes out of Jinja2 has marks where values go, and the values stand beside it. Tiles of one shape
therefore give one and the same markup, parsed once; and no content can ever be read as markup.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    Undefined,
    pass_context,
)
from jinja2 import (
    TemplateError as JinjaError,
)
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from label_templates.contract.errors import ContractError
from label_templates.layout.errors import MarkupError, Place, UnknownTemplateError

SEAT = re.compile("\ue000([0-9]+)\ue001")
_RESERVED = re.compile("[\ue000\ue001]")
_SEATS = "seats"
LINE = "_line"
"""The attribute that tells each element's line in the template."""
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\n|<([a-z]+)(?=[\s/>])", re.DOTALL)
_MARKS = [f"\ue000{number}\ue001" for number in range(256)]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled with a content: markup with marks, and the values that sit there."""

    markup: str
    values: list[Any]


class Templates:
    """The templates of one bundle, with one store's filters. Sources come from `source(name)`."""

    def __init__(
        self, source: Callable[[str], str], filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._environment = ImmutableSandboxedEnvironment(
            loader=FunctionLoader(lambda name: _checked(name, source(name))),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_seat,
            auto_reload=False,
            keep_trailing_newline=True,
        )
        self._environment.filters.update(filters)
        self._loaded: dict[str, Template] = {}

    def fill(self, name: str, variables: Mapping[str, Any]) -> Filled:
        """Fill a template; TemplateError names the line where it is wrong."""
        template = self._loaded.get(name) or self._load(name)
        seats: list[Any] = []
        parent = {**template.globals, **variables, _SEATS: seats}
        try:
            context = template.new_context(parent, shared=True)
            return Filled("".join(template.root_render_func(context)), seats)
        except UnknownTemplateError:
            raise
        except (JinjaError, ContractError, ArithmeticError, TypeError, ValueError) as error:
            line = _line(error, template)
            raise MarkupError(str(error), Place(line, ""), name) from error

    def _load(self, name: str) -> Template:
        try:
            template = self._environment.get_template(name)
        except TemplateSyntaxError as error:
            place = Place(error.lineno, "")
            raise MarkupError(error.message or "syntax", place, error.name or name) from error
        return self._loaded.setdefault(name, template)


@pass_context
def _seat(context: Context, value: object) -> str:
    """Give a printed value the next seat; what macros made is markup already and passes."""
    if type(value) is not str:
        if isinstance(value, Markup):
            return value
        _check_present(value)
    seats: list[object] = context.parent[_SEATS]
    number = len(seats)
    seats.append(value)
    return _MARKS[number] if number < len(_MARKS) else f"\ue000{number}\ue001"


def _check_present(value: object) -> None:
    """Refuse what would print as nothing: an absent field, or a name nobody defined."""
    if value is None:
        raise TypeError("prints a value that is absent; guard it with {% if %}")
    if isinstance(value, Undefined):
        str(value)


def _checked(name: str, source: str) -> str:
    found = _RESERVED.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise MarkupError("U+E000 and U+E001 are reserved", Place(line, ""), name)
    return _with_lines(source)


def _with_lines(source: str) -> str:
    """Write each element's line into it, because what Jinja2 leaves out shifts the lines below."""
    line = 1

    def marked(match: re.Match[str]) -> str:
        nonlocal line
        line += match[0].count("\n")
        return f'{match[0]} {LINE}="{line}"' if match[1] else match[0]

    return _TAGS.sub(marked, source)


def _line(error: BaseException, template: Template) -> int:
    """Return the template line that was running when an error came up."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == (template.filename or "<template>"):
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line
