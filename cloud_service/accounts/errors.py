"""What can go wrong at the door, in words for the person who stands before it."""

from cloud_service.errors import ServiceError


class AccountError(ServiceError):
    """A user, session or token cannot be made or used as asked."""

    status = 422


class WrongLogin(AccountError):
    """The name or the password is wrong; which of the two is not told."""

    status = 401

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class TooManyTries(AccountError):
    """Too many wrong passwords; `wait_s` says how many seconds to wait."""

    status = 429

    def __init__(self, wait_s: int) -> None:
        minutes = -(-wait_s // 60)
        unit = "minute" if minutes == 1 else "minutes"
        super().__init__(f"Too many wrong passwords. Try again in {minutes} {unit}.")
        self.wait_s = wait_s
