"""A query as words, and a finger on the one that comes next."""

import re
from typing import Final

from simulators.iothub.core.errors import BadRequestError

LONGEST_QUERY: Final = 16 * 1024
DEEPEST: Final = 50

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*")"""
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|\[\[(?P<quoted>[^\]]+)\]\]"
    r"|(?P<word>[$A-Za-z_][\w$]*)"
    r"|(?P<symbol><=|>=|!=|<>|[=<>(),.\[\]*]))"
)


class Words:
    """The words of a query; those of the language are the same in upper and lower case."""

    def __init__(self, text: str) -> None:
        """Split a query; raises BadRequestError for what is no word."""
        if len(text) > LONGEST_QUERY:
            raise BadRequestError("The query is too long.")
        self._tokens = _tokens(text)
        self._position = 0
        self._depth = 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        """Give the kind and text of a word that is to come; the last one is the end."""
        return self._tokens[min(self._position + ahead, len(self._tokens) - 1)]

    def next(self) -> tuple[str, str]:
        """Take the next word."""
        token = self.peek()
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def sees(self, *words: str) -> bool:
        """Tell whether one of these words of the language comes next."""
        kind, text = self.peek()
        return kind in ("word", "symbol") and text.lower() in words

    def sees_call(self, *functions: str) -> bool:
        """Tell whether one of these functions is called next."""
        return self.sees(*functions) and self.peek(1) == ("symbol", "(")

    def accepts(self, word: str) -> bool:
        """Take the next word if it is this one."""
        if found := self.sees(word):
            self.next()
        return found

    def expects(self, word: str) -> None:
        """Take the next word, which must be this one."""
        if not self.accepts(word):
            raise self.error(f"{word.upper()} is missing")

    def name(self) -> str:
        """Take the name of a property."""
        kind, text = self.peek()
        if kind not in ("word", "quoted"):
            raise self.error("a property's name is missing")
        self.next()
        return text

    def path(self) -> tuple[str, ...]:
        """Take names with dots between them."""
        names = [self.name()]
        while self.accepts("."):
            names.append(self.name())
        return tuple(names)

    def deeper(self) -> None:
        """Note that a parenthesis opens; raises BadRequestError if there are too many."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadRequestError("The query is nested too deep.")

    def higher(self) -> None:
        """Note that a parenthesis closes."""
        self._depth -= 1

    def error(self, what: str) -> BadRequestError:
        """Say what is wrong with the query at this place."""
        _, found = self.peek()
        return BadRequestError(f"The query is not understood: {what} before {found or 'its end'!r}")


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
