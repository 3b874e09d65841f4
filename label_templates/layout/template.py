"""Templates: Jinja2 in its immutable sandbox, filled so that markup is parsed once, not per tile.

What a template prints never enters the markup. Each value takes a numbered seat: the text that
comes out of Jinja2 has marks where values go, and the values stand beside it. Tiles of one shape
therefore give one and the same markup, parsed once; and no content can ever be read as markup.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from label_templates.layout.brackets import Brackets, place_at, running_at
from label_templates.layout.errors import MarkupError, UnknownTemplateError
from label_templates.layout.sandbox import FAILURES, Sandbox, reason

SEAT = re.compile("\ue000([0-9]+)\ue001")
_SEATS = "seats"
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
        self._source = source
        self._filters = filters

    def ready(self, name: str, panel: Mapping[str, Any]) -> "Ready":
        """Return a template as a panel has it, for all its tiles; `panel` is what it may know.

        Raises MarkupError naming the line that is wrong.
        """
        return Ready(name, Brackets(self._source, panel), self._filters)


class Ready:
    """A template that is ready to be filled with one content after the other."""

    def __init__(
        self, name: str, brackets: Brackets, filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        self._name = name
        self._brackets = brackets
        try:
            self._template = _environment(brackets, filters).get_template(name)
        except FAILURES as error:
            self._raise(error)
        self._knows = {**self._template.globals, **brackets.panel}

    def fill(self, content: Mapping[str, Any]) -> Filled:
        """Fill it with a content; MarkupError names the line where it is wrong."""
        seats: list[Any] = []
        template = self._template
        context = template.new_context({**self._knows, **content, _SEATS: seats}, shared=True)
        try:
            return Filled("".join(template.root_render_func(context)), seats)
        except FAILURES as error:
            self._raise(error)

    def _raise(self, error: Exception) -> NoReturn:
        """Raise a TemplateError with the template and the line where an error came up."""
        line, running = running_at(error)
        if isinstance(error, UnknownTemplateError) and running is None:
            raise error
        if isinstance(error, MarkupError):
            raise error.named(self._name) from error
        why = reason(error)
        if isinstance(error, TemplateSyntaxError):
            line, running, why = error.lineno, error.name, error.message or "syntax"
        running = running or self._name
        place = place_at(self._brackets.carried_out(running), line, running)
        raise MarkupError(why, place, self._name) from error


def _environment(brackets: Brackets, filters: Mapping[str, Callable[..., Any]]) -> Sandbox:
    environment = Sandbox(
        loader=FunctionLoader(lambda name: (brackets.carried_out(name), name, None)),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_seat,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment


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
