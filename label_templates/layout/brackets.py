"""What of a template is decided once for a panel: all that stands in square brackets.

`[% if panel_size == "small" %]`, `[[ width - 12 ]]` and `[% extends "base/wide" %]` are Jinja2 like
`{% if price %}`, but they know the panel and no content. They are carried out when a template is
first drawn on a panel, so that a tile costs nothing for what its panel decides, and templates can
share a base. What comes out is what every tile on that panel is filled from.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateSyntaxError
from typing_extensions import override

from label_templates.layout.errors import MarkupError, Place, TemplateError
from label_templates.layout.sandbox import FAILURES, Sandbox, reason

LINE = "_line"
"""The attribute that tells each element's line and its template: `12 base/small`."""
_RESERVED = re.compile("[\ue000\ue001]")
_TAGS = re.compile(
    r"(?P<brackets>\[\[.*?\]\]|\[%.*?%\]|\[#.*?#\])|(?P<comment>\{#.*?#\})"
    r"|(?P<printed>\{\{.*?\}\})|\{%.*?(?P<trim>[-+]?)%\}|\n|<(?P<element>[a-z]+)(?=[\s/>])",
    re.DOTALL,
)
_STAMP = re.compile(rf'\{{#@([0-9]+) ([^ +#-]\S*?) ?[-+]?#\}}|{LINE}="([0-9]+) ([^"]+)"')


class _Unset(StrictUndefined):
    """A name that nobody set: no, where it is asked for as a flag, and an error anywhere else."""

    __slots__ = ()

    @override
    def __bool__(self) -> bool:  # type: ignore[override]  # theirs fails
        return False


class Brackets:
    """The templates of one bundle as one panel has them. Sources come from `source(name)`."""

    def __init__(self, source: Callable[[str], str], panel: Mapping[str, Any]) -> None:
        self.panel = panel
        self._environment = Sandbox(
            block_start_string="[%",
            block_end_string="%]",
            variable_start_string="[[",
            variable_end_string="]]",
            comment_start_string="[#",
            comment_end_string="#]",
            loader=FunctionLoader(lambda name: (_stamped(name, source(name)), name, None)),
            undefined=_Unset,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def carried_out(self, name: str) -> str:
        """Return a template without square brackets; MarkupError names the line that is wrong."""
        try:
            template = self._environment.get_template(name)
            return "".join(template.root_render_func(template.new_context(dict(self.panel))))
        except TemplateSyntaxError as error:
            place = Place(error.lineno, "", error.name or name)
            raise MarkupError(error.message or "syntax", place) from error
        except FAILURES as error:
            line, running = running_at(error)
            if isinstance(error, TemplateError) and (error.place or running is None):
                raise
            raise MarkupError(reason(error), Place(line, "", running or name)) from error


def running_at(error: BaseException) -> tuple[int, str | None]:
    """Return the line and the template that Jinja2 was carrying out when an error came up."""
    line, name, trace = 1, None, error.__traceback__
    while trace is not None:
        running = trace.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(running, Template):
            line, name = running.get_corresponding_lineno(trace.tb_lineno), running.name
        trace = trace.tb_next
    return line, name


def place_at(source: str, line: int, name: str) -> Place:
    """Return where the line of a template without brackets stood in the one it was written in."""
    lines = source.split("\n")
    found = _STAMP.search(lines[line - 1]) if line <= len(lines) else None
    if found is None:
        found = next(reversed(list(_STAMP.finditer("\n".join(lines[:line])))), None)
    if found is None:
        return Place(line, "", name)
    return Place(int(found[1] or found[3]), "", found[2] or found[4])


def _stamped(name: str, source: str) -> str:
    """Write into each element and after each tag the line it stands on.

    What is brought in and left out shifts the lines below, so they would be told wrong.
    """
    found = _RESERVED.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        raise MarkupError("U+E000 and U+E001 are reserved", Place(line, "", name))
    line = 1

    def stamped(match: re.Match[str]) -> str:
        nonlocal line
        began = line
        line += match[0].count("\n")
        if match["element"]:
            return f'{match[0]} {LINE}="{line} {name}"'
        if match["brackets"] or match["comment"] or match[0] == "\n":
            return match[0]
        trim = "+" if match["printed"] else match["trim"]
        return f"{match[0]}{{#@{began} {name} {trim}#}}"

    return _TAGS.sub(stamped, source)
