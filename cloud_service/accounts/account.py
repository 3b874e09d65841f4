"""Who somebody is, once the door has let them in."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["read", "write"]


@dataclass(frozen=True)
class Account:
    """A user or a token; `name` is written beside what they change."""

    name: str
    kind: Literal["user", "token"]
    scope: Scope

    @property
    def may_write(self) -> bool:
        """Whether this account may change anything."""
        return self.scope == "write"


@dataclass(frozen=True)
class Session:
    """A browser's login; `form_token` proves that a form came from our own page."""

    account: Account
    form_token: str
    seen_at: int


@dataclass(frozen=True)
class Login:
    """A name with its password, told once and kept nowhere."""

    name: str
    password: str
