"""What can go wrong in a use case, in words for the person who asked.

Every door turns a ServiceError into its own form: the API into problem+json with `status`, the
console into an error summary, the CLI into one line. `place` and `reason` say where and why.
"""

from collections.abc import Sequence


class ServiceError(Exception):
    """A use case could not do what was asked; nothing was changed."""

    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(ServiceError):
    """What was named does not exist."""

    status = 404


class Conflict(ServiceError):
    """Somebody else changed it meanwhile; `present` is the version that stands now."""

    status = 409

    def __init__(self, message: str, present: int | None = None) -> None:
        super().__init__(message)
        self.present = present


class Invalid(ServiceError):
    """What was given cannot be taken: `place` says which field, `reason` why."""

    status = 422

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


class Undrawable(ServiceError):
    """Some tiles cannot be drawn; `reasons` names each position and what is wrong there."""

    status = 422

    def __init__(self, reasons: Sequence[tuple[str, str]], tiles: int) -> None:
        super().__init__(f"{len(reasons)} of {tiles} tiles cannot be drawn.")
        self.reasons = tuple(reasons)


class Unavailable(ServiceError):
    """Something this service needs does not answer now; trying again later may help."""

    status = 503
