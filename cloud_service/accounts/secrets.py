"""Random secrets, and the hashes that are kept instead of them.

Session and API tokens are 256 random bits, so one SHA-256 hides them; passwords are chosen by
people, so Argon2id (RFC 9106, the library's low-memory profile) makes guessing slow.
"""

import hashlib
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

TOKEN_PREFIX = "es_"  # noqa: S105 - a mark by which leaked tokens are found, no secret
MIN_PASSWORD = 12
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_token() -> str:
    """Return a new API token, 256 bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_session_secret() -> str:
    """Return what a session's cookie holds, 256 bits."""
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """Return a password a person can read out, such as `k3mq-7xtr-p9fd-hw2n`, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def digest(token: str) -> str:
    """Return the hash under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class Passwords:
    """Hashes and checks passwords; takes as long for unknown names as for known ones."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Tell whether the password is the one that was hashed; None stands for nobody."""
        nobody = self._nobody  # made for the first login of any kind, known name or not
        try:
            return self._hasher.verify(kept or nobody, password) and kept is not None
        except (VerifyMismatchError, InvalidHashError):
            return False
