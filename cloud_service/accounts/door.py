"""The door: every use of accounts, each in its own transaction, for those who hold no unit."""

from cloud_service.accounts.account import Account, Login, Scope, Session
from cloud_service.accounts.errors import WrongLogin
from cloud_service.accounts.secrets import Passwords
from cloud_service.accounts.sessions import (
    TOUCH_S,
    close_session,
    find_session,
    open_session,
    touch_session,
)
from cloud_service.accounts.tokens import (
    DEFAULT_LIFE_S,
    authenticate_token,
    issue_token,
    revoke_token,
)
from cloud_service.accounts.users import (
    add_user,
    check_tries,
    ensure_first_user,
    kept_hash,
    let_in,
    note_wrong_try,
)
from cloud_service.clock import Clock
from cloud_service.storage import Storage


class Accounts:
    """Users, sessions and tokens over one storage."""

    def __init__(self, storage: Storage, clock: Clock, passwords: Passwords | None = None) -> None:
        self._storage = storage
        self._clock = clock
        self._passwords = passwords or Passwords()

    def ensure_first_user(self) -> Login | None:
        """Make the first login where there is no user yet; see users.ensure_first_user."""
        with self._storage.alone() as unit:
            return ensure_first_user(unit, self._clock.now(), self._passwords)

    def add_user(self, name: str, password: str) -> None:
        """Add a user; see users.add_user."""
        with self._storage.begin() as unit:
            add_user(unit, name, password, self._clock.now(), self._passwords)

    def log_in(self, name: str, password: str, address: str) -> str:
        """Return the secret of a new session; raise WrongLogin or TooManyTries.

        Hashing takes its time on purpose and happens outside the transactions.
        """
        with self._storage.begin() as unit:
            check_tries(unit, name, address, self._clock.now())
            kept = kept_hash(unit, name)
        if not self._passwords.matches(kept, password):
            with self._storage.begin() as unit:
                note_wrong_try(unit, name, address, self._clock.now())
            raise WrongLogin
        with self._storage.begin() as unit:
            return open_session(unit, let_in(unit, name, address), self._clock.now())

    def session(self, secret: str, *, touch: bool = True) -> Session | None:
        """Return the session of a cookie's secret, or None where it has ended.

        `touch` says that a person did something; a page that merely stays open keeps nobody in.
        """
        now = self._clock.now()
        with self._storage.read() as unit:
            session = find_session(unit, secret, now)
        if session is not None and touch and now - session.seen_at >= TOUCH_S:
            with self._storage.begin() as unit:
                touch_session(unit, secret, now)
        return session

    def log_out(self, secret: str) -> None:
        """End a session."""
        with self._storage.begin() as unit:
            close_session(unit, secret)

    def issue_token(
        self,
        name: str,
        scope: Scope,
        *,
        created_by: str,
        life_s: int | None = DEFAULT_LIFE_S,
    ) -> str:
        """Issue an API token; see tokens.issue_token."""
        with self._storage.begin() as unit:
            now = self._clock.now()
            return issue_token(unit, name, scope, now, created_by=created_by, life_s=life_s)

    def authenticate_token(self, text: str) -> Account | None:
        """Return whose token this is, or None where it is unknown or has ended."""
        with self._storage.read() as unit:
            return authenticate_token(unit, text, self._clock.now())

    def revoke_token(self, name: str) -> None:
        """End a token by its name."""
        with self._storage.begin() as unit:
            revoke_token(unit, name)
